// The manifest for a device that fell out of step: place and fingerprint of every visible record in key order, read from
// the head S on, page by page, each at its own instant. What changes meanwhile is told by the log from S, so the pages need
// no common snapshot. Bodies are asked for apart, and only those that differ.
import { createHmac } from 'node:crypto';
import type { Actor } from '#shared/access/actor.ts';
import { collectionNames, type AnyRecord } from '#shared/entities/define-entity.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { FINGERPRINT_BYTES, fingerprintText } from '#shared/sync/manifest.ts';
import type { ManifestRange, ManifestRequest, ManifestResponse } from '#shared/sync/messages.ts';
import type { SqlSession } from '#server/store/database.ts';
import { noticedRecord } from '#server/sync/field-filter.ts';
import { readPlanOf, SqlParameters, visibleCondition } from '#server/sync/keys.ts';
import { withTokens } from '#server/sync/mask-tokens.ts';
import { readMaskSecret } from '#server/sync/mask-values.ts';
import { beginOf, checkPosition, openOwnToken, readOwnHead, readSyncSecret } from '#server/sync/position.ts';
import type { PullContext } from '#server/sync/pull-context.ts';
import { toPutJsons } from '#server/sync/pull-items.ts';
import { countVisible } from '#server/sync/pull-snapshot.ts';
import type { SyncDependencies } from '#server/sync/push.ts';
import { rememberReach } from '#server/sync/reach.ts';
import { badToken, sealToken, type Position } from '#server/sync/token.ts';

const DEFAULT_RECORDS = 5000;
const MOST_RECORDS = 10_000;

type Place = NonNullable<Position['manifest']>;

const MANIFEST_BEGIN: Place = { coll: 0, afterId: '' };

/**
 * The next page of the manifest.
 * @throws OutpostError as a pull does: `bad_token`, `scope_changed` with what to purge, `incarnation_changed`.
 */
export async function manifestPage(
  deps: SyncDependencies,
  actor: Actor,
  deviceId: string,
  request: ManifestRequest,
): Promise<ManifestResponse> {
  const nowMs = deps.clock.now();
  const secret = await readSyncSecret(deps.db, 'pull-token');
  const printSecret = await readSyncSecret(deps.db, 'manifest');
  const position = request.cursor === null ? null : openOwnToken(secret, request.cursor, actor, deviceId);
  if (position !== null && position.manifest === undefined) throw badToken();
  if (position === null) await rememberReach(deps.db, actor);
  const limit = Math.max(1, Math.min(MOST_RECORDS, Math.trunc(request.wantItems ?? DEFAULT_RECORDS)));
  const tenantId = actor.tenantId as TenantId;
  const maskSecret = await readMaskSecret(deps.db);
  const read = async (session: SqlSession) => {
    const head = await readOwnHead(session, actor);
    const context = { session, tenantId, actor, plan: readPlanOf(actor), limit, maskSecret };
    if (position !== null) await checkPosition(session, actor, position, head);
    const start = position ?? {
      ...beginOf(actor, deviceId, head, nowMs),
      total: await countVisible(session, tenantId, context.plan, actor.fields),
    };
    const key = keyOf(printSecret, start);
    const lastOpNo = await readLastOpNo(session, actor, deviceId);
    return { start, key, lastOpNo, ...(await readRanges(context, key, start.manifest ?? MANIFEST_BEGIN)) };
  };
  const page = await withTokens(deps.db, tenantId, () => deps.db.inTenant(tenantId, read, { snapshot: true }));
  const { manifest: _place, ...base } = page.start;
  const next: Position = { ...base, done: base.done + page.count, issuedAtMs: nowMs };
  return {
    ranges: page.ranges,
    cursor: page.next === null ? null : sealToken(secret, { ...next, manifest: page.next }),
    token: page.next === null ? sealToken(secret, next) : null,
    key: page.key.toString('base64'),
    epoch: base.epoch,
    lastOpNo: page.lastOpNo,
    progress: { done: Math.min(next.done, next.total), total: next.total },
    serverTime: toInstant(nowMs),
  };
}

/** One key for one user at one epoch of one life of the server. */
function keyOf(secret: Uint8Array, { tenantId, userId, epoch, incarnation }: Position): Buffer {
  return createHmac('sha256', secret)
    .update([tenantId, userId, String(epoch), incarnation].join('\n'))
    .digest();
}

async function readLastOpNo(session: SqlSession, actor: Actor, deviceId: string): Promise<number> {
  const rows = await session.query<{ lastOpNo: number }>(
    'SELECT last_op_no AS "lastOpNo" FROM device WHERE tenant = $1 AND device = $2 AND user_id = $3',
    [actor.tenantId, deviceId, actor.userId],
  );
  return rows[0]?.lastOpNo ?? 0;
}

interface Ranges {
  readonly ranges: ManifestRange[];
  readonly count: number;
  readonly next: Place | null;
}

async function readRanges(context: PullContext, key: Buffer, from: Place): Promise<Ranges> {
  const ranges: ManifestRange[] = [];
  let count = 0;
  let { coll, afterId } = from;
  while (coll < collectionNames.length) {
    const wanted = context.limit - count;
    if (wanted === 0) return { ranges, count, next: { coll, afterId } };
    const rows = await readRows(context, collectionNames[coll] ?? '', afterId, wanted);
    const isWhole = rows.length < wanted;
    const upTo = isWhole ? null : (rows.at(-1)?.id ?? null);
    ranges.push(await toRange(context, key, { coll: collectionNames[coll] ?? '', after: afterId, upTo }, rows));
    count += rows.length;
    if (isWhole) {
      coll += 1;
      afterId = '';
    } else afterId = upTo ?? '';
  }
  return { ranges, count, next: null };
}

interface Row {
  readonly id: string;
  readonly kind: string;
  readonly text: string;
  readonly fieldRev: Readonly<Record<string, number>>;
}

async function readRows(
  { session, tenantId, plan, actor }: PullContext,
  coll: string,
  afterId: string,
  limit: number,
): Promise<readonly Row[]> {
  const parameters = new SqlParameters();
  const conditions = [
    `tenant = ${parameters.add(tenantId)}`,
    `coll = ${parameters.add(coll)}`,
    `id > ${parameters.add(afterId)}`,
    'NOT deleted',
    visibleCondition(plan, parameters, ['scope_keys']),
    noticedRecord(actor.fields, parameters),
  ];
  return session.query<Row>(
    `SELECT id, kind, field_rev AS "fieldRev", data::text AS text FROM record WHERE ${conditions.join(' AND ')} ORDER BY id LIMIT ${limit}`,
    parameters.values,
  );
}

async function toRange(
  context: PullContext,
  key: Buffer,
  place: Pick<ManifestRange, 'coll' | 'after' | 'upTo'>,
  rows: readonly Row[],
): Promise<ManifestRange> {
  const puts = await toPutJsons(
    context,
    rows.map((row) => ({ ...row, coll: place.coll })),
  );
  const ids: string[] = [];
  const prints: string[] = [];
  for (const [index, row] of rows.entries()) {
    const put = puts[index] ?? null;
    if (put === null) continue;
    ids.push(row.id);
    prints.push(fingerprint(key, (JSON.parse(put) as { record: AnyRecord }).record));
  }
  return { ...place, ids, prints: prints.join('') };
}

function fingerprint(key: Buffer, projection: AnyRecord): string {
  const hash = createHmac('sha256', key).update(fingerprintText(projection)).digest();
  return hash.toString('base64url', 0, FINGERPRINT_BYTES);
}
