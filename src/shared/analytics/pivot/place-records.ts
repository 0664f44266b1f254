// The one walk over the records: block after block the slots that count are listed, the leaf cell of each is worked out from
// the codes of all dimensions, and every tally takes the block while it is still in the processor's cache.
import { partsOf, type Grid, type Part } from '#shared/analytics/pivot/grid.ts';
import { countAndSum, type Placement, type Tally } from '#shared/analytics/pivot/tally.ts';

/** Tallies over the same records. */
export interface TallyGroup {
  /** 1 for a slot that counts; null: all do. */
  readonly chosen: Uint8Array | null;
  readonly tallies: readonly Tally[];
  /** True when somebody asks for the places of the records afterwards. */
  readonly isKept: boolean;
}

const BLOCK = 4096;
const NOTHING = new Int32Array(0);

/** Feeds all tallies and finishes them. Answers where the records of each group are; without cells where nobody asks. */
export function placeRecords(
  grid: Grid,
  slots: number,
  chosen: Uint8Array | null,
  groups: readonly TallyGroup[],
): readonly Placement[] {
  const keeps = groups.map(({ isKept, tallies }) => isKept || tallies.some(({ needsPlaces }) => needsPlaces));
  const placements = keeps.map((isKept) => ({ slots, cells: isKept ? new Int32Array(slots) : NOTHING }));
  walk(grid, slots, chosen, groups, placements);
  for (const [at, group] of groups.entries()) {
    const placement = placements[at];
    if (placement !== undefined) for (const tally of group.tallies) tally.finish(placement);
  }
  return placements;
}

function walk(
  grid: Grid,
  slots: number,
  chosen: Uint8Array | null,
  groups: readonly TallyGroup[],
  placements: readonly Placement[],
): void {
  const { parts, offset } = partsOf(grid);
  for (const { cells } of placements) cells.fill(grid.leaves);
  const takers = groups.map(({ tallies }) => takerOf(tallies));
  const block = { keys: new Int32Array(BLOCK), slots: new Int32Array(BLOCK) };
  const part = { keys: new Int32Array(BLOCK), slots: new Int32Array(BLOCK) };
  for (let from = 0; from < slots; from += BLOCK) {
    const to = Math.min(slots, from + BLOCK);
    const count = chosen === null ? listAll(block.slots, from, to) : listChosen(block.slots, chosen, from, to);
    writeKeys(block.keys, block.slots, count, parts, offset);
    for (const [at, group] of groups.entries()) {
      const { keys, slots: own } = group.chosen === null ? block : part;
      const ownCount = group.chosen === null ? count : narrow(block, part, group.chosen, count);
      takers[at]?.(keys, own, ownCount);
      const cells = placements[at]?.cells ?? NOTHING;
      if (cells.length > 0) keep(cells, keys, own, ownCount);
    }
  }
}

type Taker = (keys: Int32Array, slots: Int32Array, count: number) => void;

/** Hands a block to all tallies; the commonest two take it together. */
function takerOf(tallies: readonly Tally[]): Taker {
  const count = tallies.find(({ simple }) => simple !== undefined && simple.numbers === null);
  const sum = tallies.find(({ simple }) => simple !== undefined && simple.numbers !== null);
  if (count?.simple === undefined || sum?.simple === undefined) {
    return (keys, slots, records) => {
      for (const tally of tallies) tally.addBlock(keys, slots, records);
    };
  }
  const [counts, sums] = [count.simple, sum.simple];
  const others = tallies.filter((tally) => tally !== count && tally !== sum);
  return (keys, slots, records) => {
    countAndSum(counts, sums, keys, slots, records);
    for (const tally of others) tally.addBlock(keys, slots, records);
  };
}

function listAll(list: Int32Array, from: number, to: number): number {
  for (let slot = from; slot < to; slot += 1) list[slot - from] = slot;
  return to - from;
}

/** Every slot is written down, and written over by the next when it does not count: nothing to guess for the processor. */
function listChosen(list: Int32Array, chosen: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let slot = from; slot < to; slot += 1) {
    list[count] = slot;
    count = (count + (chosen[slot] as number)) | 0;
  }
  return count;
}

interface Block {
  readonly keys: Int32Array;
  readonly slots: Int32Array;
}

function narrow(block: Block, part: Block, chosen: Uint8Array, count: number): number {
  let left = 0;
  for (let at = 0; at < count; at += 1) {
    const slot = block.slots[at] as number;
    part.slots[left] = slot;
    part.keys[left] = block.keys[at] as number;
    left = (left + (chosen[slot] as number)) | 0;
  }
  return left;
}

function keep(cells: Int32Array, keys: Int32Array, slots: Int32Array, count: number): void {
  for (let at = 0; at < count; at += 1) cells[slots[at] as number] = keys[at] as number;
}

/** Four parts in one go: most pivots have no more. */
function writeKeys(keys: Int32Array, slots: Int32Array, count: number, parts: readonly Part[], offset: number): void {
  keys.fill(offset, 0, count);
  for (let at = 0; at < parts.length; at += 4) {
    const first = parts[at] ?? { codes: NOTHING, stride: 0 };
    const none = { codes: first.codes, stride: 0 };
    addParts(keys, slots, count, first, parts[at + 1] ?? none, parts[at + 2] ?? none, parts[at + 3] ?? none);
  }
}

function addParts(
  keys: Int32Array,
  slots: Int32Array,
  count: number,
  { codes: a, stride: strideA }: Part,
  { codes: b, stride: strideB }: Part,
  { codes: c, stride: strideC }: Part,
  { codes: d, stride: strideD }: Part,
): void {
  for (let at = 0; at < count; at += 1) {
    const slot = slots[at] as number;
    // Whole numbers of 32 bits to the end (`| 0`): no addition is checked for an overflow.
    keys[at] =
      ((keys[at] as number) +
        Math.imul(a[slot] as number, strideA) +
        Math.imul(b[slot] as number, strideB) +
        Math.imul(c[slot] as number, strideC) +
        Math.imul(d[slot] as number, strideD)) |
      0;
  }
}
