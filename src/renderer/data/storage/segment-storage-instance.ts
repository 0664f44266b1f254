// RxDB's view of one collection. Promises: a write is on disk and visible when bulkWrite resolves; two writes of one document
// never both succeed on the same revision; events arrive in the order of the writes; reading never waits for the disk.
import { categorizeBulkWriteRows, now } from 'rxdb';
import type {
  BulkWriteRow,
  CategorizeBulkWriteRowsOutput,
  EventBulk,
  PreparedQuery,
  RxDocumentData,
  RxStorageBulkWriteResponse,
  RxStorageChangeEvent,
  RxStorageCountResult,
  RxStorageDefaultCheckpoint,
  RxStorageInstance,
  RxStorageInstanceCreationParams,
  RxStorageQueryResult,
} from 'rxdb';
import { Subject } from 'rxjs';
import type { Observable } from 'rxjs';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Schema } from '#renderer/data/storage/index-key.ts';
import { countQuery, runQuery } from '#renderer/data/storage/run-query.ts';
import type { StoredDocument } from '#renderer/data/storage/segment-codec.ts';
import type { SegmentCollection } from '#renderer/data/storage/segment-collection.ts';
import { WriteQueue } from '#renderer/data/storage/write-queue.ts';
import type { WriteJob } from '#renderer/data/storage/write-queue.ts';

export type SegmentStorageInstanceOptions = Readonly<Record<string, never>>;
export interface SegmentStorageInternals {
  /** Merges small segments now instead of when idle; resolves when nothing is left to merge. */
  mergeNow(): Promise<void>;
  /** Rewrites what still holds former versions of documents. Needed only when a value must leave the disk at once. */
  removeOutdated(): Promise<void>;
  /** Every document that is not deleted, in no order: for whoever wants them all. */
  current(): readonly Readonly<Record<string, unknown>>[];
  /** Whether nothing is stored here; needs no document. */
  isEmpty(): boolean;
  /** Unpacks documents until this instant (of `performance.now`), for later; returns whether that was all. */
  unpack(untilMs: number): boolean;
}

type Row = RxDocumentData<StoredDocument>;
type Writes = BulkWriteRow<StoredDocument>[];
type Changes = EventBulk<RxStorageChangeEvent<Row>, RxStorageDefaultCheckpoint>;
interface WriteInput {
  readonly rows: Writes;
  readonly context: string;
}

const MERGE_DELAY_MS = 400;
const LONGEST_TURN_MS = 12;

export class SegmentStorageInstance implements RxStorageInstance<
  StoredDocument,
  SegmentStorageInternals,
  SegmentStorageInstanceOptions,
  RxStorageDefaultCheckpoint
