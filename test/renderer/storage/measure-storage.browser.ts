// Measures the local storage engine and stock RxDB on Dexie with the same work in the same page. One case measures both;
// what it returns is plain data for the bench runner.
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { getSegmentStorage } from '#renderer/data/storage/get-segment-storage.ts';
import { makeDeals, openDatabase, type Deal, type Deals, type Storage } from '#test/renderer/storage/stored-deals.ts';

/** Rates in documents a second, times in milliseconds, sizes in MB. */
export interface StorageFigures {
  readonly documents: number;
  readonly insertRate: number;
  readonly applyRate: number;
  readonly coldOpenMs: number;
  readonly newestMs: number;
  readonly countMs: number;
  readonly findAllMs: number;
  readonly patchP50Ms: number;
  readonly patchP95Ms: number;
  /** From an edit until a live query for the newest 50 has told of it, 95 of 100 times. */
  readonly liveP95Ms: number;
  /** The page's whole JavaScript heap with the database open and one index in use. */
  readonly heapMb: number;
}

const DOCUMENTS = 100_000;

async function time(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const newest = (deals: Deals): Promise<unknown[]> =>
  deals.find({ selector: {}, sort: [{ updatedAt: 'desc' }], limit: 50 } as never).exec();

/** A query RxDB has not seen before, so that the storage answers and not RxDB's query cache. */
function findAfresh(deals: Deals, mango: object): Promise<unknown> {
  return deals.find({ ...mango, selector: { updatedAt: { $gt: `0${Math.round(performance.now() * 1000)}` } } }).exec();
}

async function applyPages(deals: Deals, documents: readonly Deal[], pages: number): Promise<void> {
  for (let page = 0; page < pages; page += 1) {
    const part = documents.slice(page * 1000, page * 1000 + 1000);
    const stored = await deals.storageInstance.findDocumentsById(
      part.map(({ id }) => id),
      true,
    );
    const lwt = Date.now();
    const rows = stored.map((previous) => ({
      previous,
      document: {
        ...previous,
        amount: 5,
        _meta: { lwt: lwt + 0.01 },
        _rev: `${Number.parseInt(previous._rev, 10) + 1}-apply`,
      },
    }));
    const { error } = await deals.storageInstance.bulkWrite(rows, 'apply');
    if (error.length > 0) throw new Error('a page was refused');
  }
}

async function patchOneByOne(deals: Deals, documents: readonly Deal[]): Promise<number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < 60; turn += 1) {
    const found = await deals.findOne(documents[turn * 31]?.id ?? '').exec();
    times.push(await time(async () => found?.incrementalPatch({ amount: turn + 6 })));
  }
  return times.sort((left, right) => left - right);
}

/** Times from the call of an edit until the live query shows it. */
async function watchEdits(deals: Deals): Promise<number[]> {
  const live = deals.find({ selector: {}, sort: [{ updatedAt: 'desc' }], limit: 50 } as never);
  const times: number[] = [];
  let isShown: ((rows: readonly Deal[]) => void) | null = null;
  const subscription = live.$.subscribe((rows) => isShown?.(rows));
  const [first] = (await live.exec()) as unknown as {
    readonly id: string;
    incrementalPatch(change: object): Promise<unknown>;
  }[];
  if (first === undefined) throw new Error('no rows');
  for (let turn = 0; turn < 60; turn += 1) {
    const shown = new Promise<void>((resolve) => {
      isShown = (rows) => {
        if (rows.some((row) => row.id === first.id && row['amount'] === 1000 + turn)) resolve();
      };
    });
    times.push(await time(() => Promise.all([first.incrementalPatch({ amount: 1000 + turn }), shown])));
  }
  subscription.unsubscribe();
  return times.sort((left, right) => left - right);
}

async function median(repeats: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < repeats; turn += 1) times.push(await time(work));
  return times.sort((left, right) => left - right)[repeats >>> 1] ?? 0;
}

function heapMb(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize / 1e6;
}

async function measure(storage: Storage, name: string, count: number): Promise<StorageFigures> {
  const documents = makeDeals(count);
  let { database, deals } = await openDatabase(storage, name);
  const insertMs = await time(async () => {
    for (let start = 0; start < count; start += 5000) await deals.bulkInsert(documents.slice(start, start + 5000));
  });
  const pages = count / 1000;
  const applyMs = await time(() => applyPages(deals, documents, pages));
  await new Promise((resolve) => setTimeout(resolve, 1500));
  await database.close();
  const ids = documents.filter((_, position) => position < 2000);
  documents.length = 0;
  const coldOpenMs = await time(async () => {
    ({ database, deals } = await openDatabase(storage, name));
    const rows = await newest(deals);
    if (rows.length !== 50) throw new Error('wrong number of rows');
  });
  const heap = heapMb();
  const newestMs = await median(5, () => findAfresh(deals, { sort: [{ updatedAt: 'desc' }], limit: 50 }));
  const countMs = await median(5, () =>
    deals.count({ selector: { updatedAt: { $gt: `2024-0${Math.round(performance.now())}` } } }).exec(),
  );
  const findAllMs = await median(3, () => findAfresh(deals, {}));
  const patches = await patchOneByOne(deals, ids);
  const edits = await watchEdits(deals);
  await database.remove();
  return {
    documents: count,
    insertRate: Math.round(count / (insertMs / 1000)),
    applyRate: Math.round((pages * 1000) / (applyMs / 1000)),
    coldOpenMs,
    newestMs,
    countMs,
    findAllMs,
    patchP50Ms: patches[30] ?? 0,
    patchP95Ms: patches[57] ?? 0,
    liveP95Ms: edits[57] ?? 0,
    heapMb: heap,
  };
}

export const cases: Record<string, () => Promise<unknown>> = {
  sealed: async () =>
    measure(
      getSegmentStorage({
        name: 'sealed',
        key: await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']),
      }),
      `measure-sealed-${Date.now()}`,
      DOCUMENTS,
    ),
  stock: () => measure(getRxStorageDexie(), `measure-stock-${Date.now()}`, DOCUMENTS),
};
