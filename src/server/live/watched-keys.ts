import type { Actor } from '#shared/access/actor.ts';
import { keySetOf } from '#shared/access/scope.ts';
import { entities } from '#shared/entities/registry.ts';
import { isUnnoticed } from '#server/sync/field-filter.ts';
import type { ChangeNotice } from '#server/store/database.ts';

/** The scope keys whose changes concern a user, or all of them. */
export type WatchedKeys = ({ readonly all: true } | { readonly all: false; readonly keys: ReadonlySet<string> }) & {
  /** True for an edit of nothing that the user sees. */
  readonly ignores?: (kind: string, groups: readonly string[]) => boolean;
};

/** What a commit touched. */
export interface Touched extends Pick<ChangeNotice, 'keys'> {
  readonly edits?: ChangeNotice['edits'] | undefined;
}

/** Does a change concern who watches these keys? Edits say it more finely than keys, where they are told. */
export function isConcerned(watched: WatchedKeys, { keys, edits }: Touched): boolean {
  const { ignores } = watched;
  if (ignores !== undefined && edits !== undefined) {
    return edits.some(
      (edit) => !ignores(edit.kind, edit.groups) && (watched.all || edit.keys.some((key) => watched.keys.has(key))),
    );
  }
  return keys === null || watched.all || keys.some((key) => watched.keys.has(key));
}

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
