// Tells a device what it has missed. First a snapshot, page by page in key order, then the log from the number the
// snapshot began at. Items are whole records as they stand now, so a page may be read at any instant and applied any
// number of times. `caughtUp` is decided by the position in the order, never by how full a page is.
import type { Actor } from '#shared/access/actor.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { PullRequest, PullResponse } from '#shared/sync/messages.ts';
import type { SqlSession } from '#server/store/database.ts';
import { readServerSecret } from '#server/store/server-secret.ts';
import { readHead, type TenantHead } from '#server/store/tenants.ts';
import { readEpoch } from '#server/sync/bump-epochs.ts';
import { readPlanOf } from '#server/sync/keys.ts';
import { readLogPage } from '#server/sync/pull-log.ts';
import { countVisible, readSnapshotPage, SNAPSHOT_BEGIN } from '#server/sync/pull-snapshot.ts';
import type { SyncDependencies } from '#server/sync/push.ts';
import { badToken, openToken, sealToken, type Position } from '#server/sync/token.ts';

const DEFAULT_ITEMS = 1000;
const MOST_ITEMS = 5000;

/** A page whose items are JSON already: the text of the store goes out without being parsed. */
interface Page {
  readonly itemsJson: string;
  readonly itemCount: number;
  readonly position: Position;
  readonly caughtUp: boolean;
  readonly snapshotStart: boolean;
}

/**
 * The next page for a device, as the JSON text of a PullResponse.
 * @throws OutpostError `bad_token` for a token of another user or device, or one that was never given out.
 *   `scope_changed` when the rights changed while the request was under way: ask again.
 */
export async function pullPageJson(
  deps: SyncDependencies,
  actor: Actor,
  deviceId: string,
  request: PullRequest,
): Promise<string> {
  const nowMs = deps.clock.now();
  const secret = await readTokenSecret(deps);
  const position = request.token === null ? null : openOwnToken(secret, request.token, actor, deviceId);
  const tenantId = actor.tenantId as TenantId;
  const limit = clampItems(request.wantItems);
  const page = await deps.db.inTenant(
    tenantId,
    (session) => readPage(session, actor, deviceId, position, limit, nowMs),
    { snapshot: true },
  );
  const rest: Omit<PullResponse, 'items'> = {
    token: sealToken(secret, page.position),
    caughtUp: page.caughtUp,
    ...(page.snapshotStart ? { snapshotStart: true } : {}),
    ...(page.position.snapshot === null ? {} : { progress: progressOf(page.position) }),
    serverTime: toInstant(nowMs),
  };
  return `{"items":[${page.itemsJson}],${JSON.stringify(rest).slice(1)}`;
}

/** The same page as an object. */
export async function pullPage(
  deps: SyncDependencies,
  actor: Actor,
  deviceId: string,
  request: PullRequest,
): Promise<PullResponse> {
  return JSON.parse(await pullPageJson(deps, actor, deviceId, request)) as PullResponse;
}

const secrets = new WeakMap<object, Promise<Uint8Array>>();

/** Read once per database: it never changes. */
function readTokenSecret(deps: SyncDependencies): Promise<Uint8Array> {
  const known = secrets.get(deps.db);
  if (known !== undefined) return known;
  const reading = deps.db.transaction((session) => readServerSecret(session, 'pull-token'));
  secrets.set(deps.db, reading);
  reading.catch(() => secrets.delete(deps.db));
  return reading;
}

function openOwnToken(secret: Uint8Array, token: string, actor: Actor, deviceId: string): Position {
  const position = openToken(secret, token);
  const isOwn =
    position.tenantId === actor.tenantId && position.userId === actor.userId && position.deviceId === deviceId;
  if (!isOwn) throw badToken();
  return position;
}

function clampItems(wanted: number | undefined): number {
  if (wanted === undefined) return DEFAULT_ITEMS;
  return Math.max(1, Math.min(MOST_ITEMS, Math.trunc(wanted)));
}

function progressOf(position: Position): { readonly done: number; readonly total: number } {
  return { done: Math.min(position.done, position.total), total: position.total };
}

async function readPage(
  session: SqlSession,
  actor: Actor,
  deviceId: string,
  position: Position | null,
  limit: number,
  nowMs: number,
): Promise<Page> {
  const tenantId = actor.tenantId as TenantId;
  // The first statement of the transaction takes the snapshot that the whole page is read from.
  const head = await readHead(session, tenantId);
  if (head === null) throw new OutpostError('not_found', 'This organization does not exist on this server.');
  const epoch = await readEpoch(session, tenantId, actor.userId, false);
  if (epoch !== actor.epoch)
    throw new OutpostError('scope_changed', 'Your access has just changed. Try again.', { epoch });
  const plan = readPlanOf(actor);
  const isUsable = position !== null && continues(position, head, epoch);
  const start: Position = isUsable
    ? position
    : {
        tenantId,
        userId: actor.userId,
        deviceId,
        incarnation: head.incarnation,
        epoch,
        seq: head.seq,
        snapshot: SNAPSHOT_BEGIN,
        done: 0,
        total: await countVisible(session, tenantId, plan),
        issuedAtMs: nowMs,
      };
  const context = { session, tenantId, actor, plan, limit };
  if (start.snapshot !== null) {
    const page = await readSnapshotPage(context, start.snapshot);
    const done = start.done + page.itemCount;
    // Even a snapshot nobody disturbed ends in the log: only there can a device be caught up.
    const isLast = page.next === null && start.seq === head.seq;
    return {
      ...page,
      position: { ...start, snapshot: page.next, done, issuedAtMs: nowMs },
      caughtUp: isLast,
      snapshotStart: !isUsable,
    };
  }
  const page = await readLogPage(context, start.seq, head.seq);
  const next: Position = { ...start, seq: page.seq, issuedAtMs: nowMs };
  return { ...page, position: next, caughtUp: page.seq === head.seq, snapshotStart: false };
}

/** False when the place is of another life of the tenant, of older rights, or before the begin of the log. */
function continues(position: Position, head: TenantHead, epoch: number): boolean {
  return (
    position.incarnation === head.incarnation &&
    position.epoch === epoch &&
    position.seq >= head.minSeq &&
    position.seq <= head.seq
  );
}
