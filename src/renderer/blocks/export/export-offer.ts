// What a screen offers to export. The rest (rights, dialog, progress, audit, saving) is the same everywhere.
import type { ListSource, TableWithoutRows } from '#renderer/blocks/export/export-messages.ts';
import type { ExportedField } from '#shared/access/exported-fields.ts';
import type { ExportSubject } from '#shared/access/export-rights.ts';
import type { ExportFormat, ExportStyle, ExportTable } from '#shared/export/export-table.ts';

/** A table that is ready to be written: its rows come with it, or are read by the worker. */
export interface PreparedExport {
  readonly table: ExportTable | TableWithoutRows;
  readonly list?: ListSource;
  /** Fields of the columns, for the audit and the masking log. */
  readonly fields: readonly ExportedField[];
  /** Names of fields a filter looks at. */
  readonly filteredBy?: readonly string[];
}

/** One of several answers to "which rows?". */
export interface ExportChoice {
  readonly value: string;
  readonly label: string;
  /** Called when somebody exports, not before. */
  readonly prepare: (format: ExportFormat, style: ExportStyle) => Promise<PreparedExport> | PreparedExport;
}

export interface ExportOffer {
  readonly subject: ExportSubject;
  /** Name of the file without day and ending, and what the audit calls it. */
  readonly title: string;
  /** At least one; the first is chosen from the start. */
  readonly choices: readonly ExportChoice[];
}
