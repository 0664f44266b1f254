// The one walk over the records: block after block the leaf cell of every slot is worked out from the codes of all
// dimensions, and every tally takes the block while it is still in the processor's cache. Slots that do not count go to a
// cell of their own behind the last one, so that no tally has to ask.
import type { Grid } from '#shared/analytics/pivot/grid.ts';
import type { Placement, Tally } from '#shared/analytics/pivot/tally.ts';

/** Tallies over the same records. */
export interface TallyGroup {
  /** 1 for a slot that counts; null: all do. */
  readonly chosen: Uint8Array | null;
  readonly tallies: readonly Tally[];
  /** True when a tally of the group, or a live pivot, looks at the records again. */
  readonly isKept: boolean;
}

const BLOCK = 4096;
const NOTHING = new Int32Array(0);

interface Part {
  readonly codes: Int32Array;
  readonly stride: number;
}

/** Feeds all tallies and finishes them. Answers where the records of each group are; without cells where nobody asks. */
export function placeRecords(
  grid: Grid,
  slots: number,
  chosen: Uint8Array | null,
  groups: readonly TallyGroup[],
): readonly Placement[] {
  const width = grid.columns.sizes.at(-1) ?? 1;
  const parts: readonly Part[] = [
    ...grid.rows.parts.map(({ codes, stride }) => ({ codes, stride: stride * width })),
    ...grid.columns.parts,
  ];
  const offset = grid.rows.offset * width + grid.columns.offset;
  const placements = groups.map(({ isKept }) => ({ slots, cells: isKept ? new Int32Array(slots) : NOTHING }));
  const keys = new Int32Array(BLOCK);
  const narrowed = new Int32Array(BLOCK);
  for (let from = 0; from < slots; from += BLOCK) {
    const count = Math.min(BLOCK, slots - from);
    writeKeys(keys, parts, offset, from, count);
    if (chosen !== null) discard(keys, keys, chosen, from, count, grid.leaves);
    for (const [at, group] of groups.entries()) {
      const own = group.chosen === null ? keys : narrowed;
      if (group.chosen !== null) discard(narrowed, keys, group.chosen, from, count, grid.leaves);
      for (const tally of group.tallies) tally.addBlock(own, from, count);
      if (group.isKept) placements[at]?.cells.set(own.subarray(0, count), from);
    }
  }
  for (const [at, group] of groups.entries()) {
    const placement = placements[at];
    if (placement !== undefined) for (const tally of group.tallies) tally.finish(placement);
  }
  return placements;
}

const NO_PART: Part = { codes: NOTHING, stride: 0 };

/** Four parts in one go: most pivots have no more. */
function writeKeys(keys: Int32Array, parts: readonly Part[], offset: number, from: number, count: number): void {
  keys.fill(offset, 0, count);
  for (let at = 0; at < parts.length; at += 4) {
    const first = parts[at] ?? NO_PART;
    const [second, third, fourth] = [1, 2, 3].map((next) => parts[at + next] ?? { codes: first.codes, stride: 0 });
    addParts(keys, from, count, first, second ?? first, third ?? first, fourth ?? first);
  }
}

function addParts(keys: Int32Array, from: number, count: number, one: Part, two: Part, three: Part, four: Part): void {
  const { codes: a, stride: strideA } = one;
  const { codes: b, stride: strideB } = two;
  const { codes: c, stride: strideC } = three;
  const { codes: d, stride: strideD } = four;
  for (let at = 0; at < count; at += 1) {
    const slot = from + at;
    keys[at] =
      (keys[at] as number) +
      Math.imul(a[slot] as number, strideA) +
      Math.imul(b[slot] as number, strideB) +
      Math.imul(c[slot] as number, strideC) +
      Math.imul(d[slot] as number, strideD);
  }
}

function discard(
  to: Int32Array,
  keys: Int32Array,
  chosen: Uint8Array,
  from: number,
  count: number,
  nowhere: number,
): void {
  for (let at = 0; at < count; at += 1) to[at] = chosen[from + at] === 1 ? (keys[at] as number) : nowhere;
}
