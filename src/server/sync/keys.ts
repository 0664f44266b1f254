// What a user may read, as a plan for the store. Key sets differ per entity and must never be united over entities, so the
// plan groups entities that share a key set; a row is visible when one group names its kind and meets its keys.
import type { Actor } from '#shared/access/actor.ts';
import type { FieldPolicy } from '#shared/access/field-policy.ts';
import { keySetOf, type KeySet } from '#shared/access/scope.ts';
import { entities } from '#shared/entities/registry.ts';

export interface ReadGroup {
  readonly kinds: readonly string[];
  readonly keySet: KeySet;
}

export interface ReadPlan {
  readonly groups: readonly ReadGroup[];
  /** Keys that find every visible change in `change_key`; null: the user sees so much that the log is read in order. */
  readonly logKeys: readonly string[] | null;
  /** Rules of fields: what touches hidden ones alone never happened for this user. */
  readonly fields: FieldPolicy | undefined;
}

/** Held by users with organization-wide sight. Nearly every record carries it, so `change_key` does not repeat it. */
export const UNINDEXED_KEY = 'w';

/** Plans by actor: several requests, and several pages, are answered with one. */
const plans = new WeakMap<Actor, ReadPlan>();

export function readPlanOf(actor: Actor): ReadPlan {
  let plan = plans.get(actor);
  if (plan === undefined) plans.set(actor, (plan = makePlan(actor)));
  return plan;
}

function makePlan(actor: Actor): ReadPlan {
  const groups = new Map<string, { kinds: string[]; keySet: KeySet }>();
  for (const definition of Object.values(entities)) {
    const keySet = keySetOf(actor, definition, 'read');
    if (!keySet.all && keySet.keys.length === 0) continue;
    const name = keySet.all ? '*' : [...keySet.keys].sort().join(' ');
    const group = groups.get(name);
    if (group === undefined) groups.set(name, { kinds: [definition.name], keySet });
    else group.kinds.push(definition.name);
  }
  const keys = new Set<string>();
  let readsInOrder = false;
  for (const { keySet } of groups.values()) {
    if (keySet.all || keySet.keys.includes(UNINDEXED_KEY)) readsInOrder = true;
    else for (const key of keySet.keys) keys.add(key);
  }
  return { groups: [...groups.values()], logKeys: readsInOrder ? null : [...keys], fields: actor.fields };
}

/** The key set of one kind within the plan, null when the user sees none of it. */
export function keySetOfKind(plan: ReadPlan, kind: string): KeySet | null {
  return plan.groups.find((group) => group.kinds.includes(kind))?.keySet ?? null;
}
