import type { Actor } from '#shared/access/actor.ts';
import { keySetOf } from '#shared/access/scope.ts';
import { entities } from '#shared/entities/registry.ts';
import { isUnnoticed } from '#server/sync/field-filter.ts';
import type { WatchedKeys } from '#server/live/live-hub.ts';

/**
 * Keys whose changes concern a user in any entity. For pokes only, which say nothing: what is delivered is decided for
 * each entity by the pull.
 */
export function watchedKeysOf(actor: Actor): WatchedKeys {
  const { fields } = actor;
  const ignores = (kind: string, groups: readonly string[]) => isUnnoticed(fields, kind, groups);
  const rest = fields === undefined ? {} : { ignores };
  const keys = new Set<string>();
  for (const definition of Object.values(entities)) {
    const keySet = keySetOf(actor, definition, 'read');
    if (keySet.all) return { all: true, ...rest };
    for (const key of keySet.keys) keys.add(key);
  }
  return { all: false, keys, ...rest };
}
