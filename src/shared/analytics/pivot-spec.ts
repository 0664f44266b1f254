// A pivot as somebody asks for it: plain data, so that it is stored, shared, scheduled and evaluated in one place.
// A field is a path over references, `accountId.industry`: the industry of the account of a deal.
import type { PivotSource } from '#shared/analytics/pivot-source.ts';
import type { Filter } from '#shared/query/filter.ts';

export const dateUnits = ['year', 'quarter', 'month', 'week', 'day', 'weekday', 'fiscalYear', 'fiscalQuarter'] as const;
export type DateUnit = (typeof dateUnits)[number];

/**
 * `year` … `day` are points in time, weeks those of ISO 8601; `weekday` is Monday (1) to Sunday (7). A fiscal year is named
 * after the calendar year it ends in. Bins are [from + n·size, from + (n+1)·size). Dates without a bucket are days.
 */
export type Bucket =
  | { readonly kind: 'date'; readonly unit: DateUnit }
  | { readonly kind: 'bins'; readonly size: number; readonly from?: number };

export interface PivotDimension {
  readonly field: string;
  readonly bucket?: Bucket;
  /**
   * Only the `count` members with the largest value of this measure, within their parent; the rest and those without a
   * value in the field stand together as others, or are left out of everything, totals included.
   */
  readonly top?: { readonly count: number; readonly measure: string; readonly others: boolean };
  /**
   * Within the parent. Default: by label, ascending; dates, numbers and closed lists by their own order. By a measure: by its
   * plain value over the whole other axis. Empty stands last in both directions, others before it.
   */
  readonly sort?: { readonly by: 'label' | 'measure'; readonly measure?: string; readonly direction: 'asc' | 'desc' };
}

export const aggregations = ['sum', 'count', 'average', 'min', 'max', 'median', 'distinct', 'first', 'last'] as const;
export type Aggregation = (typeof aggregations)[number];

/**
 * Shares and percentages are fractions of 1. What runs is the axis with dates on it (columns first), else the columns, else
 * the rows. `runningTotal` starts anew in every parent; `previous` is the member before, for dates the one before in time, also
 * across years; `samePeriod` is the same period a year before (29 February: 28 February, week 53: week 52).
 */
export const displays = [
  'value',
  'rowShare',
  'columnShare',
  'totalShare',
  'runningTotal',
  'changeFromPrevious',
  'percentFromPrevious',
  'changeFromSamePeriod',
  'percentFromSamePeriod',
] as const;
export type Display = (typeof displays)[number];

interface MeasureBase {
  /** Names it within the pivot: sorting, top and formulas refer to it. */
  readonly id: string;
  /** Given by its author; otherwise the screen makes one. */
  readonly label?: string;
  readonly display?: Display;
}

export interface FieldMeasure extends MeasureBase {
  readonly kind: 'field';
  readonly aggregation: Aggregation;
  /**
   * Not needed for `count`, which counts records, or those with a value in the field when there is one. Dates come as days
   * since 1970, instants as milliseconds. `first`/`last`: the value of the record that is first by `orderBy` (else by
   * `createdAt`) among those that have one; of a text or reference its place in the column's values.
   */
  readonly field?: string;
  readonly orderBy?: string;
  /** Only records that pass are aggregated (won amount beside all amount). */
  readonly filter?: Filter;
}

/**
 * `won / (won + lost)`: other measures by id (`[won deals]` when it is no plain word), numbers, + − * / ( ), comparisons, and
 * if, min, max, abs, round. Division by zero is empty, and so is everything made of something empty, but a sum of nothing is 0.
 */
export interface FormulaMeasure extends MeasureBase {
  readonly kind: 'formula';
  readonly formula: string;
  readonly format?: 'number' | 'percent' | 'money';
}

export type PivotMeasure = FieldMeasure | FormulaMeasure;

export interface PivotSpec {
  readonly source: PivotSource;
  readonly filter?: Filter;
  readonly rows: readonly PivotDimension[];
  readonly columns: readonly PivotDimension[];
  readonly values: readonly PivotMeasure[];
  /** The past day the records are looked at; absent: now. */
  readonly asOf?: string;
}

/** Cells (row members × column members × values) above which a pivot is refused. */
export const MOST_CELLS = 3_000_000;
