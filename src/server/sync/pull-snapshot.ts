// The snapshot: every visible record in a fixed order of phases, each in key order, so that a place in it is a phase and
// an id. What the user needs first comes first: people and catalog, the own work, then everything else. Records that
// change or move between phases meanwhile are delivered by the log, which begins where the snapshot began.
import type { FieldPolicy } from '#shared/access/field-policy.ts';
import type { CollectionName } from '#shared/entities/define-entity.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlSession } from '#server/store/database.ts';
import { noticedRecord } from '#server/sync/field-filter.ts';
import { SqlParameters, visibleCondition, type ReadPlan } from '#server/sync/keys.ts';
import type { PullContext } from '#server/sync/pull-context.ts';
import { showsEveryField, toPutJsons } from '#server/sync/pull-items.ts';
import type { Position } from '#server/sync/token.ts';

interface Phase {
  readonly coll: CollectionName;
  /** `mine`: records the user owns; `others`: all but those; `all`: no difference. */
  readonly part: 'all' | 'mine' | 'others';
}

const phases: readonly Phase[] = [
  { coll: 'people', part: 'all' },
  { coll: 'catalog', part: 'all' },
  { coll: 'tasks', part: 'mine' },
  { coll: 'deals', part: 'mine' },
  { coll: 'contacts', part: 'mine' },
  { coll: 'accounts', part: 'all' },
  { coll: 'contacts', part: 'others' },
  { coll: 'deals', part: 'others' },
  { coll: 'leads', part: 'all' },
  { coll: 'tasks', part: 'others' },
  { coll: 'inbox', part: 'all' },
  { coll: 'reports', part: 'all' },
  { coll: 'activities', part: 'all' },
  { coll: 'messages', part: 'all' },
  { coll: 'files', part: 'all' },
];

type Place = NonNullable<Position['snapshot']>;

export const SNAPSHOT_BEGIN: Place = { phase: 0, afterId: '' };

export interface SnapshotPage {
  readonly itemsJson: string;
  readonly itemCount: number;
  /** Null: that was the last page of the snapshot. */
  readonly next: Place | null;
}

/** Fills a page from as many phases as it takes. */
export async function readSnapshotPage(context: PullContext, from: Place): Promise<SnapshotPage> {
  const parts: string[] = [];
  let itemCount = 0;
  let { phase, afterId } = from;
  while (phase < phases.length) {
    const wanted = context.limit - itemCount;
    if (wanted === 0) return { itemsJson: parts.join(','), itemCount, next: { phase, afterId } };
    const chunk = await readChunk(context, phase, afterId, wanted);
    if (chunk.json !== '') parts.push(chunk.json);
    itemCount += chunk.count;
    if (chunk.count < wanted) {
      phase += 1;
      afterId = '';
    } else afterId = chunk.lastId;
  }
  return { itemsJson: parts.join(','), itemCount, next: null };
}

interface Chunk {
  readonly json: string;
  /** Rows read; a row may be without an item when the projection is empty. */
  readonly count: number;
  readonly lastId: string;
}

async function readChunk(context: PullContext, phase: number, afterId: string, limit: number): Promise<Chunk> {
  const { coll, part } = phases[phase] ?? { coll: 'files', part: 'all' };
  const parameters = new SqlParameters();
  const conditions = [
    `tenant = ${parameters.add(context.tenantId)}`,
    `coll = ${parameters.add(coll)}`,
    `id > ${parameters.add(afterId)}`,
    'NOT deleted',
    visibleCondition(context.plan, parameters, ['scope_keys']),
    noticedRecord(context.actor.fields, parameters),
  ];
  if (part === 'mine') conditions.push(`owner = ${parameters.add(context.actor.userId)}`);
  if (part === 'others') conditions.push(`owner IS DISTINCT FROM ${parameters.add(context.actor.userId)}`);
  const rows = `SELECT id, kind, field_rev, data FROM record WHERE ${conditions.join(' AND ')} ORDER BY id LIMIT ${limit}`;
  if (showsEveryField(context.actor)) return readAsText(context.session, coll, rows, parameters);
  const found = await context.session.query<{
    id: string;
    kind: string;
    fieldRev: Record<string, number>;
    text: string;
  }>(`SELECT id, kind, field_rev AS "fieldRev", data::text AS text FROM (${rows}) AS page`, parameters.values);
  const items = await toPutJsons(
    context,
    found.map((row) => ({ ...row, coll })),
  );
  const json = items.filter((item) => item !== null).join(',');
  return { json, count: found.length, lastId: found.at(-1)?.id ?? '' };
}

/** The page as one text put together by the database: thousands of records cost one row. */
async function readAsText(session: SqlSession, coll: string, rows: string, parameters: SqlParameters): Promise<Chunk> {
  const found = await session.query<Chunk>(
    `SELECT coalesce(string_agg('{"t":"put","coll":"${coll}","record":' || data::text || '}', ',' ORDER BY id), '') AS json,
       count(*) AS count, coalesce(max(id), '') AS "lastId" FROM (${rows}) AS page`,
    parameters.values,
  );
  return found[0] ?? { json: '', count: 0, lastId: '' };
}

export async function countVisible(
  session: SqlSession,
  tenantId: TenantId,
  plan: ReadPlan,
  policy: FieldPolicy | undefined,
): Promise<number> {
  const parameters = new SqlParameters();
  const tenant = parameters.add(tenantId);
  const rows = await session.query<{ count: number }>(
    `SELECT count(*) AS count FROM record
     WHERE tenant = ${tenant} AND NOT deleted AND ${visibleCondition(plan, parameters, ['scope_keys'])}
       AND ${noticedRecord(policy, parameters)}`,
    parameters.values,
  );
  return rows[0]?.count ?? 0;
}
