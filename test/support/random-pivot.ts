// Random tables and random pivots over them, from a seed: every kind of field, empty values, buckets, bins, top members, all
// aggregations, filters of pivots and of measures. Pivots are drawn over any table: what filters compare with is in its rows.
import {
  aggregations,
  dateUnits,
  type FieldMeasure,
  type PivotDimension,
  type PivotSpec,
} from '#shared/analytics/pivot-spec.ts';
import { toDayText } from '#shared/analytics/pivot/buckets.ts';
import type { FieldType } from '#shared/entities/define-entity.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { SeededRandom } from '#shared/kernel/seeded-random.ts';
import type { FieldFilter, Filter, FilterOperator } from '#shared/query/filter.ts';
import { namedPeriods } from '#shared/query/named-periods.ts';
import type { Row, Types } from './columns-of.ts';

/** What pivots are drawn over. */
export interface World {
  readonly types: Types;
  readonly rows: readonly Row[];
  /** Sizes of bins for numbers, by field; other numbers are members themselves. */
  readonly bins: Readonly<Record<string, readonly number[]>>;
  /** Fields with too many values for an axis. */
  readonly notOnAxes: readonly string[];
}

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
/** Middle of the days drawn, 1 March 2020: 29 February, week 53 and changes of the clocks are near. */
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

export function randomWorld(random: SeededRandom, count: number): World {
  return {
    types: randomTypes,
    rows: Array.from({ length: count }, () => randomRow(random)),
    bins: { amount: [100_000, 64_000], rate: [0.7, 5, 2.5] },
    notOnAxes: ['third'],
  };
}

const isTime = (type: FieldType | undefined): boolean => type === 'date' || type === 'dateTime';
const isNumber = (type: FieldType | undefined): boolean =>
  type === 'money' || type === 'number' || type === 'integer' || type === 'percent';

function randomDimension(random: SeededRandom, { types, bins, notOnAxes }: World): PivotDimension {
  const field = random.pick(Object.keys(types).filter((name) => !notOnAxes.includes(name)));
  if (isTime(types[field])) return { field, bucket: { kind: 'date', unit: random.pick(dateUnits) } };
  const sizes = bins[field];
  if (sizes === undefined) return { field };
  const size = random.pick(sizes);
  return { field, bucket: { kind: 'bins', size, ...(random.chance(0.5) ? { from: size * 3 } : {}) } };
}

const operatorsOf = (type: FieldType): readonly FilterOperator[] => {
  if (isTime(type)) return ['lt', 'lte', 'gt', 'gte', 'eq', 'ne', 'withinDays', 'olderThanDays', 'inPeriod'];
  if (isNumber(type)) return ['lt', 'lte', 'gt', 'gte', 'eq', 'ne', 'in', 'notIn'];
  if (type === 'text') return ['eq', 'ne', 'in', 'notIn', 'contains', 'startsWith'];
  return type === 'boolean' ? ['eq', 'ne'] : ['eq', 'ne', 'in', 'notIn'];
};

function randomCondition(random: SeededRandom, { types, rows }: World): FieldFilter {
  const field = random.pick(Object.keys(types));
  const type = types[field] ?? 'text';
  if (random.chance(0.1)) return { field, op: random.pick(['isEmpty', 'isNotEmpty']) };
  const op = random.pick(operatorsOf(type));
  if (op === 'withinDays' || op === 'olderThanDays') return { field, op, value: random.integer(-300, 300) };
  if (op === 'inPeriod') return { field, op, value: random.pick(namedPeriods) };
  const draw = (): string | number | boolean | null => {
    const value = rows.length === 0 ? null : (random.pick(rows)[field] ?? null);
    if (type === 'dateTime' && typeof value === 'string') return value.slice(0, 10);
    return op === 'contains' || op === 'startsWith' ? String(value).slice(0, 3).toUpperCase() : value;
  };
  if (op !== 'in' && op !== 'notIn') return { field, op, value: draw() };
  return { field, op, value: [draw(), draw()].filter((value) => value !== null) as (string | number)[] };
}

export function randomFilter(random: SeededRandom, world: World, depth = 0): Filter {
  const draw = random.unit();
  if (depth > 2 || draw < 0.6) return randomCondition(random, world);
  const parts = Array.from({ length: random.integer(0, 3) }, () => randomFilter(random, world, depth + 1));
  if (draw < 0.8) return { and: parts };
  return draw < 0.92 ? { or: parts } : { not: randomFilter(random, world, depth + 1) };
}

function randomMeasure(random: SeededRandom, world: World, id: string): FieldMeasure {
  const { types } = world;
  const fields = Object.keys(types);
  const numbers = fields.filter((field) => isNumber(types[field]) || types[field] === 'boolean');
  const ordered = fields.filter((field) => isNumber(types[field]) || isTime(types[field]));
  const aggregation = random.pick(aggregations);
  const choice = { count: fields, distinct: fields, min: ordered, max: ordered } as Readonly<
    Record<string, readonly string[]>
  >;
  const hasField = aggregation !== 'count' || random.chance(0.3);
  return {
    kind: 'field',
    id,
    aggregation,
    ...(hasField ? { field: random.pick(choice[aggregation] ?? numbers) } : {}),
    ...(aggregation === 'first' || aggregation === 'last' ? { orderBy: random.pick(ordered) } : {}),
    ...(random.chance(0.3) ? { filter: randomFilter(random, world) } : {}),
  };
}

/** `most`: fields on one axis. */
export function randomSpec(random: SeededRandom, world: World, most = 3): PivotSpec {
  const values = Array.from({ length: random.integer(1, 4) }, (_, at) =>
    randomMeasure(random, world, `m${String(at)}`),
  );
  const axis = (): readonly PivotDimension[] =>
    Array.from({ length: random.integer(0, most) }, () => randomDimension(random, world));
  return {
    source: 'deal',
    rows: axis(),
    columns: axis(),
    values,
    ...(random.chance(0.5) ? { filter: randomFilter(random, world) } : {}),
  };
}

/** As `randomSpec`, with top members and orders by measures too. */
export function randomRankedSpec(random: SeededRandom, world: World): PivotSpec {
  const spec = randomSpec(random, world, 2);
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
