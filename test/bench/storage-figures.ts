// The local storage engine, sealed as the application has it, next to stock RxDB on Dexie: 100,000 deals and the same work in
// the same Chromium. One run of about a minute and a half serves all four figures.
import { fileURLToPath } from 'node:url';
import { inMs, type Figure, type Measured } from '#test/bench/figure.ts';
import type { StorageFigures } from '#test/renderer/storage/measure-storage.browser.ts';
import { openInChromium } from '#test/support/run-in-chromium.ts';

interface Compared {
  readonly own: StorageFigures;
  readonly stock: StorageFigures;
}

const STOCK = 'stock RxDB + Dexie';
let compared: Promise<Compared> | null = null;

async function compare(): Promise<Compared> {
  const module = await openInChromium(
    fileURLToPath(new URL('../renderer/storage/measure-storage.browser.ts', import.meta.url)),
  );
  try {
    const own = (await module.run('sealed')) as StorageFigures;
    const stock = (await module.run('stock')) as StorageFigures;
    return { own, stock };
  } finally {
    await module.close();
  }
}

function figure(
  name: string,
  unit: string,
  limit: number,
  tell: (seen: Compared) => Measured,
  is: '<=' | '>=' = '>=',
): Figure {
  const measure = async (): Promise<Measured> => tell(await (compared ??= compare()));
  return { name, unit, target: { is, limit }, measure, ...(is === '>=' ? { ratio: 'faster' as const } : {}) };
}

const against = (value: number, peer: number): Measured => ({ value, peer: { name: STOCK, value: peer } });

export const storageFigures: readonly Figure[] = [
  figure('newest-first-100k', 'ms', 1_000, ({ own, stock }) => against(own.newestMs, stock.newestMs)),
  figure(
    'live-query',
    'ms',
    16,
    ({ own, stock }) => ({ value: own.liveP95Ms, notes: [`p95; ${STOCK} ${inMs([stock.liveP95Ms])}`] }),
    '<=',
  ),
  figure('cold-open-100k', 'ms', 5, ({ own, stock }) => ({
    ...against(own.coldOpenMs, stock.coldOpenMs),
    notes: [`to be within 800 ms, too: ${inMs([own.coldOpenMs])}; heap ${own.heapMb.toFixed(0)} MB`],
  })),
  figure('apply-100k', 'ms', 15, ({ own, stock }) => ({
    ...against((1000 * own.documents) / own.applyRate, (1000 * stock.documents) / stock.applyRate),
    notes: [
      `${String(own.applyRate)} records a second; ${STOCK} ${String(stock.applyRate)}`,
      `one edit until durable p95 ${inMs([own.patchP95Ms])}; ${STOCK} ${inMs([stock.patchP95Ms])}`,
    ],
  })),
];
