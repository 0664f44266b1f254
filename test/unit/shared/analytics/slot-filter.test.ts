import { describe, expect, it } from 'vitest';
import { compileFilter } from '#shared/analytics/pivot/slot-filter.ts';
import { defineEntity, type FieldDefinition } from '#shared/entities/define-entity.ts';
import { createSeededRandom, type SeededRandom } from '#shared/kernel/seeded-random.ts';
import { matchesFilter } from '#shared/query/evaluate-filter.ts';
import type { FieldFilter, Filter, FilterOperator } from '#shared/query/filter.ts';
import { columnsOf, contextOf, type Row } from '../../../support/columns-of.ts';
import { randomFilter, randomTypes, randomWorld, type World } from '../../../support/random-pivot.ts';

const types = { ...randomTypes, tags: 'tags' as const };
const fields = Object.fromEntries(
  Object.entries(types).map(([name, type]): [string, FieldDefinition] => [name, { type, label: name }]),
);
const definition = defineEntity({
  name: 'deal',
  collection: 'deals',
  label: 'Deal',
  labelPlural: 'Deals',
  titleField: 'region',
  audience: 'owner',
  fields,
  mergePolicies: {},
});
const today = '2020-03-01';

const operators: readonly FilterOperator[] = [
  'eq',
  'ne',
  'lt',
  'lte',
  'gt',
  'gte',
  'in',
  'notIn',
  'contains',
  'startsWith',
  'isEmpty',
  'isNotEmpty',
  'withinDays',
  'olderThanDays',
  'inPeriod',
];
const oddValues: readonly Required<FieldFilter>['value'][] = [
  null,
  '',
  0,
  -3,
  12.5,
  true,
  false,
  'vip',
  'v',
  '2020',
  '2020-02-29',
  '2020-03-01',
  '2020-03-01T00:00:00.000Z',
  '2020-03-01T10',
  'true',
  ['won', 'lost'],
  [],
  [3, 'West'],
  30,
  -30,
  'thisQuarter',
  'lastWeek',
  'tomorrow',
];

/** Any operator with any value on any field, also where it makes no sense. */
function oddCondition(random: SeededRandom, world: World): FieldFilter {
  const field = random.pick(Object.keys(types));
  const own = random.pick(world.rows)[field] ?? null;
  const value = random.chance(0.5) ? own : random.pick(oddValues);
  const op = random.pick(operators);
  return op === 'isEmpty' ? { field, op } : { field, op, value };
}

function oddFilter(random: SeededRandom, world: World, depth = 0): Filter {
  const draw = random.unit();
  if (depth > 2 || draw < 0.5) return oddCondition(random, world);
  if (draw < 0.6) return { not: oddFilter(random, world, depth + 1) };
  const parts = Array.from({ length: random.integer(0, 3) }, () => oddFilter(random, world, depth + 1));
  return draw < 0.8 ? { and: parts } : { or: parts };
}

describe('ANA-15 a filter over columns', () => {
  it('ANA-15 passes exactly the records that the filter language passes, sensible or not', () => {
    for (let seed = 1; seed <= 1500; seed += 1) {
      const random = createSeededRandom(seed);
      const plain = randomWorld(random, 60);
      // A list is one value, the JSON of it.
      const lists = plain.rows.map(() => (random.chance(0.4) ? null : [random.pick(['vip', 'Südwest']), 'v2']));
      const rows: readonly Row[] = plain.rows.map((row, at) => ({
        ...row,
        tags: lists[at] === null ? null : JSON.stringify(lists[at]),
      }));
      const filter = random.chance(0.5) ? oddFilter(random, plain) : randomFilter(random, plain);
      const compiled = compileFilter(columnsOf(types, rows), filter, contextOf(types, { today }));
      const wanted = rows.map((row, at) =>
        matchesFilter(definition, filter, { ...row, tags: lists[at] ?? null }, { today, fiscalYearStart: 1 }),
      );
      const shown = JSON.stringify({ seed, filter });
      expect([shown, [...compiled.select(rows.length)].map(Boolean)]).toEqual([shown, wanted]);
      expect([shown, rows.map((_, slot) => compiled.test(slot))]).toEqual([shown, wanted]);
    }
  });
});
