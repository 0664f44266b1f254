// How long after a start the columns of a pivot are ready, beside reading the same documents through stock RxDB.
import { prepareQuery } from 'rxdb';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { createRecordMirror } from '#renderer/data/record-mirror.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { getSegmentStorage } from '#renderer/data/storage/get-segment-storage.ts';
import { createColumnStore } from '#shared/analytics/columns/column-store.ts';
import { makeDeals, openDatabase, type Deal, type Deals, type Storage } from '#test/renderer/storage/stored-deals.ts';

const DOCUMENTS = 500_000;
/** What a pivot of the pipeline by stage, owner and quarter is made of. */
const fields = ['stageId', 'ownerId', 'status', 'closeDate', 'amount', 'probability'];

async function fill(storage: Storage, name: string): Promise<void> {
  const documents = makeDeals(DOCUMENTS);
  const { database, deals } = await openDatabase(storage, name);
  for (let start = 0; start < DOCUMENTS; start += 5000) await deals.bulkInsert(documents.slice(start, start + 5000));
  await database.close();
}

/** Every document as the storage gives it, as the data host reads at a start. */
async function readAll(deals: Deals): Promise<readonly Record<string, unknown>[]> {
  const query = prepareQuery<Deal>(deals.storageInstance.schema, {
    selector: { _deleted: { $eq: false } },
    sort: [{ id: 'asc' }],
    skip: 0,
  });
  const { documents } = await deals.storageInstance.query(query);
  return documents;
}

function toColumns(documents: readonly Record<string, unknown>[]): number {
  const mirror = createRecordMirror();
  mirror.change(
    documents.map((document) => ({
      entity: 'deal' as const,
      id: String(document['id']),
      after: document as unknown as LocalRecord,
    })),
  );
  const table = createColumnStore(mirror, (minorUnits) => minorUnits).table('deal');
  for (const field of fields) if (table.column(field) === undefined) throw new Error(`no column ${field}`);
  return table.slots;
}

async function measure(storage: Storage, name: string, finish: (deals: Deals) => Promise<number>): Promise<number> {
  await fill(storage, name);
  const started = performance.now();
  const { database, deals } = await openDatabase(storage, name);
  if ((await finish(deals)) !== DOCUMENTS) throw new Error('not all documents came back');
  const ms = performance.now() - started;
  await database.remove();
  return ms;
}

export const cases: Record<string, () => Promise<unknown>> = {
  columns: async () =>
    measure(
      getSegmentStorage({
        name: 'columns',
        key: await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']),
      }),
      `columns-own-${Date.now()}`,
      async (deals) => toColumns(await readAll(deals)),
    ),
  stock: () =>
    measure(getRxStorageDexie(), `columns-stock-${Date.now()}`, async (deals) => (await deals.find().exec()).length),
};
