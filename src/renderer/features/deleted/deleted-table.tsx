import { Button, Checkbox } from '@mantine/core';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { MaskedText } from '#renderer/blocks/masked-text.tsx';
import { placeOf } from '#renderer/features/deleted/use-deleted.ts';
import { entities } from '#shared/entities/registry.ts';
import type { DeletedRecord } from '#shared/sync/deleted-messages.ts';
import classes from './deleted.module.css';

/** Up and down go through the rows and stay in their column: the boxes, or the buttons. */
function stepRow(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const { target, currentTarget } = event;
  if (step === 0 || !(target instanceof HTMLElement)) return;
  const column = target instanceof HTMLInputElement ? 'input' : 'button';
  const controls = [...currentTarget.querySelectorAll<HTMLElement>(`tbody ${column}`)];
  const next = controls[controls.indexOf(target) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

export function DeletedTable(props: {
  readonly records: readonly DeletedRecord[];
  readonly chosen: ReadonlySet<string>;
  readonly nameOf: (userId: string) => string | undefined;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
  readonly onRestore: (record: DeletedRecord) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const { records, chosen, nameOf, onChoose, onRestore } = props;
  const places = records.map(placeOf);
  const areAll = places.every((place) => chosen.has(place));

  function toggle(place: string): void {
    const next = new Set(chosen);
    if (!next.delete(place)) next.add(place);
    onChoose(next);
  }

  return (
    // The keys belong to the boxes and buttons within.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <table className={classes.table} aria-label={t('nav.deleted')} onKeyDown={stepRow}>
      <thead>
        <tr>
          <th scope="col">
            <Checkbox
              size="xs"
              aria-label={t('deleted.chooseAll')}
              checked={areAll}
              indeterminate={!areAll && places.some((place) => chosen.has(place))}
              onChange={() => onChoose(new Set(areAll ? [] : places))}
            />
          </th>
          {(['name', 'kind', 'by', 'at'] as const).map((column) => (
            <th key={column} scope="col">
              {t(`deleted.columns.${column}`)}
            </th>
          ))}
          <th scope="col" aria-label={t('deleted.restore')} />
        </tr>
      </thead>
      <tbody>
        {records.map((record) => {
          const place = placeOf(record);
          const kind = names.entity(entities[record.entity]);
          const title = record.title ?? t('deleted.noTitle');
          return (
            <tr key={place} data-deleted={record.id}>
              <td>
                <Checkbox
                  size="xs"
                  aria-label={t('deleted.choose', { title })}
                  checked={chosen.has(place)}
                  onChange={() => toggle(place)}
                />
              </td>
              <th scope="row" className={record.title === null ? 'op-muted' : undefined}>
                <span className={classes.name} title={title}>
                  {record.isTitleMasked ? <MaskedText text={title} /> : title}
                </span>
              </th>
              <td>{kind}</td>
              <td>{record.deletedBy === null ? '' : (nameOf(record.deletedBy) ?? t('common.notAvailable'))}</td>
              <td>
                <time dateTime={record.deletedAt} title={format.instant(record.deletedAt)}>
                  {format.ago(record.deletedAt)}
                  <span className={classes.instant}>{format.instant(record.deletedAt)}</span>
                </time>
              </td>
              <td className="op-number">
                <Button
                  size="compact-xs"
                  variant="subtle"
                  aria-label={t('deleted.restoreOne', { title, kind })}
                  onClick={() => onRestore(record)}
                >
                  {t('deleted.restore')}
                </Button>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
