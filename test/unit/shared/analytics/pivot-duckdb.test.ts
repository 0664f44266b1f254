import { describe, expect, it } from 'vitest';
import { calculatePivot } from '#shared/analytics/pivot.ts';
import { createTimeZone } from '#shared/analytics/time-zone.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';
import { columnsOf, contextOf } from '../../../support/columns-of.ts';
import { compareWithDuckDb } from '../../../support/duckdb/compare-with-duckdb.ts';
import { loadRows, openDuckDb } from '../../../support/duckdb/open-duckdb.ts';
import { randomSpec, randomTypes, randomWorld } from '../../../support/random-pivot.ts';

const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland'];

describe('ANA-15 a pivot beside DuckDB', () => {
  it('ANA-15 has the same members and the same figure in every cell, for random pivots over random tables', async () => {
    const connection = await openDuckDb();
    for (let seed = 1; seed <= 12; seed += 1) {
      const random = createSeededRandom(seed);
      const world = randomWorld(random, random.pick([0, 1, 40, 400]));
      await loadRows(connection, randomTypes, world.rows);
      const table = columnsOf(randomTypes, world.rows);
      for (let draw = 0; draw < 12; draw += 1) {
        const spec = randomSpec(random, world, 2);
        const setting = {
          types: randomTypes,
          today: '2020-03-01',
          timeZone: random.pick(zones),
          fiscalYearStart: random.integer(1, 12),
        };
        const context = contextOf(randomTypes, { ...setting, dayOf: createTimeZone(setting.timeZone).dayOf });
        const differences = await compareWithDuckDb(connection, spec, setting, calculatePivot(table, spec, context));
        expect({ seed, draw, spec, setting, differences: differences.slice(0, 5) }).toEqual({
          seed,
          draw,
          spec,
          setting,
          differences: [],
        });
      }
    }
  });
});
