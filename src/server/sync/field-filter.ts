// What never happened for a user who does not see certain fields, as conditions in SQL: changes of groups that are hidden
// wholly, and conflicts about them. They are left out before anything is counted, so neither the number of items nor the
// end of a page depends on them.
import { hiddenGroupsOf, type FieldPolicy } from '#shared/access/field-policy.ts';
import { entities } from '#shared/entities/registry.ts';
import type { SqlParameters } from '#server/sync/sql/visible-condition.ts';

/** Name of a group of a kind, as changes of conflicts about it carry it among their groups. */
export function aboutGroup(kind: string, group: string): string {
  return `@${kind}.${group}`;
}

export interface HiddenGroups {
  readonly kind: string;
  readonly groups: readonly string[];
}

const known = new WeakMap<FieldPolicy, readonly HiddenGroups[]>();

export function hiddenGroups(policy: FieldPolicy | undefined): readonly HiddenGroups[] {
  if (policy === undefined) return [];
  let found = known.get(policy);
  if (found === undefined) {
    found = Object.values(entities)
      .map((definition) => ({ kind: definition.name, groups: hiddenGroupsOf(policy, definition) }))
      .filter(({ groups }) => groups.length > 0);
    known.set(policy, found);
  }
  return found;
}

/** Condition over rows of `change` (kind, action, groups) that is true for what the user notices. */
export function noticedChange(policy: FieldPolicy | undefined, parameters: SqlParameters): string {
  const hidden = hiddenGroups(policy);
  if (hidden.length === 0) return 'true';
  const parts = hidden.map(
    ({ kind, groups }) =>
      `(kind = ${parameters.add(kind)} AND action = 'update' AND groups <> '{}' AND groups <@ ${parameters.add(groups)}::text[])`,
  );
  const about = parameters.add(hidden.flatMap(({ kind, groups }) => groups.map((group) => aboutGroup(kind, group))));
  return `NOT (${parts.join(' OR ')} OR (kind = 'conflict' AND groups && ${about}::text[]))`;
}

/** Condition over rows of `record` (kind, data) that is false for conflicts about hidden values. */
export function noticedRecord(policy: FieldPolicy | undefined, parameters: SqlParameters): string {
  const hidden = hiddenGroups(policy);
  if (hidden.length === 0) return 'true';
  const about = parameters.add(hidden.flatMap(({ kind, groups }) => groups.map((group) => aboutGroup(kind, group))));
  return `NOT (kind = 'conflict' AND '@' || (data->>'subjectEntity') || '.' || (data->>'group') = ANY(${about}::text[]))`;
}

/** True for an update that touches nothing this user sees. */
export function isUnnoticed(policy: FieldPolicy | undefined, kind: string, groups: readonly string[]): boolean {
  const hidden = hiddenGroups(policy);
  if (kind === 'conflict') {
    return hidden.some((entry) => entry.groups.some((group) => groups.includes(aboutGroup(entry.kind, group))));
  }
  const own = hidden.find((entry) => entry.kind === kind);
  return own !== undefined && groups.length > 0 && groups.every((group) => own.groups.includes(group));
}

/** The same as `noticedChange`, of an entry of the log that was read already. */
export function isNoticedChange(
  policy: FieldPolicy | undefined,
  { kind, action, groups }: { readonly kind: string; readonly action: string; readonly groups: readonly string[] },
): boolean {
  const hidden = hiddenGroups(policy);
  const own = hidden.find((entry) => entry.kind === kind);
  if (own !== undefined && action === 'update' && groups.length > 0 && groups.every((one) => own.groups.includes(one)))
    return false;
  return (
    kind !== 'conflict' ||
    !hidden.some((entry) => entry.groups.some((group) => groups.includes(aboutGroup(entry.kind, group))))
  );
}
