// Figures of dashboards, from the records as this user sees them. An answer is kept until a record it is made of changes,
// and asked for again at most every quarter of a second, however many changes arrive.
import { createDealFacts, type DealFacts } from '#shared/analytics/metrics/deal-facts.ts';
import { createLocalDays } from '#shared/analytics/metrics/local-days.ts';
import type { DealHistories } from '#shared/analytics/metrics/deal-histories.ts';
import { withBelow } from '#shared/query/with-below.ts';
import { stagesOfPipeline, titleOf } from '#shared/query/record-titles.ts';
import type { LiveAnswer } from '#shared/query/live-answer.ts';
import type { AnalyticsContext } from '#shared/analytics/analytics-context.ts';
import { moneyEntities } from '#shared/analytics/organization-money.ts';
import { yearStartOf } from '#shared/query/asked-on.ts';
import type { StageDurations } from '#shared/analytics/metrics/stage-durations.ts';
import type { Actor } from '#shared/access/actor.ts';
import { isOwnership, isPlainlyVisible, openFieldPolicy } from '#shared/access/field-policy.ts';
import { calculateMetrics } from '#shared/analytics/metrics/calculate-metrics.ts';
import { isMetricId, metricCatalogue, type MetricId } from '#shared/analytics/metrics/metric-catalogue.ts';
import type { DealFact, MetricInput } from '#shared/analytics/metrics/metric-input.ts';
import { rangeBefore, rangeOf } from '#shared/analytics/metrics/period.ts';
import { hasOpenPipelineBefore, openPipelineOn } from '#shared/analytics/metrics/open-pipeline-before.ts';
import { stageKeyOf } from '#shared/analytics/metrics/stage-metrics.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { addDays, type Day } from '#shared/kernel/calendar.ts';
import type { TimeZone } from '#shared/analytics/time-zone.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type {
  MetricAnswer,
  MetricFilter,
  MetricsQuery,
  MetricsResult,
} from '#shared/analytics/metrics/metric-question.ts';

export interface Metrics {
  answer(actor: Actor, query: MetricsQuery): LiveAnswer<MetricsResult>;
}

interface Kept {
  readonly day: Day;
  readonly fields: Actor['fields'];
  readonly permissions: Actor['permissions'];
  readonly atMs: number;
  isStale: boolean;
  readonly answer: LiveAnswer<MetricsResult>;
}

const KEPT_ANSWERS = 12;
/** How long deals have been standing changes without any record. */
const KEPT_FOR_MS = 600_000;
/** Why this user gets no such figure; null when they do. */
function findUnavailable(actor: Actor, id: MetricId, filter: MetricFilter): MetricAnswer | null {
  const { right, needs, about } = metricCatalogue[id];
  const missing = (['record.analytics', ...(right === undefined ? [] : [right])] as const).find(
    (name) => !actor.permissions.includes(name),
  );
  if (missing !== undefined) return { state: 'unavailable', reason: 'right', right: missing };
  const policy = actor.fields ?? openFieldPolicy;
  // An answer narrowed by a field tells about its values.
  const filtered = filter.territory === undefined ? [] : [`${about}.territoryId`];
  const isSeen = [...needs, ...filtered].every((name) => {
    const [entity, field = ''] = name.split('.');
    return isOwnership(field) || isPlainlyVisible(policy, entity as EntityName, field);
  });
  return isSeen ? null : { state: 'unavailable', reason: 'field' };
}

/** Entities the figures are made of. */
export function entitiesOfMetrics(ids: readonly MetricId[]): ReadonlySet<EntityName> {
  const entities = new Set<EntityName>(['user', 'team', 'territory', 'pipeline', ...moneyEntities]);
  for (const id of ids) {
    const { about, group } = metricCatalogue[id];
    entities.add(about);
    if (group === 'team') entities.add('activity');
    if (about === 'deal') entities.add('stageChange');
    if (hasOpenPipelineBefore(id)) entities.add('pipelineSnapshot');
  }
  return entities;
}

