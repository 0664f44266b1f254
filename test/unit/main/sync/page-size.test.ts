import { describe, expect, it } from 'vitest';
import { createPageSize } from '#main/sync/page-size.ts';

/** Asks for pages that take so long, `null` for one that fails; the sizes asked for. */
async function askFor(took: readonly (number | null)[], isGivenUp = false): Promise<readonly number[]> {
  let nowMs = 0;
  const sizes: number[] = [];
  const pageSize = createPageSize({ now: () => nowMs });
  for (const ms of took) {
    const asked = pageSize.measure(
      async (items) => {
        sizes.push(items);
        nowMs += ms ?? 60_000;
        if (ms === null) throw new Error('no answer in time');
        return items;
      },
      () => isGivenUp,
    );
    await (ms === null ? expect(asked).rejects.toThrow('no answer in time') : asked);
  }
  return sizes;
}

describe('how much a page is asked for', () => {
  it('a fast line is asked for more with every page, to a limit', async () => {
    expect(await askFor([100, 100, 100, 100])).toEqual([1000, 2000, 4000, 4000]);
  });

  it('a slow line is asked for less, a page that fails for much less, until something arrives', async () => {
    expect(await askFor([9_000, 3_000, null, null, null, 3_000])).toEqual([1000, 500, 500, 125, 100, 100]);
  });

  it('a request that was given up says nothing about the line', async () => {
    expect(await askFor([null, 3_000], true)).toEqual([1000, 1000]);
  });
});
