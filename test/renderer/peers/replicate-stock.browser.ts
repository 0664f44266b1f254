// The peer of the first pull: RxDB's own replication plugin over HTTP into RxDB's own Dexie storage, with the same two
// indexes as the product's collections. One case for each batch size, so that the bench can give the peer its best.
import { createRxDatabase, type RxCollection } from 'rxdb';
import { replicateRxCollection } from 'rxdb/plugins/replication';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';

type Deal = Record<string, unknown> & { id: string };
interface Checkpoint {
  readonly from: number;
}
interface Page {
  readonly documents: (Deal & { _deleted: boolean })[];
  readonly checkpoint: Checkpoint;
}

const schema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 64 },
    kind: { type: 'string', maxLength: 32 },
    updatedAt: { type: 'string', maxLength: 40 },
  },
  required: ['id', 'kind', 'updatedAt'],
  indexes: ['kind', 'updatedAt'],
} as const;

/** Where the documents are; the bench writes it into the page. */
const serverUrl = (): string => (globalThis as unknown as { peerUrl: string }).peerUrl;

async function replicate(batchSize: number): Promise<{ readonly ms: number; readonly documents: number }> {
  const database = await createRxDatabase({
    name: `peer-${crypto.randomUUID()}`,
    storage: getRxStorageDexie(),
    multiInstance: false,
    eventReduce: false,
  });
  const collections = await database.addCollections({ deals: { schema } });
  const deals = collections.deals as unknown as RxCollection<Deal>;
  const startedMs = performance.now();
  const replication = replicateRxCollection<Deal, Checkpoint>({
    replicationIdentifier: 'bench',
    collection: deals,
    live: false,
    waitForLeadership: false,
    pull: {
      batchSize,
      async handler(checkpoint, limit) {
        const from = String(checkpoint?.from ?? 0);
        const response = await fetch(`${serverUrl()}/?from=${from}&limit=${String(limit)}`);
        return (await response.json()) as Page;
      },
    },
  });
  const failed: unknown[] = [];
  replication.error$.subscribe((error) => failed.push(error));
  await replication.awaitInitialReplication();
  const ms = performance.now() - startedMs;
  if (failed.length > 0) throw failed[0];
  const documents = await deals.storageInstance.count({
    query: { selector: { _deleted: { $eq: false } }, sort: [{ id: 'asc' }], skip: 0 },
    queryPlan: {
      index: ['_deleted', 'id'],
      startKeys: [false, ''],
      endKeys: [false, '￿'],
      inclusiveStart: true,
      inclusiveEnd: true,
      sortSatisfiedByIndex: true,
      selectorSatisfiedByIndex: true,
    },
  } as never);
  await database.remove();
  return { ms, documents: documents.count };
}

export const cases: Record<string, () => Promise<unknown>> = {
  'batches of 1000': () => replicate(1000),
  'batches of 5000': () => replicate(5000),
  'batches of 10000': () => replicate(10_000),
};
