// Records as columns: what every pivot, chart and figure is calculated from. A row keeps its slot for as long as its record
// lives; a slot that is not live is skipped. References are ids, money is minor units of the organization's currency.

/**
 * Text, closed lists, references, check boxes (`true`, `false`): a number for each value. A list of several values is one
 * value, the JSON of its array; an empty list is empty. What stands for each value by itself is a `SplitTable`.
 */
export interface CodeColumn {
  readonly kind: 'codes';
  /** Place in `values`, −1 for an empty value. One for each slot. */
  readonly codes: Int32Array;
  readonly values: readonly string[];
}

/** Numbers, money in minor units, percent; instants in milliseconds since 1970. NaN is empty. */
export interface NumberColumn {
  readonly kind: 'numbers';
  readonly numbers: Float64Array;
}

/** Days since 1970-01-01; NO_DAY is empty. */
export interface DayColumn {
  readonly kind: 'days';
  readonly days: Int32Array;
}

export const NO_DAY = -2_147_483_648;

export type Column = CodeColumn | NumberColumn | DayColumn;

export interface ColumnTable {
  /** Slots in use, live or not; columns are at least that long. */
  readonly slots: number;
  /** 1 for a slot that holds a record. */
  readonly live: Uint8Array;
  /** The column of a field path such as `amount` or `accountId.industry`; undefined when there is no such field (any more). */
  column(path: string): Column | undefined;
}

/**
 * A table whose slots stand for parts of records: a deal with three products has three, one after another, so that each
 * product is a member by itself. Counting a record once is `countOnce`'s part.
 */
export interface SplitTable extends ColumnTable {
  /** Slot → number of its record; the slots of a record stand together. */
  readonly records: Int32Array;
  /** One value of a list in each slot; undefined for a field that is no list and leads through none. */
  part(path: string): Column | undefined;
}

export function isSplitTable(table: ColumnTable): table is SplitTable {
  return 'part' in table;
}
