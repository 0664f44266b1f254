// What a window and the worker that writes a file say to each other.
import type { ListQuery } from '#renderer/data/data-contract.ts';
import type {
  ExportBoard,
  ExportFormat,
  ExportPart,
  ExportRow,
  ExportStyle,
  ExportTable,
} from '#shared/export/export-table.ts';
import type { RecordColumn } from '#shared/export/record-columns.ts';
import type { ErrorData } from '#shared/kernel/errors.ts';

/** Rows the worker reads itself, without the window having to hold them. */
export interface ListSource {
  readonly query: Omit<ListQuery, 'offset' | 'limit'>;
  /** Only these, in this order; default: all rows of the list. */
  readonly ids?: readonly string[];
  readonly columns: readonly RecordColumn[];
  /** In place of a name this person may not know. */
  readonly gone: string;
}

export type TableWithoutRows = Omit<ExportTable, 'rows'>;

/** Small enough to be handed over as a whole. */
export interface HeldPart extends ExportPart {
  readonly rows: readonly (readonly ExportRow[])[];
}

export interface HeldBoard extends ExportBoard {
  readonly parts: readonly HeldPart[];
}

export interface ExportJob {
  readonly format: ExportFormat;
  readonly style: ExportStyle;
  readonly table: TableWithoutRows | HeldBoard;
  /** Absent, of a table: the window hands over the rows. */
  readonly list?: ListSource;
}

export type ToWorker =
  | { readonly t: 'start'; readonly job: ExportJob }
  | { readonly t: 'rows'; readonly rows: readonly ExportRow[] }
  | { readonly t: 'end' };

export type FromWorker =
  /** The next rows, please. */
  | { readonly t: 'more' }
  | { readonly t: 'progress'; readonly rows: number; readonly total: number | null }
  | { readonly t: 'done'; readonly file: Blob; readonly rows: number; readonly shortened: number }
  | { readonly t: 'failed'; readonly error: ErrorData };
