// How many different values the records of a cell have. No subtotal can be made of other counts, but of sets it can: where they
// are small, every cell has a bit for every value, and a parent has the bits of its children. Where they would be too
// large, records are walked in the order of their values, and a value that comes again stands next to itself.
import { createLevels, type Placement, type Tally } from '#shared/analytics/pivot/tally.ts';
import { cellsAbove, rollUpSteps, tableAbove, type Grid, type RollUpStep } from '#shared/analytics/pivot/grid.ts';
import type { ValueSource } from '#shared/analytics/pivot/value-ids.ts';

/** Words of 32 bits up to which cells have bits (64 MB). */
const MOST_WORDS = 1 << 24;

/** Counts the different values of a field; empty is none. */
export function distinctTally(grid: Grid, source: ValueSource): Tally {
  const levels = createLevels(grid);
  const { ids, size } = source.all();
  // The first bit stands for empty, so that nobody has to ask.
  const words = Math.ceil((size + 1) / 32);
  let bits = grid.leaves * words <= MOST_WORDS ? new Int32Array(grid.leaves * words) : null;
  return {
    needsPlaces: bits === null,
    addBlock(keys, slots, count) {
      if (bits !== null) setBits(bits, words, keys, ids, slots, count);
    },
    finish(placement) {
      if (bits === null) countInOrder(grid, levels, source, placement);
      else countBits(grid, levels, bits, words);
      bits = null;
    },
    read: (level, cell) => levels[level]?.[cell] ?? 0,
    all: (level) => levels[level] ?? new Float64Array(0),
    change(slot, cells, sign, placement) {
      if (!source.hasValue(slot)) return true;
      const isOnly = levelsWithout(grid, source, slot, cells, placement);
      for (const [level, counts] of levels.entries()) {
        const cell = cells[level] ?? 0;
        if (isOnly[level] === 1) counts[cell] = (counts[cell] ?? 0) + sign;
      }
      return true;
    },
    settle() {
      // Counts are right after every change.
    },
  };
}

function setBits(
  bits: Int32Array,
  words: number,
  keys: Int32Array,
  ids: Int32Array,
  slots: Int32Array,
  count: number,
): void {
  const pairs = count & ~1;
  for (let at = 0; at < pairs; at += 2) {
    const other = at + 1;
    const bit = (ids[slots[at] as number] as number) + 1;
    const otherBit = (ids[slots[other] as number] as number) + 1;
    const word = Math.imul(keys[at] as number, words) + (bit >>> 5);
    const otherWord = Math.imul(keys[other] as number, words) + (otherBit >>> 5);
    bits[word] = (bits[word] as number) | (1 << bit);
    bits[otherWord] = (bits[otherWord] as number) | (1 << otherBit);
  }
  if (pairs === count) return;
  const bit = (ids[slots[pairs] as number] as number) + 1;
  const word = Math.imul(keys[pairs] as number, words) + (bit >>> 5);
  bits[word] = (bits[word] as number) | (1 << bit);
}

function countBits(grid: Grid, levels: readonly Float64Array[], leaves: Int32Array, words: number): void {
  const sets = grid.sizes.map((size, level) => (level === grid.leafLevel ? leaves : new Int32Array(size * words)));
  for (const step of rollUpSteps(grid)) {
    const [finer, coarser] = [sets[step.from] ?? leaves, sets[step.to] ?? leaves];
    joinSets(step, finer, coarser, words);
  }
  for (const [level, counts] of levels.entries()) {
    const set = sets[level] ?? leaves;
    const size = grid.sizes[level] ?? 0;
    for (let cell = 0; cell < size; cell += 1) counts[cell] = sizeOfSet(set, cell * words, words);
  }
}

/** Folded rows lie one below the other: all sets of a row are joined with those of its parent in one go. */
function joinSets(step: RollUpStep, finer: Int32Array, coarser: Int32Array, words: number): void {
  const { parents, across, width } = step;
  if (step.foldsRows) {
    const row = width * words;
    for (let group = 0; group < parents.length; group += 1) {
      joinWords(finer, group * row, coarser, (parents[group] as number) * row, row);
    }
    return;
  }
  for (let other = 0; other < across; other += 1) {
    for (let group = 0; group < parents.length; group += 1) {
      const from = (other * parents.length + group) * words;
      joinWords(finer, from, coarser, (other * width + (parents[group] as number)) * words, words);
    }
  }
}

function joinWords(finer: Int32Array, from: number, coarser: Int32Array, to: number, words: number): void {
  for (let word = 0; word < words; word += 1) {
    coarser[to + word] = (coarser[to + word] as number) | (finer[from + word] as number);
  }
}

/** Ones of the words, without the first bit (Warren 2002, counting bits in parallel). */
function sizeOfSet(set: Int32Array, from: number, words: number): number {
  let ones = 0 - ((set[from] as number) & 1);
  for (let word = 0; word < words; word += 1) {
    let bits = set[from + word] as number;
    if (bits === 0) continue;
    bits -= (bits >>> 1) & 0x5555_5555;
    bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333);
    ones += Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
  }
  return ones;
}

function countInOrder(
  grid: Grid,
  levels: readonly Float64Array[],
  source: ValueSource,
  { cells, slots }: Placement,
): void {
  const { ids, size } = source.all();
  const ends = new Int32Array(size + 1);
  for (let slot = 0; slot < slots; slot += 1) {
    const id = ids[slot] ?? -1;
    if (id >= 0 && cells[slot] !== grid.leaves) ends[id + 1] = (ends[id + 1] ?? 0) + 1;
  }
  for (let id = 0; id < size; id += 1) ends[id + 1] = (ends[id + 1] ?? 0) + (ends[id] ?? 0);
  const count = ends[size] ?? 0;
  const [leaves, values, next] = [new Int32Array(count), new Int32Array(count), ends.slice()];
  for (let slot = 0; slot < slots; slot += 1) {
    const id = ids[slot] ?? -1;
    if (id < 0 || cells[slot] === grid.leaves) continue;
    const place = next[id] ?? 0;
    leaves[place] = cells[slot] ?? 0;
    values[place] = id;
    next[id] = place + 1;
  }
  for (const [level, counts] of levels.entries()) countRuns(counts, leaves, values, tableAbove(grid, level));
}

function countRuns(counts: Float64Array, leaves: Int32Array, values: Int32Array, table: Int32Array): void {
  const last = new Int32Array(counts.length).fill(-1);
  for (let at = 0; at < leaves.length; at += 1) {
    const cell = table[leaves[at] as number] as number;
    if (last[cell] === values[at]) continue;
    last[cell] = values[at] as number;
    counts[cell] = (counts[cell] as number) + 1;
  }
}

/** 1 for every level whose cell has no other record with the value of this slot. */
function levelsWithout(
  grid: Grid,
  source: ValueSource,
  slot: number,
  cells: Int32Array,
  placement: Placement,
): Uint8Array {
  const isOnly = new Uint8Array(grid.sizes.length).fill(1);
  const others = new Int32Array(grid.sizes.length);
  const looked = new Set<number>();
  source.eachLike(slot, placement.slots, (other) => {
    const leaf = placement.cells[other] ?? grid.leaves;
    if (leaf === grid.leaves || looked.has(leaf)) return;
    looked.add(leaf);
    cellsAbove(grid, leaf, others);
    for (let level = 0; level < others.length; level += 1) if (others[level] === cells[level]) isOnly[level] = 0;
  });
  return isOnly;
}
