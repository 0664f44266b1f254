// The peer of the first synchronization: PouchDB's replication from a PouchDB server into PouchDB's IndexedDB storage, its
// default in browsers. One case for each batch size, so that the bench can give the peer its best.
import PouchDB from 'pouchdb-browser';

/** Address of the server's database; the bench writes it into the page. */
const remoteUrl = (): string => (globalThis as unknown as { peerUrl: string }).peerUrl;

async function replicate(batchSize: number): Promise<{ readonly ms: number; readonly documents: number }> {
  const local = new PouchDB(`peer-${crypto.randomUUID()}`, { auto_compaction: false });
  const startedMs = performance.now();
  const outcome = await local.replicate.from(new PouchDB(remoteUrl()), { batch_size: batchSize });
  const ms = performance.now() - startedMs;
  await local.destroy();
  return { ms, documents: outcome.docs_written };
}

export const cases: Record<string, () => Promise<unknown>> = {
  'batches of 500': () => replicate(500),
  'batches of 2000': () => replicate(2000),
  'batches of 5000': () => replicate(5000),
};