/** What decides whose a record is and where it belongs: of a record as of a fact. */
interface Placed {
  readonly ownerId: string | null;
  readonly teamId: string | null;
  readonly territoryId?: unknown;
}

function filterOf<Item>(items: Iterable<Item>, isWanted: (item: Item) => boolean): readonly Item[] {
  const found: Item[] = [];
  for (const item of items) if (isWanted(item)) found.push(item);
  return found;
}

/** Asked for every open deal of a question; the answer is one for each stage. */
function rememberDays(durations: StageDurations): StageDurations['staleAfterDays'] {
  const known = new Map<string, number>();
  return (pipelineId, stageId) => {
    const key = stageKeyOf(pipelineId, stageId);
    let days = known.get(key);
    if (days === undefined) known.set(key, (days = durations.staleAfterDays(pipelineId, stageId)));
    return days;
  };
}

export function createMetrics(
  context: AnalyticsContext,
  histories: DealHistories,
  durations: StageDurations,
  clock: Clock,
  zone: TimeZone,
  dealFacts: DealFacts = createDealFacts(context.source),
): Metrics {
  const days = createLocalDays(zone);
  const { source } = context;
  const kept = new Map<string, Kept>();

  source.subscribe((changes) => {
    const changed = new Set(changes.map(({ entity }) => entity));
    for (const entry of kept.values()) {
      if ([...changed].some((entity) => entry.answer.entities.has(entity))) entry.isStale = true;
    }
  });

  /** What the question is about. */
  function createSieve({ owner, team, territory }: MetricFilter): (record: Placed, isInTerritory: boolean) => boolean {
    const teams = team === undefined ? null : withBelow(source, 'team', team, () => true);
    const rollsUp = (record: AnyRecord | undefined): boolean => record?.['rollupMetrics'] !== false;
    const territories = territory === undefined ? null : withBelow(source, 'territory', territory, rollsUp);
    return (record, isInTerritory) =>
      (owner === undefined || record.ownerId === owner) &&
      (teams === null || (record.teamId !== null && teams.has(record.teamId))) &&
      (territories === null || !isInTerritory || territories.has(String(record.territoryId)));
  }

  function read(query: MetricsQuery, needed: ReadonlySet<EntityName>, today: Day) {
    const passes = createSieve(query);
    const { pipeline, territory } = query;
    const everything = dealFacts.of(today);
    const isDealPart = ({ pipelineId }: DealFact): boolean => pipeline === undefined || pipelineId === pipeline;
    const deals: DealFact[] = [];
    let withoutRate = 0;
    if (needed.has('deal')) {
      for (const deal of everything.facts) {
        if (!isDealPart(deal) || !passes(deal, true)) continue;
        deals.push(deal);
        if (deal.isWithoutRate) withoutRate += 1;
      }
    }
    const all = (entity: EntityName): readonly AnyRecord[] =>
      needed.has(entity) ? filterOf(source.all(entity).values(), (record) => passes(record, true)) : [];
    // What people did has no territory and no pipeline of its own: it has those of its deal, whoever owns that.
    const ofPlace = createSieve({ period: 'always', ...(territory === undefined ? {} : { territory }) });
    const isAboutDeals = territory !== undefined || pipeline !== undefined;
    const dealIds = isAboutDeals
      ? new Set(
          filterOf(dealFacts.of(today).facts, (deal) => isDealPart(deal) && ofPlace(deal, true)).map(({ id }) => id),
        )
      : null;
    const ofDeals = (entity: EntityName): readonly AnyRecord[] =>
      needed.has(entity)
        ? filterOf(
            source.all(entity).values(),
            (record) => passes(record, false) && (dealIds === null || dealIds.has(String(record['dealId']))),
          )
        : [];
    const input: MetricInput = {
      deals,
      leads: all('lead'),
      contacts: all('contact'),
      accounts: all('account'),
      tasks: ofDeals('task'),
      activities: ofDeals('activity'),
      pipelines: [...source.all('pipeline').values()]
        .filter(({ id }) => pipeline === undefined || id === pipeline)
        .map(({ id }) => ({ id, stages: stagesOfPipeline(source, id) })),
      historyOf: (dealId) => histories.of(dealId),
      changesOf: (dealId) => histories.changesOf(dealId),
      staleAfterDays: rememberDays(durations),
      today,
      nowMs: clock.now(),
      startOfDay: days.startOfDay,
    };
    return { input, currency: everything.currency, withoutRate };
  }

  function labelsOf(metrics: MetricsResult['metrics']): Readonly<Record<string, string>> {
    const labels: Record<string, string> = {};
    const pipelines = [...source.all('pipeline').values()];
    for (const pipeline of pipelines) {
      const prefix = pipelines.length > 1 ? `${titleOf(source, 'pipeline', pipeline.id) ?? ''} · ` : '';
      for (const { id, name } of stagesOfPipeline(source, pipeline.id))
        labels[stageKeyOf(pipeline.id, id)] = `${prefix}${name}`;
    }
    for (const [id, answer] of Object.entries(metrics)) {
      const { keys } = metricCatalogue[id as MetricId];
      if (answer.state !== 'ready' || (keys?.kind !== 'user' && keys?.kind !== 'team')) continue;
      for (const { key } of answer.parts ?? []) {
        const title = key === null ? null : titleOf(source, keys.kind, key);
        if (key !== null && title !== null) labels[key] = title;
      }
    }
    return labels;
  }

  function compareWithSnapshots(metrics: Partial<Record<MetricId, MetricAnswer>>, query: MetricsQuery, day: Day): void {
    const compared = query.metrics.filter(hasOpenPipelineBefore);
    if (compared.length === 0) return;
    const passes = createSieve(query);
    const figureOf = openPipelineOn(source, day, query, (snapshot) => passes(snapshot, false));
    for (const id of compared) {
      const answer = metrics[id];
      const previous = figureOf(id);
      if (answer?.state === 'ready' && previous !== null) metrics[id] = { ...answer, previous, previousDay: day };
    }
  }

  function calculate(actor: Actor, query: MetricsQuery, today: Day): LiveAnswer<MetricsResult> {
    const metrics: Partial<Record<MetricId, MetricAnswer>> = {};
    const ready: MetricId[] = [];
    for (const id of new Set(query.metrics.filter(isMetricId))) {
      const reason = findUnavailable(actor, id, query);
      if (reason === null) ready.push(id);
      else metrics[id] = reason;
    }
    const needed = entitiesOfMetrics(ready);
    const { input, currency, withoutRate } = read(query, needed, today);
    const yearStart = yearStartOf(source);
    const range = rangeOf(query.period, today, yearStart);
    const before = rangeBefore(query.period, today, yearStart);
    const numbers = calculateMetrics(ready, input, days.spanOf(range), before === null ? null : days.spanOf(before));
    for (const [id, answer] of numbers) metrics[id] = { state: 'ready', ...answer };
    if (before !== null) compareWithSnapshots(metrics, query, addDays(range.from, -1));
    const value = { metrics, currency, withoutRate, range, before, labels: labelsOf(metrics) };
    return { value, entities: needed, ids: new Set() };
  }

  return {
    answer(actor, query) {
      const key = toCanonicalJson(query);
      const today = context.today();
      const known = kept.get(key);
      const isGood =
        known !== undefined &&
        !known.isStale &&
        known.day === today &&
        known.fields === actor.fields &&
        known.permissions === actor.permissions &&
        clock.now() - known.atMs < KEPT_FOR_MS;
      kept.delete(key);
      const entry: Kept = isGood
        ? known
        : {
            day: today,
            fields: actor.fields,
            permissions: actor.permissions,
            atMs: clock.now(),
            isStale: false,
            answer: calculate(actor, query, today),
          };
      kept.set(key, entry);
      const oldest = kept.keys().next();
      if (kept.size > KEPT_ANSWERS && oldest.done !== true) kept.delete(oldest.value);
      return entry.answer;
    },
  };
}
