import { expect, it } from 'vitest';
import { conditionsOfCell } from '#shared/analytics/filter-by-cell.ts';
import { slotsOfCell } from '#shared/analytics/pivot-slots.ts';
import { calculatePivot } from '#shared/analytics/pivot.ts';
import { compileFilter } from '#shared/analytics/pivot/slot-filter.ts';
import { OTHERS } from '#shared/analytics/pivot-result.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';
import { columnsOf, contextOf } from '#test/support/columns-of.ts';
import { randomSpec, randomTypes, randomWorld } from '#test/support/random-pivot.ts';

const FISCAL_YEAR_START = 4;

it('ANA-16 the conditions of a cell let through what the cell is made of', () => {
  let compared = 0;
  let refused = 0;
  for (let seed = 1; seed <= 150; seed += 1) {
    const random = createSeededRandom(seed);
    const drawn = randomWorld(random, 200);
    // Texts that differ by case and accents only are one to a filter; bounds of bins that no computer holds exactly may miss.
    const rows = drawn.rows.map((row) => (row['region'] === 'ostlich' ? { ...row, region: 'East' } : row));
    const world = { ...drawn, rows, bins: { ...drawn.bins, rate: [5, 2.5] } };
    const table = columnsOf(randomTypes, rows);
    const context = contextOf(randomTypes, { today: '2020-03-01', fiscalYearStart: FISCAL_YEAR_START });
    const { filter: _, ...spec } = randomSpec(random, world);
    const result = calculatePivot(table, spec, context);
    for (const row of result.rows.slice(0, 6)) {
      for (const column of result.columns.slice(0, 4)) {
        const typeOf = (path: string) => randomTypes[path];
        const and = conditionsOfCell(spec, row.path, column.path, typeOf, FISCAL_YEAR_START);
        const days = [spec.rows.slice(0, row.path.length), spec.columns.slice(0, column.path.length)].flat();
        const isWeekday = days.some(({ bucket }) => bucket?.kind === 'date' && bucket.unit === 'weekday');
        if (and === null) {
          refused += 1;
          expect(isWeekday || [...row.path, ...column.path].includes(OTHERS)).toBe(true);
          continue;
        }
        const passed = compileFilter(table, { and }, context).select(table.slots);
        const slots = [...passed.keys()].filter((slot) => passed[slot] === 1);
        expect(slots, JSON.stringify({ seed, and })).toEqual([
          ...slotsOfCell(table, spec, context, row.path, column.path),
        ]);
        compared += 1;
      }
    }
  }
  expect(compared).toBeGreaterThan(500);
  expect(refused).toBeGreaterThan(20);
});
