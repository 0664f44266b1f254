// Pivots, figures and forecasts on the server, for programs and for reports that are sent: worked out by the code the
// desktop has, from what the one who asks may see. Nothing is taken over from anybody else's answer.
import type { Actor } from '#shared/access/actor.ts';
import { checkPivot } from '#shared/analytics/check-pivot.ts';
import { createForecasts, entitiesOfForecasts, type Forecasts } from '#shared/analytics/forecast/answer-forecast.ts';
import { createMetrics, entitiesOfMetrics } from '#shared/analytics/metrics/answer-metrics.ts';
import { createDealHistories } from '#shared/analytics/metrics/deal-histories.ts';
import type { MetricsQuery, MetricsResult } from '#shared/analytics/metrics/metric-question.ts';
import { createStageDurations } from '#shared/analytics/metrics/stage-durations.ts';
import type { PivotAnswer } from '#shared/analytics/pivot-question.ts';
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import { createPivots, entitiesOfPivot } from '#shared/analytics/pivots.ts';
import { createTimeZone, type TimeZone } from '#shared/analytics/time-zone.ts';
import { figuresOf, ORGANIZATION_ID, type OrganizationFigures } from '#shared/entities/organization/organization.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import type { Day } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { RecordSource } from '#shared/query/record-source.ts';
import { readVisibleSource } from '#server/sync/visible-source.ts';
import type { SyncDependencies } from '#server/sync/push.ts';

/** Who asks, and where: `timeZone` decides what day it is (default UTC). */
export interface Asker {
  readonly actor: Actor;
  readonly timeZone?: string;
}

interface Place {
  readonly source: RecordSource;
  readonly zone: TimeZone;
  readonly today: () => Day;
}

async function readPlace(
  deps: SyncDependencies,
  { actor, timeZone = 'UTC' }: Asker,
  wanted: ReadonlySet<EntityName>,
): Promise<Place> {
  if (!actor.permissions.includes('analytics.read') && !actor.permissions.includes('record.analytics')) {
    throw new OutpostError('action_forbidden', 'Your role does not allow you to see figures.');
  }
  const zone = createTimeZone(timeZone);
  const day = zone.dayOf(deps.clock.now());
  return { source: await readVisibleSource(deps, actor, wanted), zone, today: () => day };
}

/**
 * A pivot over what the asker sees.
 * @throws OutpostError `invalid` for what is no pivot, and for a field that does not exist for this person;
 *   `action_forbidden` for somebody who sees no figures.
 */
export async function answerPivot(deps: SyncDependencies, asker: Asker, spec: PivotSpec): Promise<PivotAnswer> {
  checkPivot(spec, asker.actor.fields);
  const { source, zone, today } = await readPlace(deps, asker, entitiesOfPivot(spec));
  return createPivots({ source, today }, zone.dayOf).answer({ spec }).value;
}

/** Figures over what the asker sees; what a figure needs and is not seen is said with it. */
export async function answerMetrics(deps: SyncDependencies, asker: Asker, query: MetricsQuery): Promise<MetricsResult> {
  const { source, zone, today } = await readPlace(deps, asker, entitiesOfMetrics(query.metrics));
  const histories = createDealHistories(source);
  const durations = createStageDurations(source, histories, deps.clock);
  return createMetrics({ source, today }, histories, durations, deps.clock, zone).answer(asker.actor, query).value;
}

export interface ForecastPlace {
  readonly forecasts: Forecasts;
  readonly source: RecordSource;
  readonly figures: OrganizationFigures;
  readonly today: Day;
}

/** Forecasts over what the asker sees, and what they are told in. */
export async function readForecasts(deps: SyncDependencies, asker: Asker): Promise<ForecastPlace> {
  const { source, today } = await readPlace(deps, asker, entitiesOfForecasts);
  return {
    forecasts: createForecasts({ source, today }),
    source,
    figures: figuresOf(source.get('organization', ORGANIZATION_ID)),
    today: today(),
  };
}
