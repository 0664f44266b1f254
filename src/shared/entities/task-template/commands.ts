import { Type } from 'typebox';
import { commentParentFieldOf } from '#shared/entities/comment/comment.ts';
import type { CommandContext } from '#shared/entities/command.ts';
import { defineCommand, definitionOf, IdInput, outcome, requireRecord } from '#shared/entities/define-command.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { draftCreate } from '#shared/entities/draft-record.ts';
import { dueDayOf, templateItemsOf, type TemplateItem } from '#shared/entities/task-template/template-items.ts';
import { isDay } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { fail } from '#shared/kernel/result.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';

/** Kinds of records a set of tasks can be about. */
const subjects = ['account', 'contact', 'lead', 'deal'] as const;

/** Makes the tasks of a template, for a record or for themselves, with days counted from a start (together or not at all). */
export const applyTaskTemplate = defineCommand(
  Type.Object({
    templateId: IdInput,
    start: Type.String({ maxLength: 10 }),
    ownerId: Type.Optional(IdInput),
    about: Type.Optional(Type.Object({ entity: Type.Enum(subjects), id: IdInput })),
  }),
  async (context, { templateId, start, ownerId, about }) => {
    const template = await requireRecord(context, 'taskTemplate', templateId);
    if (!template.ok) return template;
    const items = templateItemsOf(template.value['items']);
    if (!isDay(start) || items.length === 0)
      return fail(new OutpostError('invalid', 'This template makes no task.', { entity: 'taskTemplate' }));
    const links = about === undefined ? {} : await linksOf(context, about.entity, about.id);
    if (links === null) return fail(new OutpostError('not_visible', 'This record is not available to you.'));
    const txn = items.length > 1 ? context.createId() : null;
    const made = new Map<string, string>();
    const operations: OperationDraft[] = [];
    const opIds = new Map<string, string>();
    for (const item of items) {
      const drafted = await make(context, template.value, item, { start, ownerId, links, made, opIds, txn });
      if (!drafted.ok) return drafted;
      operations.push(...drafted.value.operations);
      made.set(item.key, drafted.value.record.id);
      const first = drafted.value.operations[0];
      if (first !== undefined) opIds.set(item.key, first.opId);
    }
    return outcome(operations, items.length === 1 ? ([...made.values()][0] ?? null) : null);
  },
);

interface Making {
  readonly start: string;
  readonly ownerId: string | undefined;
  readonly links: Readonly<Record<string, unknown>>;
  /** Ids of tasks made before, by the key of their item, and the operations that make them. */
  readonly made: ReadonlyMap<string, string>;
  readonly opIds: ReadonlyMap<string, string>;
  readonly txn: string | null;
}

function make(
  context: CommandContext,
  template: AnyRecord,
  item: TemplateItem,
  { start, ownerId, links, made, opIds, txn }: Making,
): ReturnType<typeof draftCreate> {
  const after = item.after ?? [];
  const valuesOf = (ids: ReadonlyMap<string, string>): readonly string[] => after.flatMap((key) => ids.get(key) ?? []);
  const checklist = (item.checklist ?? []).map((text) => ({ id: context.createId(), text, isDone: false }));
  const { subject, description, category, priority, visibility, estimateMinutes, reminders } = item;
  const given = { subject, description, category, priority, visibility, estimateMinutes, reminders };
  const values = {
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...links,
    ...(ownerId === undefined ? {} : { ownerId }),
    dueDate: dueDayOf(item, start, template['skipsWeekends'] !== false),
    checklist: checklist.length === 0 ? null : checklist,
    prerequisiteIds: after.length === 0 ? null : valuesOf(made),
  };
  return draftCreate(context, definitionOf('task'), values, {
    command: 'applyTaskTemplate',
    txn,
    dependsOn: valuesOf(opIds),
    system: { templateId: template.id },
  });
}

/** What the tasks are about; null when it is not here. A deal's tasks are its account's and its contact's, too. */
async function linksOf(
  context: CommandContext,
  entity: (typeof subjects)[number],
  id: string,
): Promise<Readonly<Record<string, unknown>> | null> {
  const record = await context.read(entity, id);
  const field = commentParentFieldOf(entity);
  if (record === null || field === undefined) return null;
  if (entity === 'deal')
    return { dealId: id, accountId: record['accountId'] ?? null, contactId: record['primaryContactId'] ?? null };
  return entity === 'contact' ? { contactId: id, accountId: record['accountId'] ?? null } : { [field]: id };
}
