// From stored rows to the text of items. `project` decides what leaves. When the field policy of the user holds nothing
// back, the projection of a stored record is that record (the store holds only what the definition names), and its text
// goes out as it is: no record is parsed and written again.
import type { Actor } from '#shared/access/actor.ts';
import { openFieldPolicy, type FieldPolicy } from '#shared/access/field-policy.ts';
import { projectFields } from '#shared/access/project.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entityOf } from '#shared/entities/registry.ts';

/** Field rules of a user. In this release every role sees all fields of the records it sees. */
export function fieldPolicyOf(_actor: Actor): FieldPolicy {
  return openFieldPolicy;
}

export function showsEveryField(policy: FieldPolicy): boolean {
  return Object.keys(policy).length === 0;
}

/** A put item from the stored text of a record, null when nothing of it is for this user. */
export function toPutJson(_actor: Actor, policy: FieldPolicy, coll: string, kind: string, data: string): string | null {
  const text = showsEveryField(policy) ? data : projectText(policy, kind, data);
  return text === null ? null : `{"t":"put","coll":"${coll}","record":${text}}`;
}

/** Rows come matched by their stored keys, which know more than the record alone: what it follows. */
function projectText(policy: FieldPolicy, kind: string, data: string): string | null {
  const definition = entityOf(kind);
  if (definition === undefined) return null;
  return JSON.stringify(projectFields(definition, JSON.parse(data) as AnyRecord, policy));
}

export function toGoneJson(kind: 'remove' | 'del', coll: string, id: string): string {
  return JSON.stringify({ t: kind, coll, id });
}
