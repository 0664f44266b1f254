import { inMs, type Figure } from '#test/bench/figure.ts';
import { measureStorage, openStorageBench } from '#test/bench/storage.bench.ts';

export const newestFirst: Figure = {
  name: 'newest-first-100k',
  unit: 'ms',
  ratio: 'faster',
  target: { is: '>=', limit: 100 },
  async measure() {
    const module = await openStorageBench();
    try {
      const { segments, stock, applyFactor } = await measureStorage(module);
      return {
        value: segments.newestMs,
        peer: { name: 'stock RxDB + Dexie', value: stock.newestMs },
        notes: [
          `open the database and read the 50 newest: ${inMs([segments.coldOpenMs])}, stock ${inMs([stock.coldOpenMs])}`,
          `pages applied ${applyFactor.toFixed(1)} times faster; one edit p95 ${inMs([segments.patchP95Ms])}, stock ${inMs([stock.patchP95Ms])}`,
        ],
      };
    } finally {
      await module.close();
    }
  },
};
