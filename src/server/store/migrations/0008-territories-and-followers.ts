import type { Migration } from '#server/store/migrate.ts';

const PARENT = `coalesce(nullif(data->>'dealId', ''), nullif(data->>'leadId', ''), nullif(data->>'contactId', ''), nullif(data->>'accountId', ''))`;

/** Keys of children as `keysUnderParent` gives them, for records written before children followed their parents. */
const follow = (kinds: string, keys: string, condition = 'true') =>
  `UPDATE record child SET scope_keys = ${keys} FROM record parent
   WHERE parent.tenant = child.tenant AND parent.id = child.subject AND child.kind IN (${kinds})
     AND parent.kind IN ('account', 'contact', 'lead', 'deal', 'activity', 'task') AND ${condition}`;

/**
 * What belongs to a record finds it by `subject` and carries its keys; what could not follow at once waits in a queue.
 * Territories of a user are expanded into the user's row, in the transaction that changes the tree. Everybody's reach has
 * changed by that, so every device reads anew.
 */
export const territoriesAndFollowers: Migration = {
  number: 8,
  name: 'territories and followers',
  statements: [
    `ALTER TABLE user_scope ADD COLUMN territory_read text[] NOT NULL DEFAULT '{}',
       ADD COLUMN territory_edit text[] NOT NULL DEFAULT '{}'`,
    `UPDATE record SET subject = ${PARENT} WHERE kind IN ('activity', 'task', 'stageChange')`,
    follow(`'activity', 'stageChange'`, 'parent.scope_keys'),
    follow(
      `'task'`,
      `ARRAY(SELECT DISTINCT key FROM unnest(child.scope_keys || parent.scope_keys) AS key ORDER BY key)`,
      `child.data->>'visibility' IS DISTINCT FROM 'private'`,
    ),
    follow(`'conflict'`, 'parent.scope_keys'),
    // Few, and asked for at every new account: found without walking through the catalog.
    `CREATE INDEX record_territories ON record (tenant, id) WHERE kind = 'territory'`,
    // Ids only and no tenant's content, like the sign-in names: the server looks for work before it knows for whom.
    `CREATE TABLE follow_queue (
       tenant text COLLATE "C" NOT NULL, coll text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, PRIMARY KEY (tenant, coll, id))`,
    'UPDATE user_scope SET epoch = epoch + 1',
  ],
};
