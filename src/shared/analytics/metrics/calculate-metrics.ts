// All figures of a question at once. What several of them need (the deals of a period, slippage) is worked out once.
import {
  averageDealOf,
  closingByMonth,
  dealsOf,
  dealTotal,
  MONTHS_BACK,
  monthsBetween,
  monthsFrom,
  partsByMonth,
  salesCycle,
  salesCycleMean,
  valueOf,
  velocity,
  weightedValueOf,
  winRateByValueOf,
  winRateOf,
  wonByMonth,
  type DealsOfSpan,
} from '#shared/analytics/metrics/deal-metrics.ts';
import {
  countByOption,
  leadConversion,
  leadHighQuality,
  leadScore,
  leadsOf,
  leadTotal,
} from '#shared/analytics/metrics/lead-metrics.ts';
import { metricCatalogue, type MetricId } from '#shared/analytics/metrics/metric-catalogue.ts';
import {
  isInstantWithin,
  type DealFact,
  type MetricInput,
  type MetricSpan,
} from '#shared/analytics/metrics/metric-input.ts';
import {
  countBy,
  groupBy,
  largestFirst,
  sumOf,
  toMoney,
  type MetricNumbers,
} from '#shared/analytics/metrics/metric-numbers.ts';
import { performanceBy } from '#shared/analytics/metrics/performance-metrics.ts';
import {
  isStalled,
  pipelineByStage,
  slippageOf,
  stageAnalysis,
  stageFunnel,
  type Slippage,
} from '#shared/analytics/metrics/stage-metrics.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { Day } from '#shared/kernel/calendar.ts';

