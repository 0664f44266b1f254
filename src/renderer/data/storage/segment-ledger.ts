// Which segment holds which slots, and which of its rows still count. A row counts when its segment is the newest home of
// its slot. From this follow the two kinds of rewriting: merging poorly filled segments, and removing rows for good.
import { encodeSegment } from '#renderer/data/storage/segment-codec.ts';
import type { StoredDocument } from '#renderer/data/storage/segment-codec.ts';

export interface PackedSegment {
  readonly number: number;
  readonly data: Uint8Array<ArrayBuffer>;
  readonly documents: readonly StoredDocument[];
}

interface Segment {
  readonly number: number;
  readonly slots: readonly number[];
  readonly bytes: number;
  live: number;
}

/** IndexedDB values above 64 KB leave Chromium's fast path and survive power loss badly. */
const MAX_SEGMENT_BYTES = 60_000;
const MERGE_FROM_SEGMENTS = 32;
const MERGE_AT_MOST_ROWS = 2_000;

/** Encodes documents into as few segments as row and byte limits allow. One document larger than the limit stands alone. */
export function packSegments(
  documents: readonly StoredDocument[],
  segmentRows: number,
  takeNumber: () => number,
): PackedSegment[] {
  const packed: PackedSegment[] = [];
  const pack = (part: readonly StoredDocument[]): void => {
    const data = encodeSegment(part);
    if (data.byteLength <= MAX_SEGMENT_BYTES || part.length === 1) {
      packed.push({ number: takeNumber(), data, documents: part });
      return;
    }
    const half = part.length >>> 1;
    pack(part.slice(0, half));
    pack(part.slice(half));
  };
  for (let start = 0; start < documents.length; start += segmentRows) pack(documents.slice(start, start + segmentRows));
  return packed;
}

export class SegmentLedger {
  readonly #segments = new Map<number, Segment>();
  readonly #homeOfSlot: number[] = [];
  readonly #segmentRows: number;

  constructor(segmentRows: number) {
    this.#segmentRows = segmentRows;
  }

  /** Notes a segment that now holds the newest rows of these slots. */
  add(number: number, slots: readonly number[], bytes: number): void {
    for (const slot of slots) {
      const former = this.#segments.get(this.#homeOfSlot[slot] ?? 0);
      if (former) former.live -= 1;
      this.#homeOfSlot[slot] = number;
    }
    this.#segments.set(number, { number, slots, bytes, live: slots.length });
  }

  /** Puts a rewritten segment in the place of the one with the same number. */
  replace(number: number, slots: readonly number[], bytes: number): void {
    this.#segments.set(number, { number, slots, bytes, live: slots.length });
  }

  remove(number: number): void {
    this.#segments.delete(number);
  }

  dropSlot(slot: number): void {
    this.#homeOfSlot[slot] = 0;
  }

  liveSlots(number: number): number[] {
    return (this.#segments.get(number)?.slots ?? []).filter((slot) => this.#homeOfSlot[slot] === number);
  }

  /** Segments that hold any row, current or outdated, of these slots, oldest first: rewriting in this order never revives a row. */
  segmentsWith(slots: ReadonlySet<number>): number[] {
    const found: number[] = [];
    for (const segment of this.#segments.values())
      if (segment.slots.some((slot) => slots.has(slot))) found.push(segment.number);
    return found.sort((left, right) => left - right);
  }

  /** Segments that hold outdated rows, oldest first. */
  segmentsWithOutdated(): number[] {
    const found: number[] = [];
    for (const segment of this.#segments.values()) if (segment.live < segment.slots.length) found.push(segment.number);
    return found.sort((left, right) => left - right);
  }

  /** Segments worth merging now, oldest first; empty when there are too few to pay for it. */
  poorSegments(): number[] {
    const poor: Segment[] = [];
    for (const segment of this.#segments.values()) if (this.#fill(segment) < 0.5) poor.push(segment);
    if (poor.length < MERGE_FROM_SEGMENTS) return [];
    poor.sort((left, right) => left.number - right.number);
    const chosen: number[] = [];
    let rows = 0;
    for (const segment of poor) {
      if (rows + segment.live > MERGE_AT_MOST_ROWS) break;
      chosen.push(segment.number);
      rows += segment.live;
    }
    return chosen;
  }

  #fill(segment: Segment): number {
    const liveBytes = (segment.bytes * segment.live) / Math.max(1, segment.slots.length);
    return Math.max(segment.live / this.#segmentRows, liveBytes / MAX_SEGMENT_BYTES);
  }
}
