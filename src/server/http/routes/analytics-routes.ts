// Figures, pivots and forecasts for programs (ANA-07): the same numbers the screens show to the one who asks.
import { Type } from 'typebox';
import { isPivotSpec } from '#shared/analytics/check-pivot.ts';
import { horizonOf } from '#shared/kernel/periods.ts';
import { ALL_KEY } from '#shared/analytics/forecast-tree.ts';
import { metricCatalogue, metricIds, type MetricId } from '#shared/analytics/metrics/metric-catalogue.ts';
import { isMetricPeriod } from '#shared/analytics/metrics/period.ts';
import { builtInDashboards } from '#shared/entities/dashboard/built-in-dashboards.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import { answerOf, expected } from '#server/analytics/forecast-question.ts';
import { answerMetrics, answerPivot, readForecasts } from '#server/analytics/user-analytics.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import type { SyncDependencies } from '#server/sync/push.ts';

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const tags = ['analytics'];
/** Each may read every record of the organization. */
const rateLimit = { max: 120, timeWindow: '1 minute' };
const Anything = Type.Unknown();
const Short = Type.String({ maxLength: 64 });

const FiguresQuery = Type.Object({
  period: Type.Optional(
    Type.String({ maxLength: 20, description: 'thisQuarter, lastMonth … or with `from` and `to`' }),
  ),
  from: Type.Optional(Type.String({ maxLength: 10 })),
  to: Type.Optional(Type.String({ maxLength: 10 })),
  owner: Type.Optional(Short),
  team: Type.Optional(Short),
  territory: Type.Optional(Short),
  pipeline: Type.Optional(Short),
  timeZone: Type.Optional(Short),
});
const ForecastQuery = Type.Object({
  days: Type.Optional(Type.Integer({ minimum: 1, maximum: 730, default: 30 })),
  timeZone: Type.Optional(Short),
});
const PivotBody = Type.Object({ spec: Type.Unknown(), timeZone: Type.Optional(Short) });

const ofGroups = (...groups: readonly string[]): readonly MetricId[] =>
  metricIds.filter((id) => groups.includes(metricCatalogue[id].group));

function executiveMetrics(): readonly MetricId[] {
  const tiles = builtInDashboards.find(({ id }) => id === 'executive')?.tiles ?? [];
  return [...new Set(tiles.flatMap((tile) => ('metric' in tile ? [tile.metric] : [])))];
}

const figures = {
  dashboard: { summary: 'The executive summary', metrics: executiveMetrics() },
  leads: { summary: 'Figures of leads', metrics: ofGroups('leads') },
  deals: { summary: 'Figures of deals and of the pipeline', metrics: ofGroups('deals', 'pipeline') },
  team: { summary: 'Performance of teams and people', metrics: ofGroups('team') },
};

export function addAnalyticsRoutes(app: HttpServer, deps: SyncDependencies): void {
  for (const [name, { summary, metrics }] of Object.entries(figures)) {
    app.get(
      `/api/analytics/${name}`,
      {
        config: { rateLimit },
        schema: { summary, tags, querystring: FiguresQuery, response: { 200: Anything, ...failures } },
      },
      async (request) => {
        const { timeZone, period, from, to, ...filter } = request.query;
        const asked = from !== undefined && to !== undefined ? { from, to } : (period ?? 'thisQuarter');
        if (!isMetricPeriod(asked))
          throw new OutpostError('invalid', 'There is no such period.', { fields: ['period'] });
        const { actor } = principalOf(request);
        return answerMetrics(deps, { actor, timeZone: timeZone ?? 'UTC' }, { metrics, period: asked, ...filter });
      },
    );
  }
  app.get(
    '/api/analytics/forecast',
    {
      config: { rateLimit },
      schema: {
        summary: 'What is expected to close within so many days, by person and team, with its range and confidence',
        tags,
        querystring: ForecastQuery,
        response: { 200: Anything, ...failures },
      },
    },
    async (request) => {
      const { actor } = principalOf(request);
      const { days = 30, timeZone } = request.query;
      const { forecasts, today } = await readForecasts(deps, { actor, timeZone: timeZone ?? 'UTC' });
      const query = { ...expected, period: horizonOf(today, days), periodType: null };
      const value = answerOf(forecasts, query, actor);
      const nodeKey = value.rows.find(({ parent }) => parent === null)?.key ?? ALL_KEY;
      return { ...value, period: query.period, detail: forecasts.detail({ query, nodeKey }, actor).value };
    },
  );
  app.post(
    '/api/v1/analytics/pivot',
    {
      config: { rateLimit },
      schema: {
        summary: 'Any pivot over what you may see',
        tags,
        body: PivotBody,
        response: { 200: Anything, ...failures },
      },
    },
    async (request) => {
      const { actor } = principalOf(request);
      const { spec, timeZone } = request.body;
      if (!isPivotSpec(spec)) throw new OutpostError('invalid', 'This is not a pivot.');
      const { result, ...rest } = await answerPivot(deps, { actor, timeZone: timeZone ?? 'UTC' }, spec);
      return {
        ...rest,
        result: { ...result, cells: Array.from(result.cells, (cell) => (Number.isNaN(cell) ? null : cell)) },
      };
    },
  );
}
