// The commonest pivots, counts and one sum of up to four fields over all records, without writing down where each record is: the
// cell is worked out and added to in one go, two records at a time, as then neither waits for the other.
import type { TallyGroup } from '#shared/analytics/pivot/place-records.ts';

/** The leaf cell of a slot is an offset plus the sum of `codes[slot] × stride` over all parts. */
export interface Part {
  readonly codes: Int32Array;
  readonly stride: number;
}

/** False: these tallies need the walk over blocks. */
export function countAtOnce(
  parts: readonly Part[],
  offset: number,
  slots: number,
  groups: readonly TallyGroup[],
): boolean {
  const [first, second, third, fourth] = parts;
  const [counts, sums, ...others] = (groups[0]?.tallies ?? []).map(({ simple }) => simple);
  const isCommon = groups.length === 1 && parts.length <= 4 && others.length === 0;
  if (!isCommon || first === undefined || counts === undefined || sums === undefined) return false;
  if (counts.numbers !== null || sums.numbers === null) return false;
  const none = { codes: first.codes, stride: 0 };
  addPairs(
    counts.leaves,
    sums.leaves,
    sums.numbers,
    slots,
    offset,
    first,
    second ?? none,
    third ?? none,
    fourth ?? none,
  );
  return true;
}

function addPairs(
  counts: Float64Array,
  sums: Float64Array,
  numbers: Float64Array,
  slots: number,
  offset: number,
  { codes: a, stride: strideA }: Part,
  { codes: b, stride: strideB }: Part,
  { codes: c, stride: strideC }: Part,
  { codes: d, stride: strideD }: Part,
): void {
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
    counts[cell] = (counts[cell] as number) + 1;
    counts[otherCell] = (counts[otherCell] as number) + 1;
    sums[cell] = (sums[cell] as number) + (numbers[slot] as number);
    sums[otherCell] = (sums[otherCell] as number) + (numbers[other] as number);
  }
  if (pairs === slots) return;
  const cell =
    offset +
    (a[pairs] as number) * strideA +
    (b[pairs] as number) * strideB +
    (c[pairs] as number) * strideC +
    (d[pairs] as number) * strideD;
  counts[cell] = (counts[cell] as number) + 1;
  sums[cell] = (sums[cell] as number) + (numbers[pairs] as number);
}
