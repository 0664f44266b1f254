// What follows from values its author may not see is filled in here: the whole name of a person whose first name was
// changed by somebody who sees no last name, what a deal was worth in the entry of its stage history, and whether a file is here.
import { fieldModeOf, isPlainlyVisible, openFieldPolicy } from '#shared/access/field-policy.ts';
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';
import { fullNameOf } from '#shared/entities/full-name.ts';
import { entities } from '#shared/entities/registry.ts';
import { trackedValues } from '#shared/entities/stage-change/changed-groups.ts';
import { notAfter } from '#server/sync/deal-history.ts';
import type { JudgeContext } from '#server/sync/judge-context.ts';
import { placeKey } from '#server/sync/stored-record.ts';

/** The record with its derived values; `before` is null for a new one. */
export function completeDerived(
  context: Pick<JudgeContext, 'actor' | 'nowMs' | 'read' | 'readEarlier'>,
  definition: EntityDefinition,
  before: AnyRecord | null,
  after: AnyRecord,
): AnyRecord {
  if (definition.name === 'stageChange') return before === null ? completeHistory(context, definition, after) : after;
  // Only the server says that it has the content of a file, and what that is.
  if (definition.name === 'file') return { ...after, availableAt: before?.['availableAt'] ?? null };
  const policy = context.actor.fields ?? openFieldPolicy;
  const isNamed = definition.fields['firstName'] !== undefined && before !== null;
  if (!isNamed || fieldModeOf(policy, definition.name, 'name') === 'edit') return after;
  // A name that was given by hand stays; one that was put together is put together again.
  const wasDerived = before['name'] === fullNameOf(before) && before['name'] === after['name'];
  const name = fullNameOf(after);
  return wasDerived && name !== '' ? { ...after, name } : after;
}

/**
 * What a move did to the deal is told from the deal itself: its author may not see all of it, or saw what was not so any more.
 * Without a change of the deal beside it, only what its author does not see is filled in.
 */
function completeHistory(
  { actor, nowMs, read, readEarlier }: Pick<JudgeContext, 'actor' | 'nowMs' | 'read' | 'readEarlier'>,
  definition: EntityDefinition,
  entry: AnyRecord,
): AnyRecord {
  const key = placeKey(entities.deal.collection, String(entry['dealId']));
  const deal = read(key)?.record;
  if (deal === undefined) return entry;
  const earlier = readEarlier(key);
  const values = trackedValues(earlier ?? null, deal);
  const isPartOfChange = earlier !== deal;
  const isGiven = (field: string): boolean => {
    const source = definition.fields[field]?.derivedFrom?.[0]?.split('.')[1];
    return source === undefined || isPlainlyVisible(actor.fields ?? openFieldPolicy, 'deal', source);
  };
  const own = Object.entries(values).filter(([field]) => isPartOfChange || !isGiven(field));
  return { ...entry, ...Object.fromEntries(own), occurredAt: notAfter(entry['occurredAt'], nowMs) };
}
