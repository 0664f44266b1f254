// What follows from values its author may not see is filled in here: the whole name of a person whose first name was
// changed by somebody who sees no last name, what a deal was worth in the entry of its stage history, and whether a file is here.
import { fieldModeOf, isPlainlyVisible, openFieldPolicy } from '#shared/access/field-policy.ts';
import type { Actor } from '#shared/access/actor.ts';
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';
import { fullNameOf } from '#shared/entities/full-name.ts';

/** The record with its derived values; `before` is null for a new one, `dealOf` finds a deal as it is stored. */
export function completeDerived(
  actor: Actor,
  definition: EntityDefinition,
  before: AnyRecord | null,
  after: AnyRecord,
  dealOf: (id: string) => AnyRecord | undefined,
): AnyRecord {
  const policy = actor.fields ?? openFieldPolicy;
  if (definition.name === 'stageChange') {
    const deal = before === null ? dealOf(String(after['dealId'])) : undefined;
    return deal === undefined ? after : completeHistory(actor, definition, after, deal);
  }
  // Only the server says that it has the content of a file, and what that is.
  if (definition.name === 'file') return { ...after, availableAt: before?.['availableAt'] ?? null };
  const isNamed = definition.fields['firstName'] !== undefined && before !== null;
  if (!isNamed || fieldModeOf(policy, definition.name, 'name') === 'edit') return after;
  // A name that was given by hand stays; one that was put together is put together again.
  const wasDerived = before['name'] === fullNameOf(before) && before['name'] === after['name'];
  const name = fullNameOf(after);
  return wasDerived && name !== '' ? { ...after, name } : after;
}

/** Values copied from the deal that the author does not see, or could not have changed, are the deal's own. */
function completeHistory(actor: Actor, definition: EntityDefinition, entry: AnyRecord, deal: AnyRecord): AnyRecord {
  const values: Record<string, unknown> = {};
  for (const [field, { derivedFrom }] of Object.entries(definition.fields)) {
    const source = derivedFrom?.[0]?.split('.')[1];
    if (source === undefined) continue;
    const isSeen = isPlainlyVisible(actor.fields ?? openFieldPolicy, 'deal', source);
    if (!isSeen) values[field] = deal[source] ?? null;
  }
  return { ...entry, ...values };
}
