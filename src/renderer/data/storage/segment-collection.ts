// One collection: documents and indexes in memory, segments on disk, and the rules that keep the two the same.
// Memory changes only after the transaction with the change has committed, so a failed transaction changes nothing.
// Opening reads and checks all segments; their documents are unpacked when somebody first asks for one.
import { DocumentTable } from '#renderer/data/storage/document-table.ts';
import { decodeSegment, encodeSegment, TextPool } from '#renderer/data/storage/segment-codec.ts';
import type { StoredDocument } from '#renderer/data/storage/segment-codec.ts';
import { packSegments, SegmentLedger } from '#renderer/data/storage/segment-ledger.ts';
import type { SegmentSeal } from '#renderer/data/storage/segment-seal.ts';
import { SegmentStore } from '#renderer/data/storage/segment-store.ts';
import type { Durability } from '#renderer/data/storage/segment-store.ts';

export interface CollectionOptions {
  readonly databaseName: string;
  readonly collection: string;
  readonly primaryPath: string;
  readonly segmentRows: number;
  readonly durability: Durability;
  readonly seal: SegmentSeal;
}

const PURGE_SEGMENTS_AT_ONCE = 32;

export class SegmentCollection {
  readonly #table: DocumentTable;
  /** Segments that were read and are not unpacked yet, the newest first. */
  readonly #packed: { readonly number: number; readonly data: Uint8Array }[] = [];
  readonly #pool = new TextPool();
  readonly #store: SegmentStore;
  readonly #ledger: SegmentLedger;
  readonly #segmentRows: number;

  private constructor(options: CollectionOptions) {
    this.#table = new DocumentTable(options.primaryPath);
    this.#store = new SegmentStore(options.databaseName, options.collection, options.durability, options.seal);
    this.#ledger = new SegmentLedger(options.segmentRows);
    this.#segmentRows = options.segmentRows;
  }

  /** @throws OutpostError `local_database_damaged` when segments are missing or unreadable: drop the database and fetch it again. */
  static async open(options: CollectionOptions): Promise<SegmentCollection> {
    const collection = new SegmentCollection(options);
    try {
      await collection.#store.load((segment) => {
        collection.#packed.push(segment);
      });
      collection.#packed.reverse();
      return collection;
    } catch (error) {
      collection.#store.close();
      throw error;
    }
  }

  /**
   * The documents, unpacked by now.
   * @throws OutpostError `local_database_damaged` when a segment is none.
   */
  get table(): DocumentTable {
    this.unpack();
    return this.#table;
  }

  /** Whether nothing was ever stored here, or all of it was lost. */
  get isEmpty(): boolean {
    return this.#packed.length === 0 && this.#table.size === 0;
  }

  /**
   * Unpacks until this instant (of `performance.now`); returns whether that was all.
   * @throws OutpostError `local_database_damaged` when a segment is none.
   */
  unpack(untilMs = Number.POSITIVE_INFINITY): boolean {
    for (let next = this.#packed.at(-1); next !== undefined; next = this.#packed.at(-1)) {
      const slots = decodeSegment(next.data, this.#pool).map((document) => this.#table.put(document));
      this.#ledger.add(next.number, slots, next.data.byteLength);
      this.#packed.pop();
      if (performance.now() >= untilMs) break;
    }
    return this.#packed.length === 0;
  }

  /** Makes the newest states of these documents durable, then visible. */
  async write(documents: readonly StoredDocument[]): Promise<void> {
    this.unpack();
    const packed = packSegments(documents, this.#segmentRows, () => this.#store.takeNumber());
    await this.#store.commit({ put: packed.map(({ number, data }) => ({ number, data })), remove: [] });
    for (const segment of packed) {
      const slots = segment.documents.map((document) => this.table.put(document));
      this.#ledger.add(segment.number, slots, segment.data.byteLength);
    }
  }

  /** What is not unpacked yet is not looked at. */
  hasWorkForMerge(): boolean {
    return this.#packed.length === 0 && this.#ledger.poorSegments().length > 0;
  }

  /** Packs one batch of small or mostly outdated segments anew; returns whether trying for another makes sense. */
  async mergeOnce(): Promise<boolean> {
    const numbers = this.#ledger.poorSegments();
    if (numbers.length === 0) return false;
    const slots = numbers.flatMap((number) => this.#ledger.liveSlots(number));
    const packed = packSegments(this.#documentsAt(slots), this.#segmentRows, () => this.#store.takeNumber());
    await this.#store.commit({ put: packed.map(({ number, data }) => ({ number, data })), remove: numbers });
    // Documents near the size limit may not pack any better; merging them again would never end.
    const isBetter = packed.length < numbers.length;
    let taken = 0;
    for (const { number, data, documents } of packed) {
      this.#ledger.add(number, slots.slice(taken, taken + documents.length), data.byteLength);
      taken += documents.length;
    }
    for (const number of numbers) this.#ledger.remove(number);
    return isBetter;
  }

  /** Removes deleted documents written up to this time (milliseconds since 1970) with every stored version of them. */
  async purgeDeleted(untilMs: number): Promise<void> {
    const slots = new Set<number>();
    for (const slot of this.table.deletedSlots()) {
      const meta = this.table.documents[slot]?.['_meta'] as { readonly lwt: number } | undefined;
      if (meta && meta.lwt <= untilMs) slots.add(slot);
    }
    if (slots.size === 0) return;
    await this.#rewriteWithout(this.#ledger.segmentsWith(slots), slots);
    for (const slot of slots) {
      this.table.drop(slot);
      this.#ledger.dropSlot(slot);
    }
  }

  /** Removes all former versions of documents from the disk, for values that the user may no longer see. */
  async removeOutdated(): Promise<void> {
    this.unpack();
    await this.#rewriteWithout(this.#ledger.segmentsWithOutdated(), new Set());
  }

  /** Rewrites segments in place, oldest first, with their current rows only and without the given slots. */
  async #rewriteWithout(numbers: readonly number[], purged: ReadonlySet<number>): Promise<void> {
    for (let start = 0; start < numbers.length; start += PURGE_SEGMENTS_AT_ONCE) {
      await this.#rewritePart(numbers.slice(start, start + PURGE_SEGMENTS_AT_ONCE), purged);
    }
  }

  async #rewritePart(numbers: readonly number[], purged: ReadonlySet<number>): Promise<void> {
    const kept = numbers.map((number) => {
      const slots = this.#ledger.liveSlots(number).filter((slot) => !purged.has(slot));
      return { number, slots, data: encodeSegment(this.#documentsAt(slots)) };
    });
    const put = kept.filter(({ slots }) => slots.length > 0);
    const remove = kept.filter(({ slots }) => slots.length === 0).map(({ number }) => number);
    await this.#store.commit({ put: put.map(({ number, data }) => ({ number, data })), remove });
    for (const { number, slots, data } of put) this.#ledger.replace(number, slots, data.byteLength);
    for (const number of remove) this.#ledger.remove(number);
  }

  #documentsAt(slots: readonly number[]): StoredDocument[] {
    return slots.map((slot) => {
      const document = this.table.documents[slot];
      if (!document) throw new RangeError('a segment points to an empty slot');
      return document;
    });
  }

  async remove(): Promise<void> {
    await this.#store.remove();
    this.close();
  }

  close(): void {
    this.#store.close();
    this.#packed.length = 0;
    this.#table.clear();
  }
}
