import { UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { shownKinds } from '#renderer/features/changes/changes-charts.tsx';
import type { OwnerChange, PipelineChangeResult } from '#shared/analytics/past/change-question.ts';
import { changeKinds, type ChangeKind } from '#shared/analytics/past/pipeline-change.ts';
import classes from './changes.module.css';

/** The same for each owner, as asked for that owner alone. A line leads to its deals. */
export function OwnerTable(props: {
  readonly data: PipelineChangeResult;
  readonly selected: string | null;
  readonly onSelect: (ownerId: string | null) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, selected, onSelect } = props;
  // Between owners deals are handed on, which the sum of all does not tell.
  const kinds = changeKinds.filter(
    (kind) => shownKinds(data).includes(kind) || data.owners.some(({ parts }) => parts[kind].count > 0),
  );
  const write = (value: number): string => format.money(value, data.currency, 'short');
  const cell = (owner: OwnerChange, kind: ChangeKind): string =>
    owner.parts[kind].count === 0 ? '–' : write(owner.parts[kind].value);
  return (
    <div className={classes.frame}>
      <table className={classes.table} aria-label={t('changes.byOwner')}>
        <thead>
          <tr>
            <th scope="col">{t('changes.owner')}</th>
            <th scope="col" className="op-number">
              {t('changes.start')}
            </th>
            {kinds.map((kind) => (
              <th key={kind} scope="col" className="op-number" title={t(`changes.hints.${kind}`)}>
                {t(`changes.kinds.${kind}`)}
              </th>
            ))}
            <th scope="col" className="op-number">
              {t('changes.end')}
            </th>
          </tr>
        </thead>
        <tbody>
          {data.owners.map((owner) => {
            const key = owner.ownerId ?? '';
            return (
              <tr key={key} data-selected={selected === key}>
                <th scope="row">
                  <UnstyledButton
                    className={classes.link}
                    aria-pressed={selected === key}
                    onClick={() => onSelect(selected === key ? null : key)}
                  >
                    {owner.ownerId === null
                      ? t('changes.nobody')
                      : (data.labels[owner.ownerId] ?? t('common.notAvailable'))}
                  </UnstyledButton>
                </th>
                <td className="op-number">{write(owner.start.value)}</td>
                {kinds.map((kind) => (
                  <td key={kind} className="op-number">
                    {cell(owner, kind)}
                  </td>
                ))}
                <td className="op-number">{write(owner.end.value)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