> {
  readonly databaseName: string;
  readonly collectionName: string;
  readonly schema: Schema;
  readonly options: SegmentStorageInstanceOptions;
  readonly internals: SegmentStorageInternals;
  readonly #collection: SegmentCollection;
  readonly #changes = new Subject<Changes>();
  readonly #queue = new WriteQueue<WriteInput, RxStorageBulkWriteResponse<StoredDocument>>((jobs) =>
    this.#writeGroup(jobs),
  );
  #mergeTimer: ReturnType<typeof setTimeout> | null = null;
  #turnStartedMs = 0;
  #closing: Promise<void> | null = null;

  constructor(
    params: RxStorageInstanceCreationParams<StoredDocument, SegmentStorageInstanceOptions>,
    collection: SegmentCollection,
  ) {
    this.databaseName = params.databaseName;
    this.collectionName = params.collectionName;
    this.schema = params.schema;
    this.options = params.options;
    this.internals = {
      mergeNow: () => this.#merge(),
      current: () => {
        const documents = this.#collection.table.current();
        this.#mergeLater();
        return documents;
      },
      isEmpty: () => this.#collection.isEmpty,
      unpack: (untilMs) => this.#collection.unpack(untilMs),
      removeOutdated: () => this.#queue.run(() => this.#collection.removeOutdated()),
    };
    this.#collection = collection;
    this.#mergeLater();
  }

  bulkWrite(rows: Writes, context: string): Promise<RxStorageBulkWriteResponse<StoredDocument>> {
    this.#ensureOpen();
    return this.#queue.write({ rows, context }, rows.length);
  }

  async findDocumentsById(ids: string[], withDeleted: boolean): Promise<Row[]> {
    await this.#giveTurn();
    const found: Row[] = [];
    for (const id of ids) {
      const document = this.#collection.table.get(id) as Row | undefined;
      if (document && (withDeleted || !document._deleted)) found.push(document);
    }
    return found;
  }

  async query(prepared: PreparedQuery<StoredDocument>): Promise<RxStorageQueryResult<StoredDocument>> {
    await this.#giveTurn();
    return { documents: runQuery(this.#collection.table, this.schema, prepared) };
  }

  async count(prepared: PreparedQuery<StoredDocument>): Promise<RxStorageCountResult> {
    await this.#giveTurn();
    return { count: countQuery(this.#collection.table, this.schema, prepared), mode: 'fast' };
  }

  changeStream(): Observable<Changes> {
    return this.#changes.asObservable();
  }

  async cleanup(minimumDeletedTime: number): Promise<boolean> {
    this.#ensureOpen();
    await this.#queue.run(() => this.#collection.purgeDeleted(now() - minimumDeletedTime));
    this.#mergeLater();
    return true;
  }

  getAttachmentData(): Promise<Blob> {
    return Promise.reject(new OutpostError('internal', 'This storage holds no attachments.'));
  }

  async remove(): Promise<void> {
    this.#ensureOpen();
    await this.#finish(() => this.#collection.remove());
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish(() => Promise.resolve(this.#collection.close()));
    return this.#closing;
  }

  #finish(last: () => Promise<void>): Promise<void> {
    if (this.#mergeTimer !== null) clearTimeout(this.#mergeTimer);
    this.#closing = this.#queue
      .settle()
      .then(last)
      .finally(() => this.#changes.complete());
    return this.#closing;
  }

  #ensureOpen(): void {
    if (this.#closing)
      throw new OutpostError('internal', 'The local database is closed.', { collection: this.collectionName });
  }

  /** Readers in a tight loop would keep a finished transaction from being noticed: now and then they wait for a new turn. */
  async #giveTurn(): Promise<void> {
    this.#ensureOpen();
    if (!this.#queue.isBusy) {
      this.#turnStartedMs = 0;
      return;
    }
    if (this.#turnStartedMs === 0) this.#turnStartedMs = performance.now();
    if (performance.now() - this.#turnStartedMs < LONGEST_TURN_MS) return;
    await new Promise((resolve) => setTimeout(resolve));
    this.#turnStartedMs = performance.now();
    this.#ensureOpen();
  }

  async #writeGroup(jobs: readonly WriteJob<WriteInput, RxStorageBulkWriteResponse<StoredDocument>>[]): Promise<void> {
    const { table } = this.#collection;
    const newest = new Map<string, Row>();
    // Later writes of the group must see the earlier ones, which are not in memory before they are durable.
    const view = {
      get size() {
        return table.size + newest.size;
      },
      get: (id: string) => newest.get(id) ?? (table.get(id) as Row | undefined),
    } as unknown as Map<string, Row>;
    const outcomes = jobs.map((job) => {
      const outcome = categorizeBulkWriteRows<StoredDocument>(
        this,
        table.primaryPath,
        view,
        job.input.rows,
        job.input.context,
      );
      for (const { document } of outcome.bulkInsertDocs) newest.set(String(document[table.primaryPath]), document);
      for (const { document } of outcome.bulkUpdateDocs) newest.set(String(document[table.primaryPath]), document);
      return { job, outcome };
    });
    if (newest.size > 0) await this.#collection.write([...newest.values()]);
    for (const { job, outcome } of outcomes) {
      this.#emit(outcome);
      job.resolve({ error: outcome.errors });
    }
    this.#mergeLater();
  }

  #emit({ eventBulk, newestRow }: CategorizeBulkWriteRowsOutput<StoredDocument>): void {
    if (eventBulk.events.length === 0 || !newestRow) return;
    const { document } = newestRow;
    eventBulk.checkpoint = { id: String(document[this.#collection.table.primaryPath]), lwt: document._meta.lwt };
    this.#changes.next(eventBulk);
  }

  #mergeLater(): void {
    if (this.#mergeTimer !== null || this.#closing || !this.#collection.hasWorkForMerge()) return;
    this.#mergeTimer = setTimeout(() => {
      this.#mergeTimer = null;
      // A failed merge has changed nothing and the next write plans another: it is reported, nobody waits for it.
      this.#merge().catch(reportError);
    }, MERGE_DELAY_MS);
  }

  async #merge(): Promise<void> {
    let hasMore = true;
    while (hasMore) {
      hasMore = await this.#queue.run(async () => this.#closing === null && (await this.#collection.mergeOnce()));
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
}
