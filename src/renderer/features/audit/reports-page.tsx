import { Alert, Button } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { DayInput } from '#renderer/blocks/day-input.tsx';
import { useRoleName } from '#renderer/blocks/use-role-name.ts';
import { MakeFileMenu } from '#renderer/features/audit/make-file-menu.tsx';
import { ScrollPage } from '#renderer/features/audit/scroll-page.tsx';
import { useAnswer } from '#renderer/features/audit/use-answer.ts';
import { useAuditWords } from '#renderer/features/audit/use-audit-words.ts';
import { toFilter } from '#renderer/features/audit/wish.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import {
  reportInstants,
  reportTypes,
  type ComplianceQuery,
  type ComplianceReport,
} from '#shared/sync/audit-messages.ts';
import classes from './audit.module.css';

/** What an auditor asks for again and again: six reports, each as figures and a table, and as a file. */
export function ReportsPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const query = useMemo((): ComplianceQuery => {
    const { from, until } = toFilter(search);
    const type = reportTypes.find((known) => known === search.get('report'));
    return {
      ...(type === undefined ? {} : { report_type: type }),
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
    };
  }, [search]);
  const { value: reports, error } = useAnswer('audit.reports', query);
  const change = (name: string, value: string | null): void =>
    setSearch((now) => {
      const next = new URLSearchParams(now);
      if (value === null || value === '') next.delete(name);
      else next.set(name, value);
      return next;
    });
  const [report] = query.report_type === undefined ? [] : (reports ?? []);
  return (
    <ScrollPage
      title={query.report_type === undefined ? t('audit.tabs.reports') : t(`audit.reports.${query.report_type}`)}
      error={error}
    >
      <div className={classes.toolbar}>
        {query.report_type === undefined ? null : (
          <Button size="xs" variant="default" onClick={() => change('report', null)}>
            {t('audit.reportPage.back')}
          </Button>
        )}
        {(['from', 'until'] as const).map((name) => (
          <DayInput
            key={name}
            size="xs"
            w={140}
            clearable
            label={t(`audit.filters.${name}`)}
            value={search.get(name)}
            onChange={(day) => change(name, day)}
          />
        ))}
        {query.report_type === undefined ? null : <MakeFileMenu wish={{ report: query }} />}
      </div>
      {query.report_type === undefined ? (
        <div className={classes.grid}>
          {(reports ?? []).map((one) => (
            <Panel key={one.report_type} title={t(`audit.reports.${one.report_type}`)}>
              <p className={classes.lead}>{t(`audit.reportTexts.${one.report_type}`)}</p>
              <Summary report={one} />
              <Button size="xs" variant="default" onClick={() => change('report', one.report_type)}>
                {t('audit.reportPage.make')}
              </Button>
            </Panel>
          ))}
        </div>
      ) : null}
      {report === undefined || report.report_type !== query.report_type ? null : <Report report={report} />}
    </ScrollPage>
  );
}

function Summary({ report }: { readonly report: ComplianceReport }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <dl className={classes.figures}>
      {Object.entries(report.summary).map(([name, value]) => (
        <div key={name} className={classes.figure}>
          <dt>{t(`audit.figures.${name}`)}</dt>
          <dd>{format.number(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Numbers stand below each other by their last figure. */
function isOfNumbers({ rows }: ComplianceReport, place: number): boolean {
  return rows.some((row) => typeof row[place] === 'number');
}

function classOf(report: ComplianceReport, column: string, place: number): string | undefined {
  if (isOfNumbers(report, place)) return classes.number;
  return reportInstants.includes(column) ? classes.nowrap : undefined;
}

function Report({ report }: { readonly report: ComplianceReport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useAuditWords();
  const roleName = useRoleName();
  const text = (column: string, value: ComplianceReport['rows'][number][number]): string => {
    if (value === null || value === '') return '';
    if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no');
    if (typeof value === 'number') return format.number(value);
    if (reportInstants.includes(column)) return format.instant(value);
    if (column === 'action') return words.command(value);
    if (column === 'entity') return words.entity(value);
    if (column === 'outcome') return words.outcome(value);
    if (column === 'factors')
      return value
        .split(', ')
        .map((kind) => t(`factors.kind.${kind}`))
        .join(', ');
    return column === 'role' ? roleName({ role: value, roleName: value }) : value;
  };
  return (
    <>
      <Summary report={report} />
      {report.is_partial ? (
        <Alert color="yellow" mb="md">
          {t('audit.reportPage.partial')}
        </Alert>
      ) : null}
      {report.rows.length === 0 ? (
        <p role="status">{t('audit.reportPage.rowsNone')}</p>
      ) : (
        <div className={classes.scroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                {report.columns.map((column, place) => (
                  <th key={column} scope="col" className={classOf(report, column, place)}>
                    {t(`audit.columns.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {report.rows.map((row, index) => (
                // Rows of a report never change their places.
                // oxlint-disable-next-line react/no-array-index-key
                <tr key={index}>
                  {report.columns.map((column, place) => (
                    <td key={column} className={classOf(report, column, place)}>
                      {text(column, row[place] ?? null)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
