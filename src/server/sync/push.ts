// Takes operations in and answers each of them, once and for ever. Pushes of one organization that arrive together share
// a transaction: they would wait for each other at the head of the organization anyway. One of them that cannot be
// answered takes none with it: whenever a group fails as a whole, each of its pushes is tried alone.
import type { Actor } from '#shared/access/actor.ts';
import { entityOf } from '#shared/entities/registry.ts';
import type { CreateId, TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { PUSH_BATCH_SIZE } from '#shared/sync/operation.ts';
import type { PushRequest, PushResponse } from '#shared/sync/messages.ts';
import { currentSource } from '#server/audit/audit-source.ts';
import { createGroupCommit, type Settled } from '#server/sync/group-commit.ts';
import { hashOperations } from '#server/sync/op-results.ts';
import { pushTogether, type PendingPush } from '#server/sync/push-together.ts';
import { scopeChangedSince } from '#server/sync/reach.ts';
import type { SyncStore } from '#server/sync/sync-store.ts';

export interface SyncDependencies {
  readonly store: SyncStore;
  readonly clock: Clock;
  readonly createId: CreateId;
  /** Told of every verdict that is given, with the code of a refusal. */
  readonly noteVerdict?: (status: string, code: string) => void;
}

/** A lost race (two devices create the same id, a deadlock) is judged again from the start. */
const MOST_ATTEMPTS = 5;

/**
 * Judges and applies the operations of one device. `hashes`: of the operations, when they were made already. Answers the JSON text of a PushResponse, made while the database writes.
 * @throws OutpostError `scope_changed` (details.epoch) when the rights of the user changed since the device last pulled:
 *   nothing was done; pull first, then push again. `invalid` (details.expectedOpNo) when operation numbers have a gap.
 */
export async function pushOperationsJson(
  deps: SyncDependencies,
  actor: Actor,
  deviceId: string,
  request: PushRequest,
  hashes = hashOperations(request.ops),
): Promise<string> {
  if (request.epoch !== actor.epoch) throw await scopeChangedSince(deps.store, actor, request.epoch);
  return queueOf(
    deps,
    actor.tenantId,
  )({
    actor,
    deviceId,
    operations: request.ops,
    hashes,
    source: currentSource(),
  });
}

/** The same answer as an object. */
export async function pushOperations(
  deps: SyncDependencies,
  actor: Actor,
  deviceId: string,
  request: PushRequest,
): Promise<PushResponse> {
  return JSON.parse(await pushOperationsJson(deps, actor, deviceId, request)) as PushResponse;
}

const ruleEntities: readonly string[] = ['role', 'fieldRule', 'piiRule'];

type PushQueue = (push: PendingPush) => Promise<string>;

const queues = new WeakMap<SyncDependencies, Map<string, PushQueue>>();

function queueOf(deps: SyncDependencies, tenantId: string): PushQueue {
  const ofServer = queues.get(deps) ?? new Map<string, PushQueue>();
  queues.set(deps, ofServer);
  const known = ofServer.get(tenantId);
  if (known !== undefined) return known;
  const queue = createGroupCommit<PendingPush, string>({
    run: (pushes) => runGroup(deps, tenantId as TenantId, pushes),
    fits,
  });
  ofServer.set(tenantId, queue);
  return queue;
}

/** Together no more than one full push, one of each device, and no change of rights: they decide about the others. */
function fits(chosen: readonly PendingPush[], next: PendingPush): boolean {
  if (chosen.some((push) => push.deviceId === next.deviceId || changesRights(push)) || changesRights(next))
    return false;
  return chosen.reduce((sum, push) => sum + push.operations.length, next.operations.length) <= PUSH_BATCH_SIZE;
}

function changesRights(push: PendingPush): boolean {
  return push.operations.some(
    ({ entity }) => entityOf(entity)?.collection === 'people' || ruleEntities.includes(entity),
  );
}

async function runGroup(
  deps: SyncDependencies,
  tenantId: TenantId,
  pushes: readonly PendingPush[],
): Promise<readonly Settled<string>[]> {
  const ports = { ...deps, maskSecret: await deps.store.readMaskSecret() };
  if (pushes.length === 1) return [await runAlone(deps, tenantId, pushes)];
  try {
    return await deps.store.inTenant(tenantId, (transaction) => pushTogether(transaction, ports, pushes));
  } catch {
    // Whatever it was, it is found out again, and told, by the push it belongs to. What was committed all the same
    // (the connection broke after the commit) is answered from what was stored.
    const outcomes: Settled<string>[] = [];
    for (const push of pushes) outcomes.push(await runAlone(deps, tenantId, [push]));
    return outcomes;
  }
}

async function runAlone(
  deps: SyncDependencies,
  tenantId: TenantId,
  pushes: readonly [PendingPush] | readonly PendingPush[],
): Promise<Settled<string>> {
  const ports = { ...deps, maskSecret: await deps.store.readMaskSecret() };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const outcomes = await deps.store.inTenant(tenantId, (transaction) => pushTogether(transaction, ports, pushes));
      const [outcome] = outcomes;
      if (outcome === undefined) throw new Error('A push was left without an answer.');
      return outcome;
    } catch (error) {
      if (attempt === MOST_ATTEMPTS || !deps.store.isRetryable(error)) return { ok: false, error };
    }
  }
}
