// What the import wizard and the import itself agree on: a table, a plan (which column becomes which field, and how), and
// what became of every row. Each row read ends as exactly one of: a record to create, an update, a skip, a failure.
import type { EntityName } from '#shared/entities/define-entity.ts';
import type { ProblemCode } from '#shared/entities/problem-codes.ts';
import type { ErrorData } from '#shared/kernel/errors.ts';
import type { DecimalSeparator } from '#shared/kernel/money.ts';

export interface ImportTable {
  readonly headers: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Line of the first row of data as a spreadsheet numbers it (1 is the first line of the file). */
  readonly firstRowNumber: number;
}

export type DateOrder = 'dmy' | 'mdy';

export interface ColumnPlan {
  readonly header: string;
  /** Field of the entity; null leaves the column out. */
  readonly field: string | null;
  /** How numbers of this column write decimals; absent: decided per value. */
  readonly decimal?: DecimalSeparator;
  /** Whether 03/04/2026 is the third of April (dmy) or the fourth of March (mdy). */
  readonly dateOrder?: DateOrder;
  /** Amounts are given in this many units, e.g. 1000000 for "revenue in millions". */
  readonly factor?: number;
  /** Values of the file and what they stand for, as the user decided. */
  readonly values?: Readonly<Record<string, string>>;
  /** Id of the record that every value stands for that names none; absent: such a row fails. */
  readonly others?: string;
  /** 0–1: how sure the guess is. */
  readonly confidence?: number;
}

/** What happens to a row whose record exists: `merge` fills blank fields only. */
export type MatchAction = 'skip' | 'update' | 'merge' | 'create';

export interface ImportPlan {
  readonly entity: EntityName;
  readonly columns: readonly ColumnPlan[];
  /** Currency of amounts without one. */
  readonly currency: string;
  /** Fields that say whether a record exists already; the first one that is filled decides. */
  readonly matchBy: readonly string[];
  readonly onMatch: MatchAction;
}

export interface RowError {
  /** Line of the file. */
  readonly row: number;
  readonly field: string;
  /** What is wrong with the value, with the facts of its text; absent when something else stopped the row. */
  readonly code?: ProblemCode;
  readonly facts?: Readonly<Record<string, string | number>>;
  /** Why the row was refused where no value is at fault. */
  readonly refusal?: ErrorData;
  /** English sentence, for programs and for what older versions stored. */
  readonly message: string;
  readonly value: string;
}

export interface ImportRow {
  readonly row: number;
  readonly entity: EntityName;
  readonly action: 'create' | 'update' | 'merge' | 'skip';
  /** Id of the record to make or to change. */
  readonly id: string;
  /** Values for createRecord or updateRecord. */
  readonly values: Readonly<Record<string, unknown>>;
  /** A record that the row needs beside its own, such as the team of a person: made, and not counted as a row. */
  readonly isBeside?: true;
}

/** Lines of the file among these rows: what an import counts. */
export function countLines(rows: readonly ImportRow[]): number {
  return rows.filter((row) => row.isBeside !== true).length;
}

export interface ImportResult {
  readonly rows: readonly ImportRow[];
  /** Rows that fail; a row may fail for several reasons and is counted once in `failedRows`. */
  readonly errors: readonly RowError[];
  readonly failedRows: number;
  /** Values that were understood although they were written differently, for the user to check. */
  readonly corrections: readonly { readonly field: string; readonly from: string; readonly to: string }[];
}
