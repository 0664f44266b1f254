// 70 searches (words, beginnings of words, misspelled words, two words) over 100,000 records in the data host.
import path from 'node:path';
import type { Figure } from '#test/bench/figure.ts';
import { openInChromium } from '#test/support/run-in-chromium.ts';

const module = path.resolve(import.meta.dirname, '../renderer/data/measure-data.browser.ts');

export const search: Figure = {
  name: 'search-100k',
  unit: 'ms',
  target: { is: '<=', limit: 50 },
  async measure() {
    const chromium = await openInChromium(module);
    try {
      const seen = (await chromium.run('measure')) as Readonly<Record<string, number>>;
      const value = seen['search p95 ms'];
      if (value === undefined) throw new Error('the data host was not asked to search');
      return { value, notes: Object.entries(seen).map(([what, amount]) => `${what}: ${String(amount)}`) };
    } finally {
      await chromium.close();
    }
  },
};
