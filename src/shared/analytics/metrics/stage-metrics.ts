// The way through a pipeline (ANA-03): what stands in each stage now, how long deals stay there, how many go on, which
// stand too long, and whose close dates were pushed.
import {
  type DateChange,
  type DealFact,
  type HistoryEntry,
  type MetricInput,
  type MetricSpan,
  type PipelineFacts,
} from '#shared/analytics/metrics/metric-input.ts';
import {
  meanOf,
  shareOf,
  sumOf,
  type MetricNumbers,
  type MetricPart,
} from '#shared/analytics/metrics/metric-numbers.ts';
import { valueOf, weightedValueOf } from '#shared/analytics/metrics/deal-metrics.ts';
import { daysBetween } from '#shared/analytics/metrics/period.ts';
import { medianOf } from '#shared/analytics/stage-stays.ts';

const DAY_MS = 86_400_000;
/** Pushes from which a deal is flagged. */
export const MANY_PUSHES = 3;

/** Key of a stage: ids of stages are unique within their pipeline only. */
export function stageKeyOf(pipelineId: string, stageId: string): string {
  return `${pipelineId}/${stageId}`;
}

/** The stages of a pipeline in their order, and where each stands. */
interface Course {
  readonly pipeline: PipelineFacts;
  /** Place of a stage that is part of the way; losing is none. */
  readonly order: ReadonlyMap<string, number>;
  readonly deals: readonly DealFact[];
}

/** Pipelines that have deals, in the order of the pipelines. */
function coursesOf({ deals, pipelines }: MetricInput): readonly Course[] {
  const byPipeline = new Map<string, DealFact[]>(pipelines.map(({ id }) => [id, []]));
  for (const deal of deals) byPipeline.get(deal.pipelineId)?.push(deal);
  return pipelines.flatMap((pipeline) => {
    const own = byPipeline.get(pipeline.id) ?? [];
    if (own.length === 0) return [];
    const way = pipeline.stages.flatMap(({ id, type }, index) => (type === 'lost' ? [] : [[id, index] as const]));
    return [{ pipeline, order: new Map(way), deals: own }];
  });
}

/** The way of one deal: one object serves all deals, because there are many and each is looked at once. */
interface Journey {
  /** When each stage was first entered, in milliseconds; NaN for never. */
  readonly enteredMs: Float64Array;
  /** Days in each stage, visits added up; the stage it is in is not over. NaN for none. */
  readonly days: Float64Array;
  /** When it began. */
  beganMs: number;
  /** Place of the furthest stage that was ever reached; −1 for none. */
  reached: number;
}

function createJourney(stages: number): Journey {
  return { enteredMs: new Float64Array(stages), days: new Float64Array(stages), beganMs: Number.NaN, reached: -1 };
}

/** Follows a deal. One without a history came to its stage when its record says so. */
function follow(journey: Journey, deal: DealFact, history: readonly HistoryEntry[], { order }: Course): void {
  const { enteredMs, days } = journey;
  enteredMs.fill(Number.NaN);
  days.fill(Number.NaN);
  journey.reached = order.get(deal.stageId) ?? -1;
  const [first] = history;
  if (first === undefined) {
    journey.beganMs = deal.stageMs;
    if (journey.reached !== -1) enteredMs[journey.reached] = journey.beganMs;
    return;
  }
  journey.beganMs = first.atMs;
  for (let index = 0; index < history.length; index += 1) {
    const entry = history[index];
    const place = entry === undefined ? undefined : order.get(entry.toStage);
    if (entry === undefined || place === undefined) continue;
    if (Number.isNaN(enteredMs[place])) enteredMs[place] = entry.atMs;
    if (place > journey.reached) journey.reached = place;
    const next = history[index + 1];
    if (next === undefined) continue;
    const known = days[place] ?? Number.NaN;
    days[place] = (Number.isNaN(known) ? 0 : known) + (next.atMs - entry.atMs) / DAY_MS;
  }
}

const isWithin = (ms: number | undefined, { fromMs, untilMs }: MetricSpan): boolean =>
  ms !== undefined && ms >= fromMs && ms < untilMs;

function openByStage(deals: readonly DealFact[]): ReadonlyMap<string, readonly DealFact[]> {
  const open = new Map<string, DealFact[]>();
  for (const deal of deals) {
    if (deal.status !== 'open') continue;
    const group = open.get(deal.stageId);
    if (group === undefined) open.set(deal.stageId, [deal]);
    else group.push(deal);
  }
  return open;
}

/** Amount, weighted amount and number of the open deals in every open stage. */
export function pipelineByStage(input: MetricInput): MetricNumbers {
  const byPipeline = input.pipelines.map((pipeline) => ({
    pipeline,
    deals: input.deals.filter(({ pipelineId }) => pipelineId === pipeline.id),
  }));
  const parts = byPipeline.flatMap(({ pipeline, deals }): readonly MetricPart[] => {
    if (deals.length === 0) return [];
    const open = openByStage(deals);
    return pipeline.stages.flatMap(({ id, type }) => {
      const here = open.get(id) ?? [];
      if (type !== 'open') return [];
      return [{ key: stageKeyOf(pipeline.id, id), numbers: [valueOf(here), weightedValueOf(here), here.length] }];
    });
  });
  return { value: sumOf(parts, ({ numbers }) => numbers[0] ?? 0), parts };
}

