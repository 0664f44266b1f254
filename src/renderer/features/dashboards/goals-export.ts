// Goals of a dashboard in a file: those whose standing this person is told.
import { askOnce } from '#renderer/data/ask-once.ts';
import {
  emptyPart,
  exportRefusal,
  heldPart,
  type PartContext,
  type TilePart,
} from '#renderer/features/dashboards/export-parts.ts';
import type { ExportedField } from '#shared/access/exported-fields.ts';
import type { GoalsQuery } from '#shared/analytics/goals/goal-question.ts';
import type { MetricFilter } from '#shared/analytics/metrics/metric-question.ts';
import type { GoalsTile } from '#shared/entities/dashboard/tiles.ts';
import { entities } from '#shared/entities/registry.ts';
import type { ExportColumn, ExportRow } from '#shared/export/export-table.ts';

export function goalsQueryOf({ owner, team }: MetricFilter): GoalsQuery {
  return {
    time: 'current',
    ...(owner === undefined ? {} : { person: owner }),
    ...(team === undefined ? {} : { team }),
  };
}

export async function goalsPart(context: PartContext, tile: GoalsTile, title: string): Promise<TilePart> {
  const { t, client, signal, filters, names, format } = context;
  const refusal = exportRefusal(context, 'deal');
  if (refusal !== null) return { part: emptyPart(tile, title, refusal), fields: [], leftOut: [] };
  const { goals, currency } = await askOnce(client, 'goals', goalsQueryOf(filters), signal);
  const told = goals.flatMap((goal) => (goal.figure.kind === 'ready' ? [{ goal, figure: goal.figure }] : []));
  const columns: readonly ExportColumn[] = [
    { key: 'who', label: t('goals.columns.who'), type: 'text' },
    { key: 'goal', label: t('goals.columns.goal'), type: 'text' },
    { key: 'measure', label: names.field(entities.goal, 'metric'), type: 'text' },
    { key: 'actual', label: t('goals.columns.progress'), type: 'text' },
    { key: 'target', label: t('goals.form.target'), type: 'text' },
    { key: 'attained', label: t('goals.columns.attained'), type: 'percent' },
    { key: 'state', label: t('goals.columns.state'), type: 'text' },
  ];
  const rows = told.map(({ goal, figure }): ExportRow => {
    const amount = (value: number): string => (goal.isMoney ? format.money(value, currency) : format.number(value));
    return {
      cells: [
        goal.subject.name ?? t('common.notAvailable'),
        goal.name,
        names.option(entities.goal, 'metric', goal.metric),
        amount(figure.actual),
        amount(goal.target),
        figure.attainment * 100,
        figure.state === null ? t('goals.notBegun') : t(`forecast.pace.${figure.state}`),
      ],
    };
  });
  const hasMoney = told.some(({ goal }) => goal.isMoney);
  const fields: readonly ExportedField[] = hasMoney
    ? ['amount', 'currency', 'closeDate'].map((field) => ({ entity: 'deal', field }))
    : [];
  const subtitle = told.length === goals.length ? [] : [t('dashboards.unavailable.field')];
  return { part: heldPart(tile, title, columns, rows, { subtitle }), fields, leftOut: [] };
}
