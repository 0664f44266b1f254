// The short lane of the two-world law: pairs of worlds on the model of the store, and the planted leaks that only such a
// pair shows. The databases are compared in `contract/store/twins.test.ts`.
import { describe, expect, it } from 'vitest';
import { compareTwins, playTwinOnModel } from '#test/sim/twins/compare-twins.ts';
import { leakDefects } from '#test/sim/zoo/leak-defects.ts';
import { huntLeak } from '#test/sim/zoo/run-zoo.ts';

const SEEDS = Array.from({ length: 40 }, (_, index) => index + 1);
const LIMIT_MS = 120_000;

describe('two worlds that differ only in what somebody may not see', () => {
  it.each(['one', 'any'] as const)(
    'SYNC-23 answer that person with the same bytes when hidden work takes %s commits',
    async (hiddenWork) => {
      for (const seed of SEEDS) expect(await compareTwins(seed, hiddenWork)).toBeNull();
    },
    LIMIT_MS,
  );

  it('SYNC-23 are not the same world, and tell the person a lot', async () => {
    const transcripts = await Promise.all(
      SEEDS.map((seed) => playTwinOnModel({ seed, hiddenSeed: seed, hiddenWork: 'one' })),
    );
    const text = transcripts.flat().join('\n');
    const parts = ['"t":"put"', '"t":"remove"', '"t":"del"', '"rejected"', '"merged"', 'scope_changed', 'poke', 'gone'];
    expect(parts.filter((part) => !text.includes(part))).toEqual([]);
    expect(text.includes('hidden ')).toBe(false);
  });

  it.each(leakDefects)('SYNC-23 show that $name', async (defect) => {
    expect((await huntLeak(defect, 1, 40)).violation).not.toBeNull();
  });
});
