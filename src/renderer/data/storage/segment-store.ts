// Segments in IndexedDB: one Dexie database for each RxDB database, one record for each segment, one meta record for each
// collection. Every transaction that changes segments also writes their count and the sum of their numbers, so that a lost
// record is found when the collection is opened instead of being missed silently.
import { Dexie } from 'dexie';
import type { Table } from 'dexie';
import type { SegmentSeal } from '#renderer/data/storage/segment-seal.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface SegmentRecord {
  readonly collection: string;
  readonly number: number;
  readonly data: Bytes;
}

interface MetaRecord {
  readonly collection: string;
  /** A sealed `RecordCheck`. */
  readonly check: Bytes;
}

interface RecordCheck {
  readonly count: number;
  readonly sum: number;
  readonly nextNumber: number;
}

export interface SegmentChange {
  readonly put: readonly Omit<SegmentRecord, 'collection'>[];
  readonly remove: readonly number[];
}

export type Durability = 'default' | 'strict' | 'relaxed';

interface SharedDatabase {
  readonly dexie: Dexie;
  readonly segments: Table<SegmentRecord, [string, number]>;
  readonly meta: Table<MetaRecord, string>;
  users: number;
}

const PAGE_SEGMENTS = 48;
const openDatabases = new Map<string, SharedDatabase>();

function acquireDatabase(name: string, durability: Durability): SharedDatabase {
  const known = openDatabases.get(name);
  if (known) {
    known.users += 1;
    return known;
  }
  const dexie = new Dexie(name, { chromeTransactionDurability: durability });
  dexie.version(1).stores({ segments: '[collection+number]', meta: 'collection' });
  const database: SharedDatabase = { dexie, segments: dexie.table('segments'), meta: dexie.table('meta'), users: 1 };
  openDatabases.set(name, database);
  return database;
}

export class SegmentStore {
  readonly #name: string;
  readonly #collection: string;
  readonly #database: SharedDatabase;
  readonly #seal: SegmentSeal;
  readonly #numbers = new Set<number>();
  #sum = 0;
  #nextNumber = 1;

  constructor(databaseName: string, collection: string, durability: Durability, seal: SegmentSeal) {
    this.#seal = seal;
    this.#name = databaseName;
    this.#collection = collection;
    this.#database = acquireDatabase(databaseName, durability);
  }

  /** Reserves numbers for new segments; later segments have higher numbers, gaps are fine. */
  takeNumber(): number {
    this.#nextNumber += 1;
    return this.#nextNumber - 1;
  }

  /**
   * Gives all segments in the order of their numbers, reading ahead while the caller works on a page.
   * @throws OutpostError `local_database_damaged` when records are missing or were never written by a complete transaction.
   */
  async load(onSegment: (segment: Pick<SegmentRecord, 'number' | 'data'>) => void): Promise<void> {
    // Asked for together: a start waits for every trip to the disk.
    let reading = this.#readPage(0);
    const checking = this.#readCheck();
    let isLast = false;
    try {
      const check = await checking;
      while (!isLast) {
        const records = await reading;
        const last = records.at(-1);
        isLast = last === undefined || records.length < PAGE_SEGMENTS;
        if (last && !isLast) reading = this.#readPage(last.number);
        const opened = await Promise.all(
          records.map(({ number, data }) => this.#seal.open(data, this.#placeOf(number))),
        );
        records.forEach(({ number }, position) => {
          this.#numbers.add(number);
          this.#sum += number;
          onSegment({ number, data: opened[position] ?? new Uint8Array() });
        });
      }
      this.#expect(check);
    } finally {
      // After a failure what is read beside it must not fail unheard when the database closes.
      await Promise.allSettled([reading, checking]);
    }
  }

  #expect({ count, sum, nextNumber }: RecordCheck): void {
    if (this.#numbers.size !== count || this.#sum !== sum) {
      throw new OutpostError('local_database_damaged', 'Parts of the local database are missing.', {
        expected: count,
        found: this.#numbers.size,
      });
    }
    this.#nextNumber = nextNumber;
  }

