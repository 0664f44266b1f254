import { Type } from 'typebox';
import { isMaskedColumn, isPersonalColumn, isUnseenColumn } from '#shared/access/exported-fields.ts';
import { mayExport, type ExportSubject } from '#shared/access/export-rights.ts';
import { fieldModeOf, openFieldPolicy, UNKNOWN_FIELD_MESSAGE } from '#shared/access/field-policy.ts';
import { analyticsSubjects } from '#shared/entities/data-export/data-export.ts';
import { defineCommand, definitionOf, outcome } from '#shared/entities/define-command.ts';
import { entityNames, type EntityName } from '#shared/entities/define-entity.ts';
import { draftCreate } from '#shared/entities/draft-record.ts';
import { exportFormats } from '#shared/export/export-table.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { fail } from '#shared/kernel/result.ts';

const FieldInput = Type.Object({ entity: Type.Enum(entityNames), field: Type.String({ minLength: 1, maxLength: 64 }) });

/** In the audit: `lead_exported`, `deal_exported`, `analytics_exported`. */
export function exportCommandName(subject: ExportSubject): string {
  return subject.kind === 'records' ? `${subject.entity}_exported` : 'analytics_exported';
}

/** What somebody must be allowed to export: of a dashboard, everything it shows something of. */
function subjectsOf(
  subject: ExportSubject,
  columns: readonly { readonly entity: EntityName }[],
): readonly ExportSubject[] {
  if (subject.kind === 'records' || subject.what !== 'dashboard') return [subject];
  const sources = [...new Set(columns.map(({ entity }) => entity))];
  return [subject, ...sources.map((source): ExportSubject => ({ ...subject, source }))];
}

/** Writes down that data leave Outpost, and refuses where they may not. Nothing is exported before this is saved. */
export const recordExport = defineCommand(
  Type.Object({
    subject: Type.Union([Type.Literal('records'), ...analyticsSubjects.map((name) => Type.Literal(name))]),
    source: Type.Union([Type.Enum(entityNames), Type.Null()]),
    title: Type.String({ minLength: 1, maxLength: 300 }),
    format: Type.Enum(exportFormats),
    rowCount: Type.Integer({ minimum: 0 }),
    columns: Type.Array(FieldInput, { maxItems: 20_000 }),
    leftOut: Type.Optional(Type.Array(FieldInput, { maxItems: 2000 })),
    filteredBy: Type.Array(Type.String({ maxLength: 128 }), { maxItems: 200 }),
  }),
  async (context, input) => {
    const { subject: what, source, columns } = input;
    const subject: ExportSubject | null =
      what !== 'records'
        ? { kind: 'analytics', what, source }
        : source === null
          ? null
          : { kind: 'records', entity: source };
    if (subject === null) return fail(new OutpostError('invalid', 'An export of records says of which.'));
    for (const one of subjectsOf(subject, columns)) {
      const about = one.kind === 'records' ? one.entity : one.source;
      const allowed = mayExport(context.actor, one, definitionOf(about ?? ('dataExport' satisfies EntityName)));
      if (!allowed.ok) return allowed;
    }
    const policy = context.actor.fields ?? openFieldPolicy;
    const isHidden = columns.some(
      ({ entity, field }) =>
        definitionOf(entity).fields[field] !== undefined && fieldModeOf(policy, entity, field) === 'hidden',
    );
    if (isHidden) return fail(new OutpostError('invalid', UNKNOWN_FIELD_MESSAGE));
    const namesOf = (kept: readonly (typeof columns)[number][]): readonly string[] => [
      ...new Set(kept.map(({ entity, field }) => `${entity}.${field}`)),
    ];
    const masked = namesOf(columns.filter((column) => isMaskedColumn(policy, column)));
    const inFile = new Set(namesOf(columns));
    const unseen = namesOf((input.leftOut ?? []).filter((column) => isUnseenColumn(policy, column)));
    const leftOut = unseen.filter((name) => !inFile.has(name));
    const personal = namesOf(columns.filter((column) => isPersonalColumn(policy, column)));
    const drafted = await draftCreate(
      context,
      definitionOf('dataExport'),
      {
        title: input.title,
        subject: what,
        ...(source === null ? {} : { source }),
        format: input.format,
        rowCount: input.rowCount,
        columns: namesOf(columns),
        ...(input.filteredBy.length === 0 ? {} : { filteredBy: input.filteredBy }),
        ...(personal.length === 0 ? {} : { personalFields: personal }),
        ...(masked.length === 0 ? {} : { maskedFields: masked }),
        ...(leftOut.length === 0 ? {} : { leftOutFields: leftOut }),
        exportedAt: context.now,
      },
      { command: exportCommandName(subject) },
    );
    return drafted.ok ? outcome(drafted.value.operations, drafted.value.record.id) : drafted;
  },
);
