// A reference may be set only to a record its author can see. A record that is absent, deleted, of another kind or out
// of sight gives the same answer, so that nothing can be found out by pointing at ids.
import { keySetOf, meets } from '#shared/access/scope.ts';
import type { AnyRecord, EntityDefinition, FieldDefinition, FieldProblem } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { JudgeContext } from '#server/sync/judge-context.ts';
import { placeKey, type Place } from '#server/sync/stored-record.ts';

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
  return problems;
}

/** Every place the operation points to, so that they can be read with one statement. */
export function placesReferredTo(definition: EntityDefinition, operation: Operation): readonly Place[] {
  const places: Place[] = [];
  for (const change of operation.changes) {
    const values = { ...change.to, ...change.add };
    for (const [field, value] of Object.entries(values)) {
      const shape = Object.hasOwn(definition.fields, field) ? definition.fields[field] : undefined;
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

function idsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
