import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { textOf } from '#shared/kernel/text-of.ts';

const linked: readonly EntityName[] = ['deal', 'account', 'contact', 'lead'];

/** Values a record made while looking at this one starts with: it belongs to what the user is looking at. */
export function linkedValues(record: AnyRecord): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = linked.includes(record.kind) ? { [`${record.kind}Id`]: record.id } : {};
  if (record.kind === 'deal') values['contactId'] = record['primaryContactId'] ?? null;
  if (typeof record['accountId'] === 'string') values['accountId'] = record['accountId'];
  // What belongs to a task or an activity belongs to what that is about.
  if (record.kind === 'task' || record.kind === 'activity') {
    for (const field of ['dealId', 'contactId', 'leadId'])
      if (textOf(record[field]) !== '') values[field] = record[field];
  }
  return values;
}
