// A reference may be set only to a record its author can see. A record that is absent, deleted, of another kind or out
// of sight gives the same answer, so that nothing can be found out by pointing at ids.
import { isShareable, parseShareEntry, type Share } from '#shared/access/shares.ts';
import { keySetOf, meets } from '#shared/access/scope.ts';
import type { AnyRecord, EntityDefinition, FieldDefinition, FieldProblem } from '#shared/entities/define-entity.ts';
import { customFieldId } from '#shared/entities/custom-field/custom-field.ts';
import { isCustomSlot } from '#shared/entities/custom-field/custom-slots.ts';
import { entities } from '#shared/entities/registry.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { JudgeContext } from '#server/sync/judge-context.ts';
import { placeKey, placeOf, type Place } from '#server/sync/stored-record.ts';

export function findBadReferences(
  context: Pick<JudgeContext, 'actor' | 'read'>,
  definition: EntityDefinition,
  before: AnyRecord | null,
  after: AnyRecord,
): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const [field, shape] of Object.entries(definition.fields)) {
    const target = targetOf(shape);
    if (target === undefined) continue;
    const known = new Set(idsOf(before?.[field]));
    const added = idsOf(after[field]).filter((id) => !known.has(id));
    const isBad = added.some((id) => {
      if (shape.options?.some((option) => option.value === id) === true) return false;
      const found = context.read(placeKey(target.collection, id));
      if (found === undefined || found.isDeleted || found.record.kind !== target.name) return true;
      return !meets(keySetOf(context.actor, target, 'read'), found.scopeKeys);
    });
    if (isBad)
      problems.push({ field, code: 'reference', message: `${shape.label}: this record is not available to you.` });
  }
  const share = findBadShare(context, definition, before, after);
  return share === null ? problems : [...problems, share];
}

/** A record is shared with users and teams of the organization, and with roles. */
function findBadShare(
  context: Pick<JudgeContext, 'actor' | 'read'>,
  definition: EntityDefinition,
  before: AnyRecord | null,
  after: AnyRecord,
): FieldProblem | null {
  if (!isShareable(definition) || isJsonEqual(before?.['shares'] ?? null, after['shares'] ?? null)) return null;
  const known = new Set(entriesOf(before?.['shares']));
  const entries = entriesOf(after['shares']);
  const isBad = entries.some((entry) => !known.has(entry) && !isGoodShare(context, parseShareEntry(entry)));
  if (!isBad && entries.length <= MOST_SHARES) return null;
  const message = isBad ? 'Shared with: this user, team or role is not available to you.' : 'Shared with too many.';
  return { field: 'shares', code: 'reference', message };
}

const MOST_SHARES = 200;

function isGoodShare(context: Pick<JudgeContext, 'read'>, share: Share | null): boolean {
  if (share === null) return false;
  if (share.kind === 'role') return share.id.length <= 64;
  const found = context.read(placeKey(entities[share.kind].collection, share.id));
  return found !== undefined && !found.isDeleted && found.record.kind === share.kind;
}

function entriesOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === null || value === undefined ? [] : [value];
}

/** Every place the operation points to, so that they can be read with one statement. */
export function placesReferredTo(definition: EntityDefinition, operation: Operation): readonly Place[] {
  const places: Place[] = [];
  for (const change of operation.changes) {
    const values = { ...change.to, ...change.add };
    for (const [field, value] of Object.entries(values)) {
      const shape = Object.hasOwn(definition.fields, field) ? definition.fields[field] : undefined;
      if (field === 'shares') places.push(...placesOfShares(value));
      if (isCustomSlot(field)) places.push(placeOf(entities.customField, customFieldId(definition.name, field)));
      const target = shape === undefined ? undefined : targetOf(shape);
      if (target === undefined) continue;
      // PostgreSQL cannot store the character NUL, so no record has such an id: it is judged as absent without asking.
      const ids = idsOf(value).filter((id) => !id.includes('\0'));
      for (const id of ids) places.push({ coll: target.collection, id });
    }
  }
  return places;
}

function targetOf(shape: FieldDefinition): EntityDefinition | undefined {
  const to = shape.to ?? shape.orRecordOf;
  return to === undefined ? undefined : entities[to];
}

function placesOfShares(value: unknown): readonly Place[] {
  return entriesOf(value).flatMap((entry) => {
    const share = parseShareEntry(entry);
    return share === null || share.kind === 'role' || share.id.includes('\0')
      ? []
      : [{ coll: entities[share.kind].collection, id: share.id }];
  });
}

function idsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
