// The only function that produces a record for somebody's eyes. What the definition does not name does not leave:
// a column added to the store can never slip out by being forgotten here.
import type { Actor } from '#shared/access/actor.ts';
import { fieldModeOf, MASK, openFieldPolicy, type FieldPolicy } from '#shared/access/field-policy.ts';
import { isInScope } from '#shared/access/scope.ts';
import { envelopeFields, type AnyRecord, type EntityDefinition } from '#shared/entities/define-entity.ts';

/** The record as this user may see it, or null when it is not visible at all. */
export function project(
  actor: Actor,
  definition: EntityDefinition,
  record: AnyRecord,
  policy: FieldPolicy = openFieldPolicy,
): AnyRecord | null {
  if (!isInScope(actor, definition, 'read', record)) return null;
  return projectFields(definition, record, policy);
}

/** The fields a user may see of a record whose keys have been compared already. */
export function projectFields(definition: EntityDefinition, record: AnyRecord, policy: FieldPolicy): AnyRecord {
  const visible: Record<string, unknown> = {};
  for (const field of envelopeFields) visible[field] = record[field];
  // Owner and team stand in every record, also of entities that do not define them as fields.
  for (const field of new Set(['ownerId', 'teamId', ...Object.keys(definition.fields)])) {
    if (!Object.hasOwn(record, field)) continue;
    const mode = fieldModeOf(policy, definition.name, field);
    if (mode === 'hidden') continue;
    visible[field] = mode === 'mask' && record[field] !== null ? MASK : record[field];
  }
  return visible as AnyRecord;
}
