// Both boards stand in the real application, one with 10,000 deals and one with none, everything else the same. Each round
// opens a fresh window, as going back to a board that was seen before paints it from memory.
import type { Page } from 'playwright';
import { inMs, median, type Figure } from '#test/bench/figure.ts';
import { useCompany } from '#test/bench/shared-company.ts';
import { openSignedInApp, type SignedInApp } from '#test/bench/signed-in-app.ts';

const ROUNDS = 7;

/** Milliseconds from the change of the address until the board stands on the screen, with cards if it has any. */
async function openBoard(window: Page, hasDeals: boolean): Promise<number> {
  await window.evaluate(() => {
    globalThis.location.hash = '#/home';
  });
  await window.reload();
  await window.getByTestId('sync-chip').waitFor();
  await window.waitForTimeout(800);
  return window.evaluate((isFull) => {
    const startedMs = performance.now();
    globalThis.location.hash = '#/pipeline';
    const isThere = (): boolean =>
      globalThis.document.querySelector(`[data-testid="board"]${isFull ? ' [data-card]' : ''}`) !== null;
    return new Promise<number>((resolve) => {
      const look = (): void => {
        if (!isThere()) requestAnimationFrame(look);
        // The frame that is being made now shows it; the next one begins when that is done.
        else requestAnimationFrame(() => resolve(performance.now() - startedMs));
      };
      requestAnimationFrame(look);
    });
  }, hasDeals);
}

export const board: Figure = {
  name: 'board-10k',
  unit: 'ms',
  ratio: 'times',
  target: { is: '<=', limit: 1.5 },
  async measure() {
    const apps: SignedInApp[] = [];
    try {
      for (const deals of [10_000, 0]) apps.push(await openSignedInApp(await useCompany(deals)));
      const [full, empty] = apps;
      if (full === undefined || empty === undefined) throw new Error('two applications expected');
      const times: { readonly full: number; readonly empty: number }[] = [];
      for (let round = 0; round < ROUNDS; round += 1)
        times.push({ full: await openBoard(full.window, true), empty: await openBoard(empty.window, false) });
      const [withDeals, without] = [times.map((time) => time.full), times.map((time) => time.empty)];
      return {
        value: median(withDeals),
        peer: { name: 'the same board without deals', value: median(without) },
        notes: [`with 10,000 deals ${inMs(withDeals)}; without ${inMs(without)}`],
      };
    } finally {
      for (const app of apps) await app.close();
    }
  },
};
