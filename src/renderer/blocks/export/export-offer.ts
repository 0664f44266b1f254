// What a screen offers to export. The rest (rights, dialog, progress, audit, saving) is the same everywhere.
import type { HeldBoard, ListSource, TableWithoutRows } from '#renderer/blocks/export/export-messages.ts';
import type { ExportedField } from '#shared/access/exported-fields.ts';
import type { ExportSubject } from '#shared/access/export-rights.ts';
import type { ExportFormat, ExportStyle, ExportTable } from '#shared/export/export-table.ts';

/** What is ready to be written: its rows come with it, or (of a list) are read by the worker. */
export interface PreparedExport {
  readonly table: ExportTable | TableWithoutRows | HeldBoard;
  readonly list?: ListSource;
  /** Fields of the columns, for the audit and the masking log. */
  readonly fields: readonly ExportedField[];
  /** Fields that would be there for somebody who sees more: for the audit. */
  readonly leftOut?: readonly ExportedField[];
  /** Names of fields a filter looks at. */
  readonly filteredBy?: readonly string[];
}

/** While much is asked together. */
export interface PrepareControl {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

/** One of several answers to "which rows?". */
export interface ExportChoice {
  readonly value: string;
  readonly label: string;
  /** Called when somebody exports, not before. */
  readonly prepare: (
    format: ExportFormat,
    style: ExportStyle,
    control: PrepareControl,
  ) => Promise<PreparedExport> | PreparedExport;
}

export interface ExportOffer {
  readonly subject: ExportSubject;
  /** Name of the file without day and ending, and what the audit calls it. */
  readonly title: string;
  /** Something to know before. */
  readonly note?: string;
  /** At least one; the first is chosen from the start. */
  readonly choices: readonly ExportChoice[];
}
