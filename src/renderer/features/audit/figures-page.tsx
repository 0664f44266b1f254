import { Select } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { LOOK_AGAIN_MS } from '#renderer/blocks/look-again.ts';
import { RecordName } from '#renderer/blocks/record-name.tsx';
import { ScrollPage } from '#renderer/features/audit/scroll-page.tsx';
import { useAnswer } from '#renderer/features/audit/use-answer.ts';
import { useAuditWords } from '#renderer/features/audit/use-audit-words.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import type { AuditFigures } from '#shared/sync/audit-messages.ts';
import type { ReactNode } from 'react';
import classes from './audit.module.css';

const spans = [1, 7, 30, 90, 365] as const;

/** How much happened, by whom, to what; every row leads to its entries. */
export function FiguresPage() {
  const { t } = useTranslation();
  const [days, setDays] = useState(30);
  const { value, error } = useAnswer(
    'audit.figures',
    useMemo(() => ({ days }), [days]),
    LOOK_AGAIN_MS,
  );
  return (
    <ScrollPage title={t('audit.tabs.figures')} error={error}>
      <Select
        size="xs"
        w={160}
        mb="md"
        label={t('audit.stats.days')}
        allowDeselect={false}
        data={spans.map((count) => ({ value: String(count), label: t('audit.stats.last', { count }) }))}
        value={String(days)}
        onChange={(chosen) => setDays(Number(chosen ?? 30))}
      />
      {value === null ? null : <Figures figures={value} />}
    </ScrollPage>
  );
}

function Figures({ figures }: { readonly figures: AuditFigures }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useAuditWords();
  const navigate = useNavigate();
  const totals = ['entries', 'refused', 'sensitive', 'actors', 'toReview'] as const;
  const show = (filters: Readonly<Record<string, string>>) =>
    void navigate(`/audit/entries?${new URLSearchParams(filters).toString()}`);
  const person = (id: string): ReactNode => (id === '' ? t('audit.operator') : <RecordName entity="user" id={id} />);
  if (figures.entries === 0) return <p role="status">{t('audit.stats.none')}</p>;
  return (
    <>
      <dl className={classes.figures}>
        {totals.map((name) => (
          <div key={name} className={classes.figure} data-testid={`audit-figure-${name}`}>
            <dt>{t(`audit.stats.${name}`)}</dt>
            <dd>{format.number(figures[name])}</dd>
          </div>
        ))}
      </dl>
      <div className={classes.grid}>
        <Counts
          title={t('audit.stats.byDay')}
          head={t('audit.stats.day')}
          rows={figures.byDay.map(({ day, count }) => ({ key: day, count }))}
          label={(day) => format.day(day)}
          onShow={(day) => show({ from: day, until: day })}
        />
        <Counts
          title={t('audit.stats.byCommand')}
          head={t('audit.columns.what')}
          rows={figures.byCommand}
          label={(command) => words.command(command)}
          onShow={(text) => show({ text })}
        />
        <Counts
          title={t('audit.stats.byActor')}
          head={t('audit.columns.actor')}
          rows={figures.byActor}
          label={person}
          onShow={(actor) => (actor === '' ? show({}) : show({ actor, view: 'timeline' }))}
        />
        <Counts
          title={t('audit.stats.byEntity')}
          head={t('audit.columns.entity')}
          rows={figures.byEntity}
          label={(entity) => words.entity(entity)}
          onShow={(entity) => show({ entity })}
        />
        <Counts
          title={t('audit.stats.byOutcome')}
          head={t('audit.columns.outcome')}
          rows={figures.byOutcome}
          label={(outcome) => words.outcome(outcome)}
          onShow={(text) => show({ text })}
        />
      </div>
    </>
  );
}

function Counts(props: {
  readonly title: string;
  /** What a row is. */
  readonly head: string;
  readonly rows: readonly { readonly key: string; readonly count: number }[];
  readonly label: (key: string) => ReactNode;
  readonly onShow: (key: string) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const most = Math.max(1, ...props.rows.map(({ count }) => count));
  return (
    <Panel title={props.title}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{props.head}</th>
            <th scope="col" className={classes.number}>
              {t('audit.stats.count')}
            </th>
          </tr>
        </thead>
        <tbody>
          {props.rows.map(({ key, count }) => (
            <tr key={key}>
              <td>
                <button type="button" className={classes.link2} onClick={() => props.onShow(key)}>
                  {props.label(key)}
                </button>
              </td>
              <td className={classes.number}>
                <span
                  className={classes.bar}
                  style={{ width: `${String(Math.max(2, (100 * count) / most))}px` }}
                  aria-hidden="true"
                />
                {format.number(count)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
