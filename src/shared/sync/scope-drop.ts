// What somebody could see and cannot see any more, as a message that names nothing but the own rights: kinds of records,
// own keys, fields. A device purges by it before it asks the server for anything, and errs on the safe side: what it
// cannot prove to be still in reach goes, and comes back when the server says so.
import { fieldModeOf, lesserMode, type FieldPolicy } from '#shared/access/field-policy.ts';
import { parentOf } from '#shared/access/parent-record.ts';
import { meets, scopeKeysOf, type KeySet } from '#shared/access/scope.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { allSlots } from '#shared/entities/custom-field/custom-slots.ts';
import { entityOf } from '#shared/entities/registry.ts';
import type { ScopeDrop } from '#shared/sync/messages.ts';

/** What one user reaches at one epoch: keys by kind of record, and the rules of fields that hold something back. */
export interface Reach {
  readonly scopes: Readonly<Partial<Record<EntityName, KeySet>>>;
  readonly fields: FieldPolicy;
}

function isNarrower(before: KeySet, after: KeySet | undefined): boolean {
  if (after === undefined) return true;
  if (after.all) return false;
  return before.all || before.keys.some((key) => !after.keys.includes(key));
}

/** Values that conflicts and histories keep follow the fields of their records: all of them come anew when any field was lost. */
const valuesOfConflicts = ['base', 'kept', 'lost'];
const valuesOfChanges = ['before', 'after'];

function lostFields(before: FieldPolicy, after: FieldPolicy): Record<string, string[]> {
  const lost: Record<string, string[]> = {};
  for (const name of Object.keys(after)) {
    const definition = entityOf(name);
    if (definition === undefined) continue;
    const slots = [...allSlots()].filter((slot) => Object.hasOwn(definition.fields, slot));
    const fields = [...Object.keys(definition.fields), ...slots].filter((field) => {
      const mode = fieldModeOf(after, definition.name, field);
      // Viewing a value and editing it show the same.
      if (mode === 'view' || mode === 'edit') return false;
      const was = fieldModeOf(before, definition.name, field);
      return was !== mode && lesserMode(was, mode) === mode;
    });
    if (fields.length > 0) lost[name] = fields;
  }
  return Object.keys(lost).length === 0 ? lost : { ...lost, conflict: valuesOfConflicts, fieldChange: valuesOfChanges };
}

/** What is lost between two reaches of one user. A kind that is not named lost nothing. */
export function dropBetween(before: Reach, after: Reach): ScopeDrop {
  const scopes: Record<string, string[]> = {};
  for (const [entity, keySet] of Object.entries(before.scopes)) {
    const next = after.scopes[entity as EntityName];
    if (!isNarrower(keySet, next)) continue;
    scopes[entity] = next === undefined || next.all ? [] : [...next.keys];
  }
  return { scopes, fields: lostFields(before.fields, after.fields) };
}

/** True when nothing has to be purged. */
export function isEmptyDrop(drop: ScopeDrop): boolean {
  return Object.keys(drop.scopes).length === 0 && Object.keys(drop.fields).length === 0;
}

/** Must this record go? `projection`: what the server last said of it, never what is typed on top. */
export function isDropped(drop: ScopeDrop, projection: AnyRecord): boolean {
  const keys = drop.scopes[projection.kind];
  if (keys === undefined) return false;
  const definition = entityOf(projection.kind);
  if (definition === undefined) return true;
  // Seen because its record is: its own owner proves nothing. A task is its assignee's in any case.
  if (definition.name !== 'task' && parentOf(definition, projection) !== null) return true;
  return !meets({ all: false, keys }, scopeKeysOf(definition, projection));
}

/** The record without the fields that were lost; the same object when it has none of them. */
export function withoutLostFields<Values extends Readonly<Record<string, unknown>>>(
  drop: ScopeDrop,
  entity: string,
  values: Values,
): Values {
  const lost = (drop.fields[entity] ?? []).filter((field) => Object.hasOwn(values, field));
  if (lost.length === 0) return values;
  return Object.fromEntries(Object.entries(values).filter(([field]) => !lost.includes(field))) as Values;
}
