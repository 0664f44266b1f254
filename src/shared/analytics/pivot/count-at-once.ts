// The commonest pivots, counts and sums of one number by up to four fields over all records, in one go: no place of a record is
// written down, two records are added at a time, as then neither waits for the other, and what the numbers are like is
// looked at meanwhile.
import { addSizes, type Sizes } from '#shared/analytics/pivot/decimals.ts';
import { partsOf, type Grid, type Part } from '#shared/analytics/pivot/grid.ts';
import type { Tally } from '#shared/analytics/pivot/tally.ts';

interface Group {
  readonly isKept: boolean;
  readonly tallies: readonly Tally[];
}

/** Counts and finishes these tallies; false: they need the walk over blocks. */
export function countAtOnce(grid: Grid, slots: number, groups: readonly Group[]): boolean {
  const [group, ...otherGroups] = groups;
  const { parts, offset } = partsOf(grid);
  const [first, second, third, fourth, ...otherParts] = parts;
  if (group === undefined || first === undefined || otherGroups.length > 0 || otherParts.length > 0) return false;
  const [counts, sums, ...others] = group.tallies.map(({ simple }) => simple);
  if (group.isKept || others.length > 0 || counts?.numbers !== null || sums === undefined) return false;
  if (sums.numbers === null) return false;
  const none = { codes: first.codes, stride: 0 };
  const places: Places = { offset, parts: [first, second ?? none, third ?? none, fourth ?? none] };
  addPairs(counts.leaves, sums.leaves, sums.numbers, slots, places, sums.sizes);
  for (const tally of group.tallies) tally.finish({ cells: new Int32Array(0), slots });
  return true;
}

interface Places {
  readonly offset: number;
  readonly parts: readonly [Part, Part, Part, Part];
}

function addPairs(
  counts: Float64Array,
  sums: Float64Array,
  numbers: Float64Array,
  slots: number,
  { offset, parts }: Places,
  sizes: Sizes,
): void {
  const [{ codes: a, stride: strideA }, { codes: b, stride: strideB }] = parts;
  const [, , { codes: c, stride: strideC }, { codes: d, stride: strideD }] = parts;
  let [size, otherSize, fractions, otherFractions] = [0, 0, 0, 0];
  const pairs = slots - (slots % 2);
  for (let slot = 0; slot < pairs; slot += 2) {
    const other = (slot + 1) | 0;
    const cell =
      (offset +
        Math.imul(a[slot] as number, strideA) +
        Math.imul(b[slot] as number, strideB) +
        Math.imul(c[slot] as number, strideC) +
        Math.imul(d[slot] as number, strideD)) |
      0;
    const otherCell =
      (offset +
        Math.imul(a[other] as number, strideA) +
        Math.imul(b[other] as number, strideB) +
        Math.imul(c[other] as number, strideC) +
        Math.imul(d[other] as number, strideD)) |
      0;
    const value = numbers[slot] as number;
    const otherValue = numbers[other] as number;
    counts[cell] = (counts[cell] as number) + 1;
    counts[otherCell] = (counts[otherCell] as number) + 1;
    sums[cell] = (sums[cell] as number) + value;
    sums[otherCell] = (sums[otherCell] as number) + otherValue;
    size += Math.abs(value);
    otherSize += Math.abs(otherValue);
    fractions += value - Math.floor(value);
    otherFractions += otherValue - Math.floor(otherValue);
  }
  if (pairs < slots) {
    const strides = [strideA, strideB, strideC, strideD];
    const cell = [a, b, c, d].reduce((sum, codes, at) => sum + (codes[pairs] ?? 0) * (strides[at] ?? 0), offset);
    const value = numbers[pairs] as number;
    counts[cell] = (counts[cell] as number) + 1;
    sums[cell] = (sums[cell] as number) + value;
    size += Math.abs(value);
    fractions += value - Math.floor(value);
  }
  addSizes(sizes, size + otherSize, fractions + otherFractions);
}
