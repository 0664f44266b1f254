// Takes keys away from the many children of moved parents, with statements over sets instead of record by record: a child
// keeps what it has in common with its parent. Only what takes no keys of its own is here: activities, the two kinds of history, and
// the conflicts and files of them, also of deleted ones.
import { manyEntities } from '#shared/access/parent-record.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { FOLLOW_CHANNEL, toJsonBytes, type SqlSession } from '#server/store/database.ts';

/** A record whose children have to take over its keys. */
export interface MovedParent {
  readonly coll: string;
  readonly kind: string;
  readonly id: string;
  readonly keys: readonly string[];
  readonly record: AnyRecord;
}

/** Numbers drawn for the children that are narrowed. */
export interface NarrowingNumbers {
  readonly firstSeq: number;
  readonly count: number;
  readonly ts: number;
  readonly actorId: string | null;
}

/** Changes of one number, far below what a page of the log can hold. */
export const CHANGES_OF_A_NUMBER = 1000;

/** The field that names the parent, as in `parentOf`: the first of them that is filled. */
const PARENT_KIND = `CASE WHEN coalesce(c.data->>'dealId', '') <> '' THEN 'deal' WHEN coalesce(c.data->>'leadId', '') <> '' THEN 'lead'
  WHEN coalesce(c.data->>'contactId', '') <> '' THEN 'contact' ELSE 'account' END`;

/** Kinds of which a record has many, as a list in SQL. */
export const MANY = manyEntities.map((name) => `'${name}'`).join(', ');

/** Children with keys their parent has not, and the keys they may keep. $1: tenant, $2: moved parents. */
const TOO_WIDE = `
  moved AS (SELECT * FROM json_to_recordset($2::json) AS m(id text, kind text, keys text[])),
  child AS (
    SELECT c.coll, c.id, c.kind, c.scope_keys, c.deleted, m.keys FROM record c JOIN moved m ON c.subject = m.id
    WHERE c.tenant = $1 AND c.kind IN (${MANY}) AND m.kind = ${PARENT_KIND}
  ),
  wide AS (
    SELECT * FROM (
      SELECT coll, id, kind, scope_keys, keys FROM child WHERE NOT deleted
      UNION ALL
      SELECT g.coll, g.id, g.kind, g.scope_keys, child.keys FROM record g JOIN child ON g.subject = child.id
      WHERE g.tenant = $1 AND NOT g.deleted AND g.kind IN ('conflict', 'file', 'comment')
    ) AS every WHERE NOT scope_keys <@ keys
  )`;

function parametersOf(moved: readonly MovedParent[]): Uint8Array {
  return toJsonBytes(moved.map(({ id, kind, keys }) => ({ id, kind, keys })));
}

export async function countToNarrow(
  session: SqlSession,
  tenantId: TenantId,
  moved: readonly MovedParent[],
): Promise<number> {
  const rows = await session.query<{ count: number }>(`WITH ${TOO_WIDE} SELECT count(*) AS count FROM wide`, [
    tenantId,
    parametersOf(moved),
  ]);
  return rows[0]?.count ?? 0;
}

/** Writes records, changes and change keys under the given numbers, and queues the parents for the rest. */
export async function narrowChildren(
  session: SqlSession,
  tenantId: TenantId,
  moved: readonly MovedParent[],
  numbers: NarrowingNumbers,
): Promise<void> {
  if (moved.length === 0) return;
  if (numbers.count > 0) {
    await session.query(
      `WITH ${TOO_WIDE},
       narrowed AS (
         SELECT coll, id, kind, scope_keys AS before,
           ARRAY(SELECT key FROM unnest(scope_keys) AS key WHERE key = ANY(keys) ORDER BY key) AS after,
           $3::bigint + (place % $4::int) AS seq, (place / $4::int)::int AS n
         FROM (SELECT *, row_number() OVER (ORDER BY coll, id) - 1 AS place FROM wide) AS placed
       ),
       written AS (
         UPDATE record r SET scope_keys = narrowed.after FROM narrowed
         WHERE r.tenant = $1 AND r.coll = narrowed.coll AND r.id = narrowed.id
       ),
       logged AS (
         INSERT INTO change (tenant, seq, n, coll, id, kind, action, groups, keys_before, keys_after, op_id, device, actor, ts)
         SELECT $1, seq, n, coll, id, kind, 'update', '{}', before, after, NULL, NULL, $6, $5::bigint FROM narrowed
       )
       INSERT INTO change_key (tenant, key, seq, n)
       SELECT $1, key, seq, n FROM narrowed, unnest(before) AS key WHERE key <> 'w'`,
      [tenantId, parametersOf(moved), numbers.firstSeq, numbers.count, numbers.ts, numbers.actorId],
    );
  }
  await session.query(
    `INSERT INTO follow_queue (tenant, coll, id) SELECT $1, m.* FROM json_to_recordset($2::json) AS m(coll text, id text)
     ON CONFLICT DO NOTHING`,
    [tenantId, toJsonBytes(moved.map(({ coll, id }) => ({ coll, id })))],
  );
  await session.query('SELECT pg_notify($1, $2)', [FOLLOW_CHANNEL, tenantId]);
}
