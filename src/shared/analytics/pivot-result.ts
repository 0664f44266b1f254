// What a pivot is, worked out: two trees of members and one matrix of numbers over them. Subtotals and totals are members
// like all others: a path shorter than its axis is deep.

/**
 * One line of an axis, in order of display. `path` holds a key for each level: a value (id, option, text), a bucket
 * (`2026`, `2026-Q3`, `2026-07`, `2026-W31`, `2026-07-14`, weekday `1`, bin lower bound as decimal text), null for empty,
 * OTHERS. The total of everything is the path [].
 */
export interface Member {
  readonly path: readonly (string | null)[];
  /** Place of the parent in the list; −1 for the total. */
  readonly parent: number;
}

export const OTHERS = ' others';

export interface PivotResult {
  /** The total first, then every member before its children. */
  readonly rows: readonly Member[];
  readonly columns: readonly Member[];
  /** Ids of the values, in the order of the specification. */
  readonly values: readonly string[];
  /** rows × columns × values, row after row; NaN is empty. Sums of money are exact minor units. */
  readonly cells: Float64Array;
  /** Records that passed the filter. */
  readonly records: number;
}
