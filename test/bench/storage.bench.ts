// The local storage engine next to stock RxDB on Dexie, in one Chromium: the figures of the bench runner.
import { fileURLToPath } from 'node:url';
import { openInChromium } from '#test/support/run-in-chromium.ts';
import type { ChromiumModule } from '#test/support/run-in-chromium.ts';
import type { StorageFigures } from '#test/renderer/storage/measure-storage.browser.ts';

export interface StorageComparison {
  readonly segments: StorageFigures;
  readonly stock: StorageFigures;
  /** How many times faster than stock. */
  readonly newestFirstFactor: number;
  readonly applyFactor: number;
}

/** `module`: a page with the measuring module. Takes about a minute: stock RxDB writes 100,000 records one by one. */
export async function measureStorage(module: ChromiumModule): Promise<StorageComparison> {
  const segments = (await module.run('segments')) as StorageFigures;
  const stock = (await module.run('stock')) as StorageFigures;
  return {
    segments,
    stock,
    newestFirstFactor: stock.newestMs / segments.newestMs,
    applyFactor: segments.applyRate / stock.applyRate,
  };
}

export function openStorageBench(): Promise<ChromiumModule> {
  return openInChromium(fileURLToPath(new URL('../renderer/storage/measure-storage.browser.ts', import.meta.url)));
}
