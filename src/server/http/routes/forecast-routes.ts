// Forecasts for programs (ANA-22). A forecast is what somebody stood for: its numbers and deals are frozen. Calculating it
// anew, or under another scenario, tells what the numbers are now and changes nothing of what was submitted.
import { Type } from 'typebox';
import type { ForecastQuery } from '#shared/analytics/forecast/forecast-contract.ts';
import { forecastMethods, scenarioNames } from '#shared/analytics/forecast-methods.ts';
import { columnModes } from '#shared/analytics/forecast-sums.ts';
import { hierarchies, teamKey, territoryNodeKey, userKey } from '#shared/analytics/forecast-tree.ts';
import { isSamePeriod, periodOf, periodTypes, type Period, type PeriodType } from '#shared/kernel/periods.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { isDay } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { RecordSource } from '#shared/query/record-source.ts';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import { answerOf, expected } from '#server/analytics/forecast-question.ts';
import { readForecasts, type ForecastPlace } from '#server/analytics/user-analytics.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import type { Principal } from '#server/identity/principal.ts';
import type { SyncDependencies } from '#server/sync/push.ts';
import { runForProgram } from '#server/sync/run-command.ts';

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const tags = ['analytics'];
const path = '/api/v1/analytics/forecasts';
const Forecast = Type.Record(Type.String(), Type.Unknown());
const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const Short = Type.String({ maxLength: 64 });

const method = Type.Optional(Type.Enum([...forecastMethods]));
const scenario = Type.Enum([...scenarioNames]);
const NewForecast = Type.Object({
  periodType: Type.Optional(Type.Enum([...periodTypes])),
  /** A day within the period; default: today. */
  day: Type.Optional(Type.String({ maxLength: 10 })),
  hierarchy: Type.Optional(Type.Enum([...hierarchies])),
  columnMode: Type.Optional(Type.Enum([...columnModes])),
  method,
  scenario: Type.Optional(scenario),
  /** Whose number it is; default: the own one. */
  of: Type.Optional(Type.Object({ entity: Type.Enum(['user', 'team', 'territory']), id: Short })),
  note: Type.Optional(Type.String({ maxLength: 500 })),
  timeZone: Type.Optional(Short),
});
const Calculation = Type.Object({ method, timeZone: Type.Optional(Short) });
const Scenario = Type.Object({
  scenario,
  customFactor: Type.Optional(Type.Number({ minimum: 0, maximum: 10 })),
  method,
  timeZone: Type.Optional(Short),
});

const keys = { user: userKey, team: teamKey, territory: territoryNodeKey };

function find(source: RecordSource, id: string | null): AnyRecord {
  const record = id === null ? undefined : source.get('forecastSubmission', id);
  if (record === undefined) throw new OutpostError('not_found', 'There is no such forecast.');
  return record;
}

/** Month, quarter or year it is exactly; null for another span, which has no quotas. */
function typeOf(period: Period, { figures }: ForecastPlace): PeriodType | null {
  return (
    periodTypes.find((type) => isSamePeriod(periodOf(type, period.start, figures.fiscalYearStart), period)) ?? null
  );
}

function nodeKeyOf(record: AnyRecord): string {
  const { userId, forTeamId, territoryId } = record;
  if (typeof userId === 'string') return userKey(userId);
  if (typeof forTeamId === 'string') return teamKey(forTeamId);
  return territoryNodeKey(String(territoryId));
}

interface Recalculation {
  readonly id: string;
  readonly principal: Principal;
  readonly timeZone?: string | undefined;
  readonly asked: Partial<Pick<ForecastQuery, 'method' | 'scenario' | 'customFactor'>>;
}

async function recalculate(
  deps: SyncDependencies,
  { id, principal: { actor }, timeZone = 'UTC', asked }: Recalculation,
) {
  const place = await readForecasts(deps, { actor, timeZone });
  const submitted = find(place.source, id);
  const period = { start: String(submitted['periodStart']), end: String(submitted['periodEnd']) };
  const hierarchy = submitted['hierarchy'] === 'territories' ? 'territories' : 'managers';
  const query: ForecastQuery = { ...expected, ...asked, hierarchy, period, periodType: typeOf(period, place) };
  const { rows, currency } = answerOf(place.forecasts, query, actor);
  const nodeKey = nodeKeyOf(submitted);
  const row = rows.find(({ key }) => key === nodeKey);
  if (row === undefined) throw new OutpostError('not_found', 'There is nothing in this forecast any more.');
  return { forecast: submitted, currency, now: row, detail: place.forecasts.detail({ query, nodeKey }, actor).value };
}

export function addForecastRoutes(app: HttpServer, deps: SyncDependencies): void {
  app.get(
    path,
    {
      schema: {
        summary: 'All submitted forecasts you may see',
        tags,
        response: { 200: Type.Object({ forecasts: Type.Array(Forecast) }), ...failures },
      },
    },
    async (request) => {
      const { source } = await readForecasts(deps, { actor: principalOf(request).actor });
      return { forecasts: [...source.all('forecastSubmission').values()] };
    },
  );
  app.post(
    path,
    {
      schema: {
        summary: 'Submit a forecast: its numbers and deals as they are now, frozen',
        tags,
        body: NewForecast,
        response: { 201: Forecast, ...failures },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { actor } = principal;
      const { periodType = 'quarter', day, of, note, timeZone = 'UTC', ...asked } = request.body;
      const place = await readForecasts(deps, { actor, timeZone });
      if (day !== undefined && !isDay(day)) {
        throw new OutpostError('invalid', 'Give the day as 2026-01-31.', { fields: ['day'] });
      }
      const period = periodOf(periodType, day ?? place.today, place.figures.fiscalYearStart);
      const query: ForecastQuery = { ...expected, ...asked, period, periodType };
      const { entity, id } = of ?? { entity: 'user' as const, id: actor.userId };
      const input = place.forecasts.freeze({ query, nodeKey: keys[entity](id) }, note ?? null, actor);
      const made = await runForProgram(deps, principal, place.source, 'submitForecast', input);
      return reply.code(201).send(find((await readForecasts(deps, { actor })).source, made));
    },
  );
  app.post(
    `${path}/:id/calculate`,
    {
      schema: {
        summary: 'What a submitted forecast would be now',
        tags,
        params: Id,
        body: Calculation,
        response: { 200: Forecast, ...failures },
      },
    },
    async (request) => {
      const { timeZone, ...asked } = request.body;
      return recalculate(deps, { id: request.params.id, principal: principalOf(request), timeZone, asked });
    },
  );
  app.post(
    `${path}/:id/scenario`,
    {
      schema: {
        summary: 'What a submitted forecast would be now under a scenario',
        tags,
        params: Id,
        body: Scenario,
        response: { 200: Forecast, ...failures },
      },
    },
    async (request) => {
      const { timeZone, ...asked } = request.body;
      return recalculate(deps, { id: request.params.id, principal: principalOf(request), timeZone, asked });
    },
  );
}
