// The manifest for a device that fell out of step: place and fingerprint of every visible record in key order, read from
// the head S on, page by page, each at its own instant. What changes meanwhile is told by the log from S, so the pages need
// no common snapshot. Bodies are asked for apart, and only those that differ.
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { Actor } from '#shared/access/actor.ts';
import { collectionNames, type AnyRecord } from '#shared/entities/define-entity.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { FINGERPRINT_BYTES, fingerprintText } from '#shared/sync/manifest.ts';
import type { ManifestRange, ManifestRequest, ManifestResponse } from '#shared/sync/messages.ts';
import { readPlanOf } from '#server/sync/keys.ts';
import { withTokens } from '#server/sync/mask-tokens.ts';
import { beginOf, checkPosition, openOwnToken, readOwnHead } from '#server/sync/position.ts';
import type { PullContext } from '#server/sync/pull-context.ts';
import { toPutJsons } from '#server/sync/pull-items.ts';
import type { SyncDependencies } from '#server/sync/push.ts';
import { rememberReach } from '#server/sync/reach.ts';
import type { SyncTransaction, TextRow } from '#server/sync/sync-store.ts';
import { badToken, type Position } from '#server/sync/token.ts';

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
  const sealer = await deps.store.openSealer();
  const printSecret = await deps.store.readManifestSecret();
  const position = request.cursor === null ? null : openOwnToken(sealer, request.cursor, actor, deviceId);
  if (position !== null && position.manifest === undefined) throw badToken();
  if (position === null) await rememberReach(deps.store, actor);
  const limit = Math.max(1, Math.min(MOST_RECORDS, Math.trunc(request.wantItems ?? DEFAULT_RECORDS)));
  const tenantId = actor.tenantId as TenantId;
  const maskSecret = await deps.store.readMaskSecret();
  const read = async (transaction: SyncTransaction) => {
    const head = await readOwnHead(transaction, actor);
    const context = { transaction, actor, plan: readPlanOf(actor), limit, maskSecret };
    if (position !== null) await checkPosition(transaction, actor, position, head);
    const start = position ?? {
      ...beginOf(actor, deviceId, head, nowMs),
      total: await transaction.countVisible(context.plan),
    };
    const key = keyOf(printSecret, start);
    const lastOpNo = await transaction.readLastOpNo({ deviceId, userId: actor.userId });
    return { start, key, lastOpNo, ...(await readRanges(context, key, start.manifest ?? MANIFEST_BEGIN)) };
  };
  const page = await withTokens(deps.store, tenantId, () => deps.store.inTenant(tenantId, read, { snapshot: true }));
  const { manifest: _place, ...base } = page.start;
  const next: Position = { ...base, done: base.done + page.count, issuedAtMs: nowMs };
  return {
    ranges: page.ranges,
    cursor: page.next === null ? null : sealer.seal({ ...next, manifest: page.next }),
    token: page.next === null ? sealer.seal(next) : null,
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
    const name = collectionNames[coll] ?? 'files';
    const range = { coll: name, part: 'all', userId: context.actor.userId, afterId, limit: wanted } as const;
    const rows = await context.transaction.readVisibleTexts(context.plan, range);
    const isWhole = rows.length < wanted;
    const upTo = isWhole ? null : (rows.at(-1)?.id ?? null);
    ranges.push(await toRange(context, key, { coll: name, after: afterId, upTo }, rows));
    count += rows.length;
    if (isWhole) {
      coll += 1;
      afterId = '';
    } else afterId = upTo ?? '';
  }
  return { ranges, count, next: null };
}

async function toRange(
  context: PullContext,
  key: Buffer,
  place: Pick<ManifestRange, 'coll' | 'after' | 'upTo'>,
  rows: readonly TextRow[],
): Promise<ManifestRange> {
  const puts = await toPutJsons(
    context,
    rows.map((row) => ({ ...row, coll: place.coll })),
  );
  const printKey = createSecretKey(key);
  const ids: string[] = [];
  const prints: string[] = [];
  for (const [index, row] of rows.entries()) {
    const put = puts[index] ?? null;
    if (put === null) continue;
    ids.push(row.id);
    prints.push(fingerprint(printKey, (JSON.parse(put) as { record: AnyRecord }).record));
  }
  return { ...place, ids, prints: prints.join('') };
}

function fingerprint(key: KeyObject, projection: AnyRecord): string {
  const hash = createHmac('sha256', key).update(fingerprintText(projection)).digest();
  return hash.toString('base64url', 0, FINGERPRINT_BYTES);
}
