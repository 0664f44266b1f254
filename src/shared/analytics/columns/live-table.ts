import type { ColumnTable, SplitTable } from '#shared/analytics/column-table.ts';

/** Told about a table that changes. */
export interface TableListener {
  /** What stands in a slot leaves it; the columns still hold it. All slots of a record leave before one of them is entered. */
  onLeave(slot: number): void;
  /** Something stands in a slot; the columns hold it. */
  onEnter(slot: number): void;
  /** More than single records changed: everything has to be read anew, from the table the store has now. */
  onReset(): void;
}

export interface LiveTable extends ColumnTable {
  /** The record of a slot. */
  idAt(slot: number): string | undefined;
  follow(listener: TableListener): () => void;
}

export type LiveSplitTable = LiveTable & SplitTable;
