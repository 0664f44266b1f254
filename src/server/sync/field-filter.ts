// What never happened for a user who does not see certain fields, as conditions in SQL: changes of groups that are hidden
// wholly, conflicts about them, and entries of a deal's history about nothing else. They are left out before anything is counted, so neither the number of items nor the
// end of a page depends on them.
import { hiddenGroupsOf, type FieldPolicy } from '#shared/access/field-policy.ts';
import { entities } from '#shared/entities/registry.ts';
import { entryFields, trackedFields, type TrackedField } from '#shared/entities/stage-change/changed-groups.ts';
import { historySubjects } from '#shared/entities/field-change/kept-changes.ts';
import type { SqlParameters } from '#server/sync/sql/visible-condition.ts';

/** Name of a group of a kind, as changes of conflicts and of entries of the history about it carry it among their groups. */
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
  const entries = `kind IN ('stageChange', 'fieldChange') AND groups <> '{}' AND groups <@ ${about}::text[]`;
  return `NOT (${parts.join(' OR ')} OR (kind = 'conflict' AND groups && ${about}::text[]) OR (${entries}))`;
}

/** Kind of the record that an entry of a history is about, as in `subjectOfChange`. */
const SUBJECT_OF_CHANGE = `CASE ${Object.entries(historySubjects)
  .map(([entity, field]) => `WHEN coalesce(data->>'${field}', '') <> '' THEN '${entity}'`)
  .join(' ')} ELSE '' END`;

/** Condition over rows of `record` (kind, data) that is false for conflicts and entries of the history about hidden values. */
export function noticedRecord(policy: FieldPolicy | undefined, parameters: SqlParameters): string {
  const hidden = hiddenGroups(policy);
  if (hidden.length === 0) return 'true';
  const about = parameters.add(hidden.flatMap(({ kind, groups }) => groups.map((group) => aboutGroup(kind, group))));
  const conflicts = `kind = 'conflict' AND '@' || (data->>'subjectEntity') || '.' || (data->>'group') = ANY(${about}::text[])`;
  const changes = `kind = 'fieldChange' AND NOT EXISTS (SELECT FROM json_array_elements_text(data->'groups') AS g
    WHERE '@' || ${SUBJECT_OF_CHANGE} || '.' || g <> ALL(${about}::text[]))`;
  return `NOT ((${conflicts}) OR (${changes}) OR (${hiddenEntries(hidden)}))`;
}

/** The same as `isHistoryHidden`, in SQL: no move, nothing changed that is seen, and something that is not. */
function hiddenEntries(hidden: readonly HiddenGroups[]): string {
  const unseen = new Set(hidden.find(({ kind }) => kind === 'deal')?.groups ?? []);
  const sameWhere = (isWanted: (group: string) => boolean): readonly string[] =>
    Object.entries(entryFields)
      .filter(([field]) => isWanted(trackedFields[field as TrackedField]))
      .map(([, [before, after]]) => `data->>'${before}' IS NOT DISTINCT FROM data->>'${after}'`);
  const same = sameWhere((group) => !unseen.has(group));
  const others = sameWhere((group) => unseen.has(group));
  if (others.length === 0) return 'false';
  return `kind = 'stageChange' AND data->>'fromStage' = data->>'toStage' AND ${same.join(' AND ')} AND NOT (${others.join(' AND ')})`;
}

const isHistory = (kind: string): boolean => kind === 'stageChange' || kind === 'fieldChange';

/** True for what tells of hidden values alone: any conflict about some, an entry of the history about nothing else. */
function isAboutHidden(hidden: readonly HiddenGroups[], kind: string, groups: readonly string[]): boolean {
  if ((kind !== 'conflict' && !isHistory(kind)) || groups.length === 0) return false;
  const about = new Set(hidden.flatMap((entry) => entry.groups.map((group) => aboutGroup(entry.kind, group))));
  return kind === 'conflict' ? groups.some((group) => about.has(group)) : groups.every((group) => about.has(group));
}

/** True for an update that touches nothing this user sees. */
export function isUnnoticed(policy: FieldPolicy | undefined, kind: string, groups: readonly string[]): boolean {
  const hidden = hiddenGroups(policy);
  if (isAboutHidden(hidden, kind, groups)) return true;
  if (kind === 'conflict') return false;
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
  return !isAboutHidden(hidden, kind, groups);
}