/** What is worked out once per question. */
interface Work {
  readonly input: MetricInput;
  readonly span: MetricSpan;
  readonly deals: () => DealsOfSpan;
  readonly leads: () => readonly AnyRecord[];
  readonly open: () => readonly DealFact[];
  readonly slippage: () => Slippage;
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

function createWork(input: MetricInput, span: MetricSpan): Work {
  return {
    input,
    span,
    deals: once(() => dealsOf(input, span)),
    leads: once(() => leadsOf(input, span)),
    open: once(() => input.deals.filter(({ status }) => status === 'open')),
    slippage: once(() => slippageOf(input)),
  };
}

const isOpenTask = ({ status }: AnyRecord): boolean =>
  status === 'open' || status === 'in_progress' || status === 'waiting';

const isBefore = (day: unknown, today: Day): boolean => typeof day === 'string' && day < today;

function countWithin(records: readonly AnyRecord[], field: string, span: MetricSpan): MetricNumbers {
  return { value: records.filter((record) => isInstantWithin(record[field], span)).length };
}

function leadByMonth({ input }: Work): MetricNumbers {
  const months = monthsBetween(monthsFrom(input.today, 1 - MONTHS_BACK), input.today);
  const starts = months.map((month) => ({ month, at: input.startOfDay(`${month}-01`) }));
  const end = input.startOfDay(monthsFrom(input.today, 1));
  // By instants: a month begins where the user is.
  const monthOf = ({ createdAt }: AnyRecord): string | null =>
    createdAt < end ? (starts.findLast(({ at }) => createdAt >= at)?.month ?? null) : null;
  const parts = partsByMonth(months, input.leads, monthOf, (group) => [group.length]);
  return { value: sumOf(parts, ({ numbers }) => numbers[0] ?? 0), parts };
}

const calculators: Readonly<Record<MetricId, (work: Work) => MetricNumbers>> = {
  leadTotal: ({ leads }) => leadTotal(leads()),
  leadScore: ({ leads }) => leadScore(leads()),
  leadHighQuality: ({ leads }) => leadHighQuality(leads()),
  leadConversion: ({ leads }) => leadConversion(leads()),
  leadBySource: ({ leads }) => countByOption(leads(), 'leadSource'),
  leadByStatus: ({ leads }) => countByOption(leads(), 'status'),
  leadByMonth,

  dealTotal: ({ input, span }) => dealTotal(input, span),
  wonDeals: ({ deals }) => ({ value: deals().won.length }),
  wonValue: ({ deals }) => ({ value: valueOf(deals().won) }),
  winRate: ({ deals }) => ({ value: winRateOf(deals()) }),
  winRateValue: ({ deals }) => ({ value: winRateByValueOf(deals()) }),
  averageDeal: ({ deals }) => ({ value: toMoney(averageDealOf(deals().won)) }),
  salesCycle: ({ deals, input }) => salesCycle(deals().won, input),
  salesCycleMean: ({ deals, input }) => salesCycleMean(deals().won, input),
  velocity: ({ deals, input }) => velocity(deals(), input),
  wonByMonth: ({ input }) => wonByMonth(input),
  lossReasons: ({ deals }) => ({ value: deals().lost.length, parts: countBy(deals().lost, ({ reason }) => reason) }),

  openDeals: ({ open }) => ({ value: open().length }),
  pipelineValue: ({ open }) => ({ value: valueOf(open()) }),
  weightedPipeline: ({ open }) => ({ value: weightedValueOf(open()) }),
  pipelineByStage: ({ input }) => pipelineByStage(input),
  pipelineByCategory: ({ open }) => {
    const groups = groupBy(open(), ({ category }) => category);
    const parts = [...groups].map(([key, group]) => ({ key, numbers: [valueOf(group)] }));
    return { value: valueOf(open()), parts: largestFirst(parts) };
  },
  closingByMonth: ({ input }) => closingByMonth(input),
  stageAnalysis: ({ input, span }) => stageAnalysis(input, span),
  stageFunnel: ({ input, span }) => stageFunnel(input, span),
  stalledDeals: ({ open, input }) => ({ value: open().filter((deal) => isStalled(deal, input)).length }),
  stalledValue: ({ open, input }) => ({ value: valueOf(open().filter((deal) => isStalled(deal, input))) }),
  pushes: ({ slippage }) => ({ value: slippage().pushes }),
  pushedDays: ({ slippage }) => ({ value: slippage().days }),
  pushedOften: ({ slippage }) => ({ value: slippage().flagged }),
  overdueDeals: ({ open, input }) => ({
    value: open().filter(({ closeDate }) => closeDate !== null && closeDate < input.today).length,
  }),

  repPerformance: ({ deals, input, span }) => performanceBy(({ ownerId }) => ownerId, deals(), input, span),
  teamPerformance: ({ deals, input, span }) => performanceBy(({ teamId }) => teamId, deals(), input, span),

  activityTotal: ({ input, span }) => countWithin(input.activities, 'occurredAt', span),
  activityByType: ({ input, span }) =>
    countByOption(
      input.activities.filter(({ occurredAt }) => isInstantWithin(occurredAt, span)),
      'activityType',
    ),
  tasksDone: ({ input, span }) => countWithin(input.tasks, 'completedAt', span),
  tasksOpen: ({ input }) => ({ value: input.tasks.filter(isOpenTask).length }),
  tasksOverdue: ({ input }) => ({
    value: input.tasks.filter((task) => isOpenTask(task) && isBefore(task['dueDate'], input.today)).length,
  }),
  contactsNew: ({ input, span }) => countWithin(input.contacts, 'createdAt', span),
  accountsNew: ({ input, span }) => countWithin(input.accounts, 'createdAt', span),
};

/** A figure with what it was in the period before; null where there is nothing to compare with. */
export interface ComparedNumbers extends MetricNumbers {
  readonly previous: number | null;
}

/** Works out figures for a period. `before` is the one it is compared with. */
export function calculateMetrics(
  ids: readonly MetricId[],
  input: MetricInput,
  span: MetricSpan,
  before: MetricSpan | null,
): ReadonlyMap<MetricId, ComparedNumbers> {
  const work = createWork(input, span);
  const earlier = before === null ? null : createWork(input, before);
  return new Map(
    ids.map((id) => {
      const isCompared = earlier !== null && metricCatalogue[id].usesPeriod && !isTable(id);
      const previous = isCompared ? calculators[id](earlier).value : null;
      return [id, { ...calculators[id](work), previous }] as const;
    }),
  );
}

/** Figures whose parts are the point: their total is no trend. */
function isTable(id: MetricId): boolean {
  return id === 'stageAnalysis' || id === 'stageFunnel' || id === 'velocity';
}
