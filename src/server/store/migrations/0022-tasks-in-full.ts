import type { Migration } from '#server/store/migrate.ts';

const KEYS_OF_PARENT = `UPDATE record child SET scope_keys = parent.scope_keys FROM record parent
   WHERE parent.tenant = child.tenant AND parent.id = child.subject AND parent.kind = 'task'
     AND child.kind IN ('conflict', 'file') AND parent.data->>'visibility' IN ('private', 'collaborative')`;

const TEAM = `nullif(data->>'teamId', '')`;

/**
 * A private task is its assignee's and the team's managers', not also that of whoever made it or sees the team's records; a
 * collaborative one is everybody's in the team. What belongs to them follows. Everybody's reach has changed by that.
 */
export const tasksInFull: Migration = {
  number: 22,
  name: 'tasks in full',
  statements: [
    `UPDATE record SET scope_keys = ARRAY(
       SELECT key FROM (VALUES ('m:' || ${TEAM}), ('o:' || nullif(data->>'ownerId', ''))) AS keys(key) WHERE key IS NOT NULL ORDER BY key COLLATE "C")
     WHERE kind = 'task' AND data->>'visibility' = 'private'`,
    `UPDATE record SET scope_keys = ARRAY(
       SELECT key FROM unnest(scope_keys || ('c:' || ${TEAM})) AS key WHERE key IS NOT NULL GROUP BY key ORDER BY key COLLATE "C")
     WHERE kind = 'task' AND data->>'visibility' = 'collaborative'`,
    KEYS_OF_PARENT,
    'UPDATE user_scope SET epoch = epoch + 1',
  ],
};
