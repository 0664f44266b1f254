// The documents of one collection in memory: each has a slot, an id leads to its slot, indexes are built when first asked for.
// It always shows exactly what is durable: the write queue applies a group of writes here after its transaction committed.
import { SortedIndex } from '#renderer/data/storage/sorted-index.ts';
import type { StoredDocument } from '#renderer/data/storage/segment-codec.ts';

export class DocumentTable {
  readonly primaryPath: string;
  readonly documents: (StoredDocument | undefined)[] = [];
  readonly #slotById = new Map<string, number>();
  readonly #freeSlots: number[] = [];
  readonly #deletedSlots = new Set<number>();
  readonly #indexes = new Map<string, SortedIndex>();

  constructor(primaryPath: string) {
    this.primaryPath = primaryPath;
  }

  get size(): number {
    return this.#slotById.size;
  }

  get(id: string): StoredDocument | undefined {
    const slot = this.#slotById.get(id);
    return slot === undefined ? undefined : this.documents[slot];
  }

  slotOf(id: string): number | undefined {
    return this.#slotById.get(id);
  }

  /** Slots of documents that are marked deleted and still stored. */
  deletedSlots(): ReadonlySet<number> {
    return this.#deletedSlots;
  }

  /** All documents that are not marked deleted. */
  current(): StoredDocument[] {
    return this.documents.filter(
      (document) => document !== undefined && document['_deleted'] !== true,
    ) as StoredDocument[];
  }

  /** Stores the newest state of a document; returns its slot. */
  put(document: StoredDocument): number {
    const id = String(document[this.primaryPath]);
    let slot = this.#slotById.get(id);
    if (slot === undefined) {
      slot = this.#freeSlots.pop() ?? this.documents.length;
      this.#slotById.set(id, slot);
    }
    const before = this.documents[slot];
    this.documents[slot] = document;
    if (document['_deleted'] === true) this.#deletedSlots.add(slot);
    else this.#deletedSlots.delete(slot);
    for (const index of this.#indexes.values()) index.noteWrite(slot, before, document);
    return slot;
  }

  /** Forgets a document for good; its slot may be given to another. */
  drop(slot: number): void {
    const before = this.documents[slot];
    if (!before) return;
    this.#slotById.delete(String(before[this.primaryPath]));
    this.documents[slot] = undefined;
    this.#deletedSlots.delete(slot);
    this.#freeSlots.push(slot);
    for (const index of this.#indexes.values()) index.noteWrite(slot, before, undefined);
  }

  clear(): void {
    this.documents.length = 0;
    this.#freeSlots.length = 0;
    this.#slotById.clear();
    this.#deletedSlots.clear();
    this.#indexes.clear();
  }

  /** The index over these fields, which ends with the primary key whether declared or not. */
  index(fields: readonly string[]): SortedIndex {
    const complete = fields.includes(this.primaryPath) ? fields : [...fields, this.primaryPath];
    const name = complete.join(' ');
    let index = this.#indexes.get(name);
    if (!index) {
      index = new SortedIndex(complete, this.documents, this.#slotsById(complete));
      this.#indexes.set(name, index);
    }
    return index;
  }

  #slotsById(fields: readonly string[]): Int32Array {
    if (fields.length > 1) return this.index([this.primaryPath]).slots();
    const ids = [...this.#slotById.keys()].sort();
    return Int32Array.from(ids, (id) => this.#slotById.get(id) ?? 0);
  }
}
