// Columns of half a million records after a start: from the sealed local storage to what pivots are calculated from, next to
// stock RxDB on Dexie reading the same documents in the same Chromium.
import { fileURLToPath } from 'node:url';
import type { Figure } from '#test/bench/figure.ts';
import { openInChromium } from '#test/support/run-in-chromium.ts';

export const columns: Figure = {
  name: 'columns-500k',
  unit: 'ms',
  ratio: 'faster',
  target: { is: '>=', limit: 30 },
  async measure() {
    const module = await openInChromium(
      fileURLToPath(new URL('../renderer/storage/measure-columns.browser.ts', import.meta.url)),
    );
    try {
      const value = (await module.run('columns')) as number;
      const peer = (await module.run('stock')) as number;
      return { value, peer: { name: 'stock RxDB + Dexie', value: peer } };
    } finally {
      await module.close();
    }
  },
};
