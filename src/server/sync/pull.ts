// Tells a device what it has missed. First a snapshot, page by page in key order, then the log from the number the
// snapshot began at. Items are whole records as they stand now, so a page may be read at any instant and applied any
// number of times. `caughtUp` is decided by the position in the order, never by how full a page is.
import type { Actor } from '#shared/access/actor.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { PullRequest, PullResponse } from '#shared/sync/messages.ts';
import { readPlanOf, type ReadPlan } from '#server/sync/keys.ts';
import { createGroupCommit, type Settled } from '#server/sync/group-commit.ts';
import { withTokens } from '#server/sync/mask-tokens.ts';
import { pullTogether, type LogAnswer, type LogPull } from '#server/sync/pull-together.ts';
import { readSnapshotPage, SNAPSHOT_BEGIN } from '#server/sync/pull-snapshot.ts';
import type { SyncDependencies } from '#server/sync/push.ts';
import { beginOf, checkPosition, openOwnToken, readOwnHead } from '#server/sync/position.ts';
import { rememberReach } from '#server/sync/reach.ts';
import type { SyncTransaction } from '#server/sync/sync-store.ts';
import { badToken, type Position } from '#server/sync/token.ts';

const DEFAULT_ITEMS = 1000;
const MOST_ITEMS = 5000;

/** A page whose items are JSON already: the text of the store goes out without being parsed. */
interface Page {
  readonly itemsJson: string;
  readonly itemCount: number;
  readonly position: Position;
  readonly caughtUp: boolean;
  readonly snapshotStart: boolean;
  /** Of a device that begins anew, and so has no position by which it could notice that the server was restored. */
  readonly lastOpNo?: number;
}

/**
 * The next page for a device, as the JSON text of a PullResponse.
 * @throws OutpostError `bad_token` for a token of another user or device, one that was never given out, or one from before
 *   the begin of the log. `scope_changed` for one of older rights, with what to purge. `incarnation_changed` for one of
 *   another life of the server. After any of them the device goes on with a manifest.
 */
export async function pullPageJson(
  deps: SyncDependencies,
  actor: Actor,
  deviceId: string,
  request: PullRequest,
): Promise<string> {
  const nowMs = deps.clock.now();
  const sealer = await deps.store.openSealer();
  const position = request.token === null ? null : openOwnToken(sealer, request.token, actor, deviceId);
  if (position?.manifest !== undefined) throw badToken();
  // Before anything is given out: whoever comes back with it is told what was lost since.
  if (position === null) await rememberReach(deps.store, actor);
  const tenantId = actor.tenantId as TenantId;
  const limit = clampItems(request.wantItems);
  const page = await withTokens(deps.store, tenantId, () =>
    position === null || position.snapshot !== null
      ? readOfSnapshot(deps, actor, deviceId, position, limit, nowMs)
      : readOfLog(deps, actor, position, limit, nowMs),
  );
  const rest: Omit<PullResponse, 'items'> = {
    token: sealer.seal(page.position),
    epoch: page.position.epoch,
    caughtUp: page.caughtUp,
    ...(page.snapshotStart ? { snapshotStart: true } : {}),
    ...(page.lastOpNo === undefined ? {} : { lastOpNo: page.lastOpNo }),
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

function clampItems(wanted: number | undefined): number {
  if (wanted === undefined) return DEFAULT_ITEMS;
  return Math.max(1, Math.min(MOST_ITEMS, Math.trunc(wanted)));
}

function progressOf(position: Position): { readonly done: number; readonly total: number } {
  return { done: Math.min(position.done, position.total), total: position.total };
}

async function hasNothingNew(
  transaction: SyncTransaction,
  plan: ReadPlan,
  afterSeq: number,
  headSeq: number,
): Promise<boolean> {
  return afterSeq === headSeq || (await transaction.readChanges(plan, afterSeq, headSeq, 1)).length === 0;
}

type LogQueue = (pull: LogPull) => Promise<LogAnswer>;

/** So many share a transaction: with more, the first of them would wait for the last. */
const MOST_TOGETHER = 64;
const queues = new WeakMap<SyncDependencies, Map<string, LogQueue>>();

function queueOf(deps: SyncDependencies, tenantId: TenantId): LogQueue {
  const ofServer = queues.get(deps) ?? new Map<string, LogQueue>();
  queues.set(deps, ofServer);
  const known = ofServer.get(tenantId);
  if (known !== undefined) return known;
  const queue = createGroupCommit<LogPull, LogAnswer>({
    run: (pulls) => runGroup(deps, tenantId, pulls),
    fits: (chosen) => chosen.length < MOST_TOGETHER,
  });
  ofServer.set(tenantId, queue);
  return queue;
}

async function runGroup(
  deps: SyncDependencies,
  tenantId: TenantId,
  pulls: readonly LogPull[],
): Promise<readonly Settled<LogAnswer>[]> {
  const maskSecret = await deps.store.readMaskSecret();
  const run = (some: readonly LogPull[]) =>
    deps.store.inTenant(tenantId, (transaction) => pullTogether(transaction, maskSecret, some), {
      snapshot: true,
      isHurried: true,
    });
  try {
    return await run(pulls);
  } catch (error) {
    if (pulls.length === 1) throw error;
    // Whatever it was, it is found out again, and told, by the pull it belongs to.
    const outcomes: Settled<LogAnswer>[] = [];
    for (const pull of pulls) outcomes.push(...(await run([pull]).catch((cause: unknown) => [failed(cause)])));
    return outcomes;
  }
}

const failed = (error: unknown): Settled<LogAnswer> => ({ ok: false, error });

async function readOfLog(
  deps: SyncDependencies,
  actor: Actor,
  position: Position,
  limit: number,
  nowMs: number,
): Promise<Page> {
  const page = await queueOf(deps, actor.tenantId as TenantId)({ actor, position, limit });
  return { ...page, position: { ...position, seq: page.seq, issuedAtMs: nowMs }, snapshotStart: false };
}

async function readOfSnapshot(
  deps: SyncDependencies,
  actor: Actor,
  deviceId: string,
  position: Position | null,
  limit: number,
  nowMs: number,
): Promise<Page> {
  const maskSecret = await deps.store.readMaskSecret();
  const read = async (transaction: SyncTransaction): Promise<Page> => {
    const head = await readOwnHead(transaction, actor);
    const plan = readPlanOf(actor);
    if (position !== null) await checkPosition(transaction, actor, position, head);
    const start: Position = position ?? {
      ...beginOf(actor, deviceId, head, nowMs),
      snapshot: SNAPSHOT_BEGIN,
      total: await transaction.countVisible(plan),
    };
    const page = await readSnapshotPage(
      { transaction, actor, plan, limit, maskSecret },
      start.snapshot ?? SNAPSHOT_BEGIN,
    );
    const done = start.done + page.itemCount;
    // A snapshot ends in the log: only there can a device be caught up. What others do out of sight meanwhile must not
    // cost this device another page.
    const caughtUp = page.next === null && (await hasNothingNew(transaction, plan, start.seq, head.seq));
    const seq = caughtUp ? head.seq : start.seq;
    return {
      ...page,
      position: { ...start, seq, snapshot: page.next, done, issuedAtMs: nowMs },
      caughtUp,
      snapshotStart: position === null,
      ...(position === null ? { lastOpNo: await transaction.readLastOpNo({ deviceId, userId: actor.userId }) } : {}),
    };
  };
  return deps.store.inTenant(actor.tenantId as TenantId, read, { snapshot: true });
}