export function isStalled(deal: DealFact, input: MetricInput): boolean {
  if (deal.status !== 'open') return false;
  const days = (input.nowMs - deal.stageMs) / DAY_MS;
  return days > input.staleAfterDays(deal.pipelineId, deal.stageId);
}

interface Cohort {
  count: number;
  wentOn: number;
  readonly days: number[];
}

/**
 * Stage by stage. `entered` is the cohort: deals that came to the stage for the first time within the period. Of these,
 * conversion is the share that ever came to the next stage or beyond, and the days are those of who left it again.
 */
export function stageAnalysis(input: MetricInput, span: MetricSpan): MetricNumbers {
  const parts = coursesOf(input).flatMap((course): readonly MetricPart[] => {
    const { stages, id: pipelineId } = course.pipeline;
    const open = openByStage(course.deals);
    const cohorts = stages.map((): Cohort => ({ count: 0, wentOn: 0, days: [] }));
    const journey = createJourney(stages.length);
    for (const deal of course.deals) {
      // Its last move was before: it entered nothing since.
      if (deal.stageMs < span.fromMs) continue;
      follow(journey, deal, input.historyOf(deal.id), course);
      for (const [place, cohort] of cohorts.entries()) {
        if (!isWithin(journey.enteredMs[place], span)) continue;
        cohort.count += 1;
        if (journey.reached > place) cohort.wentOn += 1;
        const days = journey.days[place] ?? Number.NaN;
        if (!Number.isNaN(days)) cohort.days.push(days);
      }
    }
    return stages.flatMap(({ id, type }, place) => {
      const cohort = cohorts[place];
      if (type !== 'open' || cohort === undefined) return [];
      const here = open.get(id) ?? [];
      const numbers = [
        here.length,
        valueOf(here),
        weightedValueOf(here),
        cohort.count,
        shareOf(cohort.wentOn, cohort.count),
        meanOf(cohort.days),
        cohort.days.length === 0 ? null : medianOf(cohort.days),
        here.filter((deal) => isStalled(deal, input)).length,
      ];
      return [{ key: stageKeyOf(pipelineId, id), numbers }];
    });
  });
  return { value: sumOf(parts, ({ numbers }) => numbers[0] ?? 0), parts };
}

/** Of the deals that began in the period: how many ever came as far as each stage, up to winning. */
export function stageFunnel(input: MetricInput, span: MetricSpan): MetricNumbers {
  let began = 0;
  const parts = coursesOf(input).flatMap((course): readonly MetricPart[] => {
    const { stages, id: pipelineId } = course.pipeline;
    const cameTo = new Float64Array(stages.length);
    const journey = createJourney(stages.length);
    for (const deal of course.deals) {
      // Its last move was before: it entered nothing since.
      if (deal.stageMs < span.fromMs) continue;
      follow(journey, deal, input.historyOf(deal.id), course);
      if (!isWithin(journey.beganMs, span)) continue;
      began += 1;
      for (let place = 0; place <= journey.reached; place += 1) cameTo[place] = (cameTo[place] ?? 0) + 1;
    }
    return stages.flatMap(({ id, type }, place) =>
      type === 'lost' ? [] : [{ key: stageKeyOf(pipelineId, id), numbers: [cameTo[place] ?? 0] }],
    );
  });
  return { value: began, parts };
}

/** Days by which a close date was moved back, push by push, from what the history and the deal itself tell. */
export function pushesOf(deal: DealFact, history: readonly DateChange[]): readonly number[] {
  const pushes: number[] = [];
  let known: string | null = null;
  function meet(date: string | null): void {
    if (date === null) return;
    if (known !== null && date > known) pushes.push(daysBetween(known, date));
    known = date;
  }
  for (const { closeDateBefore, closeDateAfter } of history) {
    meet(closeDateBefore);
    meet(closeDateAfter);
  }
  if (deal.status === 'open') meet(deal.closeDate);
  return pushes;
}

export interface Slippage {
  readonly pushes: number;
  readonly days: number;
  /** Deals with three or more pushes. */
  readonly flagged: number;
}

/** Of the deals that are open now. */
export function slippageOf(input: MetricInput): Slippage {
  let [pushes, days, flagged] = [0, 0, 0];
  for (const deal of input.deals) {
    if (deal.status !== 'open') continue;
    const pushed = pushesOf(deal, input.changesOf(deal.id));
    pushes += pushed.length;
    days += sumOf(pushed, (count) => count);
    if (pushed.length >= MANY_PUSHES) flagged += 1;
  }
  return { pushes, days, flagged };
}
