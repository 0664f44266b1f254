// What a screen offers to export. The rest (rights, dialog, progress, audit, saving) is the same everywhere.
import type { HeldBoard, ListSource, TableWithoutRows } from '#renderer/blocks/export/export-messages.ts';
import type { ExportQuestion } from '#renderer/blocks/export/export-question.ts';
import type { Actor } from '#shared/access/actor.ts';
import type { ExportedField } from '#shared/access/exported-fields.ts';
import { mayExport, type ExportSubject } from '#shared/access/export-rights.ts';
import { entities } from '#shared/entities/registry.ts';
import type { ExportTable } from '#shared/export/export-table.ts';
import type { OutpostError } from '#shared/kernel/errors.ts';

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

/** One of several answers to "which rows?". */
export interface ExportChoice {
  readonly value: string;
  readonly label: string;
  readonly question: ExportQuestion;
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

/** Why this person may not export this; null: may. */
export function refusalOfExport(actor: Actor, subject: ExportSubject): OutpostError | null {
  const about = (subject.kind === 'records' ? subject.entity : subject.source) ?? 'report';
  const allowed = mayExport(actor, subject, entities[about]);
  return allowed.ok ? null : allowed.error;
}
