import { describe, expect, it } from 'vitest';
import { calculatePivot } from '#shared/analytics/pivot.ts';
import { createLivePivot } from '#shared/analytics/pivot-live.ts';
import { slotsOfCell } from '#shared/analytics/pivot-slots.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';
import { columnsOf, contextOf } from '../../../support/columns-of.ts';
import { randomRankedSpec, randomRow, randomTypes, randomWorld } from '../../../support/random-pivot.ts';
import { cellOf } from '../../../support/read-pivot.ts';

const context = contextOf(randomTypes, { today: '2020-03-01', fiscalYearStart: 4 });

describe('ANA-15 a live pivot', () => {
  it('ANA-15 ANA-11 is after every change what a pivot over the changed records is', () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = createSeededRandom(seed);
      const world = randomWorld(random, random.integer(1, 150));
      const table = columnsOf(randomTypes, world.rows, 60);
      const spec = randomRankedSpec(random, world);
      const live = createLivePivot(table, spec, context);
      for (let step = 0; step < 30; step += 1) {
        for (let change = random.integer(1, 3); change > 0; change -= 1) {
          const slot = random.integer(0, Math.min(table.slots, table.live.length - 1));
          live.remove(slot);
          if (random.chance(0.2)) table.drop(slot);
          else table.put(slot, randomRow(random));
          live.add(slot);
        }
        const fresh = calculatePivot(table, spec, context);
        const result = live.result();
        expect([seed, step, result.rows, result.columns, result.records]).toEqual([
          seed,
          step,
          fresh.rows,
          fresh.columns,
          fresh.records,
        ]);
        expect([seed, step, JSON.stringify(spec), result.cells]).toEqual([
          seed,
          step,
          JSON.stringify(spec),
          fresh.cells,
        ]);
      }
    }
  });
});

describe('ANA-15 the records behind a cell', () => {
  it('ANA-15 are as many as the cell counts, for every member and subtotal', () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const random = createSeededRandom(seed);
      const world = randomWorld(random, 120);
      const table = columnsOf(randomTypes, world.rows);
      const ranked = randomRankedSpec(random, world);
      const spec = { ...ranked, values: [...ranked.values, { kind: 'field', id: 'n', aggregation: 'count' } as const] };
      const result = calculatePivot(table, spec, context);
      for (let look = 0; look < 10; look += 1) {
        const [row, column] = [random.pick(result.rows).path, random.pick(result.columns).path];
        const slots = slotsOfCell(table, spec, context, row, column);
        expect([seed, row, column, slots.length]).toEqual([seed, row, column, cellOf(result, row, column, 'n')]);
      }
    }
  });

  it('ANA-15 are none for a member that is not there', () => {
    const table = columnsOf(randomTypes, randomWorld(createSeededRandom(1), 20).rows);
    const spec = { source: 'deal', rows: [{ field: 'stage' }], columns: [], values: [] } as const;
    expect(slotsOfCell(table, spec, context, ['gone'], [])).toHaveLength(0);
  });
});
