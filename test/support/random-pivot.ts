// Random tables and random pivots over them, from a seed: every kind of field, empty values, buckets, bins, top members, all
// aggregations, filters of pivots and of measures.
import {
  aggregations,
  dateUnits,
  type FieldMeasure,
  type PivotDimension,
  type PivotSpec,
} from '#shared/analytics/pivot-spec.ts';
import { toDayText } from '#shared/analytics/pivot/buckets.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { SeededRandom } from '#shared/kernel/seeded-random.ts';
import type { FieldFilter, Filter } from '#shared/query/filter.ts';
import type { Row, Types } from './columns-of.ts';

export const randomTypes: Types = {
  region: 'text',
  account: 'reference',
  stage: 'select',
  isHot: 'boolean',
  amount: 'money',
  rate: 'number',
  third: 'number',
  score: 'integer',
  closeDate: 'date',
  createdAt: 'dateTime',
};

const regions = ['North', 'South', 'Östlich', 'ostlich', 'West', '10', '9'];
const stages = ['new', 'offer', 'won', 'lost'];
const DAY_MS = 86_400_000;
/** Middle of the days drawn: 29 February, week 53 and a change of the clocks are near. */
const MIDDLE = 18_322;

export function randomRow(random: SeededRandom): Row {
  const orNull = <Value>(share: number, value: () => Value): Value | null => (random.chance(share) ? null : value());
  return {
    region: orNull(0.1, () => random.pick(regions)),
    account: orNull(0.05, () => `account-${String(random.integer(1, 60))}`),
    stage: orNull(0.02, () => random.pick(stages)),
    isHot: orNull(0.2, () => random.chance(0.5)),
    amount: orNull(0.1, () => random.integer(-50_000, 900_000)),
    rate: orNull(0.15, () => random.integer(-300, 3000) / 100),
    third: orNull(0.15, () => random.integer(-90, 90) / 7),
    score: orNull(0.1, () => random.integer(0, 12)),
    closeDate: orNull(0.1, () => toDayText(MIDDLE + random.integer(-700, 700))),
    createdAt: orNull(0.05, () =>
      toInstant((MIDDLE + random.integer(-500, 500)) * DAY_MS + random.integer(0, DAY_MS - 1)),
    ),
  };
}

export function randomRows(random: SeededRandom, count: number): readonly Row[] {
  return Array.from({ length: count }, () => randomRow(random));
}

function randomDimension(random: SeededRandom): PivotDimension {
  const field = random.pick([
    'region',
    'account',
    'stage',
    'isHot',
    'rate',
    'score',
    'closeDate',
    'createdAt',
    'amount',
  ]);
  if (field === 'closeDate' || field === 'createdAt') {
    return { field, bucket: { kind: 'date', unit: random.pick(dateUnits.filter((unit) => unit !== 'day')) } };
  }
  if (field === 'amount') return { field, bucket: { kind: 'bins', size: 100_000, from: random.pick([0, 50_000]) } };
  if (field === 'rate') return { field, bucket: { kind: 'bins', size: random.pick([0.7, 5, 2.5]) } };
  return { field };
}

function randomCondition(random: SeededRandom): FieldFilter {
  return random.pick<() => FieldFilter>([
    () => ({
      field: 'region',
      op: random.pick(['eq', 'ne', 'contains', 'startsWith']),
      value: random.pick(['north', 'ost', 'West', '1']),
    }),
    () => ({ field: 'stage', op: 'in', value: [random.pick(stages), random.pick(stages)] }),
    () => ({ field: 'isHot', op: random.pick(['eq', 'ne']), value: random.chance(0.5) }),
    () => ({
      field: 'amount',
      op: random.pick(['lt', 'lte', 'gt', 'gte', 'eq', 'ne']),
      value: random.integer(-50_000, 900_000),
    }),
    () => ({ field: 'rate', op: random.pick(['lt', 'gte']), value: random.integer(-300, 3000) / 100 }),
    () => ({
      field: 'closeDate',
      op: random.pick(['lt', 'lte', 'gt', 'gte', 'eq']),
      value: toDayText(MIDDLE + random.integer(-600, 600)),
    }),
    () => ({
      field: 'createdAt',
      op: random.pick(['lt', 'lte', 'gt', 'gte', 'eq', 'ne']),
      value: toDayText(MIDDLE + random.integer(-400, 400)),
    }),
    () => ({
      field: random.pick(['closeDate', 'createdAt']),
      op: random.pick(['withinDays', 'olderThanDays']),
      value: random.integer(-300, 300),
    }),
    () => ({ field: random.pick(Object.keys(randomTypes)), op: random.pick(['isEmpty', 'isNotEmpty']) }),
  ])();
}

export function randomFilter(random: SeededRandom, depth = 0): Filter {
  const draw = random.unit();
  if (depth > 2 || draw < 0.6) return randomCondition(random);
  const parts = Array.from({ length: random.integer(1, 3) }, () => randomFilter(random, depth + 1));
  if (draw < 0.8) return { and: parts };
  return draw < 0.92 ? { or: parts } : { not: randomFilter(random, depth + 1) };
}

function randomMeasure(random: SeededRandom, id: string): FieldMeasure {
  const aggregation = random.pick(aggregations);
  const field = random.pick(
    aggregation === 'distinct'
      ? ['account', 'region', 'amount', 'closeDate']
      : ['amount', 'rate', 'third', 'score', 'isHot'],
  );
  const hasField = aggregation !== 'count' || random.chance(0.3);
  return {
    kind: 'field',
    id,
    aggregation,
    ...(hasField ? { field } : {}),
    ...(aggregation === 'first' || aggregation === 'last' ? { orderBy: random.pick(['createdAt', 'score']) } : {}),
    ...(random.chance(0.3) ? { filter: randomFilter(random) } : {}),
  };
}

/** `most`: fields on one axis. */
export function randomSpec(random: SeededRandom, most = 3): PivotSpec {
  const values = Array.from({ length: random.integer(1, 4) }, (_, at) => randomMeasure(random, `m${String(at)}`));
  const axis = (): readonly PivotDimension[] =>
    Array.from({ length: random.integer(0, most) }, () => randomDimension(random));
  return {
    source: 'deal',
    rows: axis(),
    columns: axis(),
    values,
    ...(random.chance(0.5) ? { filter: randomFilter(random) } : {}),
  };
}

/** As `randomSpec`, with top members and orders by measures too. */
export function randomRankedSpec(random: SeededRandom): PivotSpec {
  const spec = randomSpec(random, 2);
  const measure = random.pick(spec.values).id;
  const vary = (dimension: PivotDimension): PivotDimension => ({
    ...dimension,
    ...(random.chance(0.4) ? { top: { count: random.integer(1, 4), measure, others: random.chance(0.6) } } : {}),
    ...(random.chance(0.4)
      ? { sort: { by: 'measure', measure, direction: random.pick(['asc', 'desc'] as const) } }
      : {}),
  });
  return { ...spec, rows: spec.rows.map(vary), columns: spec.columns.map(vary) };
}
