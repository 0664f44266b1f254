// The short lane of the simulation: kept scripts, some hundred seeds, and a few planted defects. The long one is `npm run sim`.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runScript } from '#test/sim/world/run-script.ts';
import { writeScript, type Script } from '#test/sim/world/script.ts';
import { addTally, createTally } from '#test/sim/world/tally.ts';
import { allDefects } from '#test/sim/zoo/all-defects.ts';
import { hunt } from '#test/sim/zoo/run-zoo.ts';

const corpus = path.resolve(import.meta.dirname, '../../sim/corpus');
const LIMIT_MS = 180_000;
/** Leaves room for the rest of the lane on a slow machine. */
const SEED_TIME_MS = 25_000;
const FEWEST_SEEDS = 40;
const MOST_SEEDS = 400;

describe('simulation', () => {
  for (const file of readdirSync(corpus)) {
    it(`keeps every promise where ${file} once broke one`, async () => {
      const script = JSON.parse(readFileSync(path.join(corpus, file), 'utf8')) as Script;
      expect((await runScript(script)).violation).toBeNull();
    });
  }

  it('a script has the same end whenever it is played', async () => {
    for (const seed of [11, 12, 13]) {
      const script = writeScript(seed);
      expect((await runScript(script)).hash).toBe((await runScript(script)).hash);
    }
  });

  it(
    'SYNC-1 SYNC-2 SYNC-3 SYNC-4 SYNC-5 SYNC-7 SYNC-8 SYNC-10 SYNC-11 SYNC-12 SYNC-15 SYNC-16 SYNC-17 SYNC-20 SYNC-21 SYNC-22 SYNC-24 SYNC-25 SYNC-26 SYNC-27 SYNC-28 SYNC-29 SYNC-30 SYNC-32 SYNC-33 SYNC-34 SYNC-36 SYNC-38 SYNC-39 SYNC-40 SYNC-41 SYNC-42 SYNC-43 SYNC-44 SYNC-45 SYNC-47 SYNC-49 SYNC-54 SYNC-56 SYNC-57 hold in worlds that lose, repeat, crash and change hands',
    async () => {
      const sum = createTally();
      const broken: string[] = [];
      const startedMs = performance.now();
      for (let seed = 1; seed <= MOST_SEEDS; seed += 1) {
        const { violation, tally } = await runScript(writeScript(seed));
        if (violation !== null) broken.push(`seed ${String(seed)}: ${violation.message}`);
        addTally(sum, tally);
        if (seed >= FEWEST_SEEDS && performance.now() - startedMs > SEED_TIME_MS) break;
      }
      expect(broken).toEqual([]);
      // A lane in which nothing happens proves nothing.
      const { conflicts, refusals, purges, epochs, appCrashes, hostCrashes, serverCrashes, aborts, lostMessages } = sum;
      expect(sum.restores, 'restores').toBeGreaterThan(10);
      expect(sum.historyEntries, 'entries of histories').toBeGreaterThan(10);
      const seen = {
        conflicts,
        refusals,
        purges,
        epochs,
        appCrashes,
        hostCrashes,
        serverCrashes,
        aborts,
        lostMessages,
      };
      for (const [name, count] of Object.entries(seen)) expect(count, name).toBeGreaterThan(20);
    },
    LIMIT_MS,
  );

  it(
    'finds planted defects of every kind',
    async () => {
      const names = [
        'clock-as-it-is',
        'results-not-read',
        'group-torn',
        'moved-out-not-told',
        'nothing-is-purged',
        'history-of-moves-alone',
      ];
      for (const name of names) {
        const defect = allDefects.find((known) => known.name === name);
        if (defect === undefined) throw new Error(`There is no defect ${name}.`);
        expect((await hunt(defect, 1, 60)).violation, name).not.toBeNull();
      }
    },
    LIMIT_MS,
  );
});