  async #readCheck(): Promise<RecordCheck> {
    const meta = await this.#database.meta.get(this.#collection);
    if (!meta) return { count: 0, sum: 0, nextNumber: 1 };
    const bytes = await this.#seal.open(meta.check, this.#placeOf('check'));
    try {
      return JSON.parse(new TextDecoder().decode(bytes)) as RecordCheck;
    } catch (cause) {
      throw new OutpostError('local_database_damaged', 'The local database cannot be read.', {}, { cause });
    }
  }

  #placeOf(part: number | string): string {
    return `${this.#collection}/${part}`;
  }

  #readPage(after: number): Promise<SegmentRecord[]> {
    const range = this.#database.segments.where('[collection+number]');
    return Promise.resolve(
      range
        .between([this.#collection, after], [this.#collection, Dexie.maxKey], false, true)
        .limit(PAGE_SEGMENTS)
        .toArray(),
    );
  }

  /**
   * Durable when it resolves: all of the change or, on an error, nothing of it.
   * @throws OutpostError `disk_full` when there is no space left for it.
   */
  async commit(change: SegmentChange): Promise<void> {
    const { count, sum } = this.#checkAfter(change);
    const check: RecordCheck = { count, sum, nextNumber: this.#nextNumber };
    // Sealed before the transaction begins: IndexedDB does not wait for anything else.
    const [sealedCheck, ...sealed] = await Promise.all([
      this.#seal.seal(new TextEncoder().encode(JSON.stringify(check)), this.#placeOf('check')),
      ...change.put.map(({ number, data }) => this.#seal.seal(data, this.#placeOf(number))),
    ]);
    const records = change.put.map(({ number }, position) => ({
      collection: this.#collection,
      number,
      data: sealed[position] ?? new Uint8Array(),
    }));
    await this.#writeAll({ collection: this.#collection, check: sealedCheck }, records, change.remove);
    for (const number of change.remove) this.#numbers.delete(number);
    for (const { number } of change.put) this.#numbers.add(number);
    this.#sum = sum;
  }

  async #writeAll(meta: MetaRecord, records: readonly SegmentRecord[], remove: readonly number[]): Promise<void> {
    const { dexie, segments, meta: metaTable } = this.#database;
    const writing = dexie.transaction('rw', segments, metaTable, async () => {
      const writes: PromiseLike<unknown>[] = [metaTable.put(meta)];
      if (records.length > 0) writes.push(segments.bulkPut(records));
      if (remove.length > 0) writes.push(segments.bulkDelete(remove.map((number) => [this.#collection, number])));
      await Promise.all(writes);
    });
    try {
      await writing;
    } catch (error) {
      throw toStoreError(error);
    }
  }

  #checkAfter(change: SegmentChange): { readonly count: number; readonly sum: number } {
    let count = this.#numbers.size;
    let sum = this.#sum;
    for (const number of change.remove) {
      if (!this.#numbers.has(number)) continue;
      count -= 1;
      sum -= number;
    }
    for (const { number } of change.put) {
      if (this.#numbers.has(number)) continue;
      count += 1;
      sum += number;
    }
    return { count, sum };
  }

  /** Removes everything of the collection, and the database with its last collection. */
  async remove(): Promise<void> {
    const { dexie, segments, meta } = this.#database;
    const isEmpty = await dexie.transaction('rw', segments, meta, async () => {
      await segments
        .where('[collection+number]')
        .between([this.#collection, Dexie.minKey], [this.#collection, Dexie.maxKey])
        .delete();
      await meta.delete(this.#collection);
      return (await meta.count()) === 0;
    });
    if (isEmpty && this.#database.users === 1) await dexie.delete();
  }

  close(): void {
    this.#database.users -= 1;
    if (this.#database.users > 0) return;
    this.#database.dexie.close();
    if (openDatabases.get(this.#name) === this.#database) openDatabases.delete(this.#name);
  }
}

/** Dexie wraps what IndexedDB reports; running out of space is the one failure a person can do something about. */
function toStoreError(error: unknown): OutpostError {
  const failures: unknown[] = [error, (error as { inner?: unknown }).inner];
  const isFull = failures.some((failure) => failure instanceof Error && failure.name === 'QuotaExceededError');
  if (isFull)
    return new OutpostError('disk_full', 'There is no space left for the local database.', {}, { cause: error });
  return new OutpostError('internal', 'The local database could not be written.', {}, { cause: error });
}
