// Takes operations in and answers each of them, once and for ever. A batch is one transaction: everything that is needed
// is read with a few statements, every operation is judged on its own in memory, and the outcome is written with a few
// statements. A refused operation never stops another one, because nothing was written for it that had to be undone.
import type { Actor } from '#shared/access/actor.ts';
import { project } from '#shared/access/project.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entityOf } from '#shared/entities/registry.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { CreateId, DeviceId, TenantId, UserId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { PushRequest, PushResponse, Verdict } from '#shared/sync/messages.ts';
import type { Operation } from '#shared/sync/operation.ts';
import { followUsers } from '#server/identity/follow-users.ts';
import { readActor } from '#server/identity/load-actor.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';
import { isRetryableSqlError } from '#server/store/sql-error.ts';
import { commitChanges, type CommitOutcome, type PendingCommit } from '#server/sync/commit-changes.ts';
import { readEpoch } from '#server/sync/bump-epochs.ts';
import { changedUsers } from '#server/sync/changed-users.ts';
import { judgeBatch, type Answer } from '#server/sync/judge-batch.ts';
import {
  hashOperation,
  readKnownResults,
  writeResults,
  type KnownResult,
  type ResultRow,
} from '#server/sync/op-results.ts';
import { readBatchState } from '#server/sync/read-batch-state.ts';
import { placeKey, type StoredRecord } from '#server/sync/stored-record.ts';

export interface SyncDependencies {
  readonly db: SqlDatabase;
  readonly clock: Clock;
  readonly createId: CreateId;
}

/** A lost race (two devices create the same id, a deadlock) is judged again from the start. */
const MOST_ATTEMPTS = 5;

/**
 * Judges and applies the operations of one device. Answers the JSON text of a PushResponse, made while the database writes.
 * @throws OutpostError `scope_changed` (details.epoch) when the rights of the user changed since the device last pulled:
 *   nothing was done; pull first, then push again. `invalid` (details.expectedOpNo) when operation numbers have a gap.
 */
export async function pushOperationsJson(
  deps: SyncDependencies,
  actor: Actor,
  deviceId: string,
  request: PushRequest,
): Promise<string> {
  if (request.epoch !== actor.epoch) throw scopeChanged(actor.epoch);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await deps.db.inTenant(actor.tenantId as TenantId, (session) =>
        pushWithin(session, deps, actor, deviceId as DeviceId, request.ops),
      );
    } catch (error) {
      if (attempt === MOST_ATTEMPTS || !isRetryableSqlError(error)) throw error;
    }
  }
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

async function pushWithin(
  session: SqlSession,
  deps: SyncDependencies,
  knownActor: Actor,
  deviceId: DeviceId,
  operations: readonly Operation[],
): Promise<string> {
  const tenantId = knownActor.tenantId as TenantId;
  const nowMs = deps.clock.now();
  const actor = await confirmActor(session, knownActor);
  // First: two pushes of one device take turns, so the second one finds the answers of the first.
  const lastOpNo = await lockDevice(session, tenantId, deviceId, actor.userId, nowMs);
  const known = await readKnownResults(session, tenantId, deviceId, operations);
  const hashes = new Map(operations.map((operation) => [operation, hashOperation(operation)]));
  const fresh = uniqueById(operations.filter((operation) => !known.has(operation.opId)));
  const { inOrder, reused } = checkOrder(fresh, lastOpNo);
  const state = await readBatchState(session, tenantId, deviceId, operations);
  const judged = judgeBatch({ actor, nowMs, createId: deps.createId, state, known, operations: inOrder });
  const outcome = await commitChanges(session, tenantId, nowMs, toCommits(judged.groups, actor.userId, deviceId));
  await followUsers(session, tenantId, changedUsers(judged.groups, outcome), nowMs);
  const rows = toResultRows(judged.groups, outcome, hashes);
  const results = writeResults(session, tenantId, deviceId, actor.userId, nowMs, rows);

  const answers = new Map<string, KnownResult>(known);
  for (const row of rows)
    answers.set(row.operation.opId, { bodyHash: row.bodyHash, userId: actor.userId, verdict: row.verdict });
  const current = createProjector(actor, state.records, outcome);
  const verdicts = operations.map((operation) => {
    const answer = reused.has(operation.opId) ? undefined : answers.get(operation.opId);
    const isSame = answer !== undefined && answer.bodyHash === hashes.get(operation) && answer.userId === actor.userId;
    return isSame ? withRecord(answer.verdict, current(operation)) : opReuse(operation);
  });
  const response: PushResponse = { verdicts, serverTime: toInstant(nowMs) };
  const text = JSON.stringify(response);
  await Promise.all([outcome.written, results]);
  return text;
}

/** Rights as they are in this transaction, and locked until its end: a revocation comes wholly before or wholly after. */
async function confirmActor(session: SqlSession, actor: Actor): Promise<Actor> {
  const tenantId = actor.tenantId as TenantId;
  const epoch = await readEpoch(session, tenantId, actor.userId, true);
  if (epoch === actor.epoch) return actor;
  const loaded = await readActor(session, tenantId, actor.userId as UserId);
  if (loaded === null) throw new OutpostError('account_deactivated', 'Your account was deactivated.');
  throw scopeChanged(loaded.actor.epoch);
}

function scopeChanged(epoch: number): OutpostError {
  return new OutpostError('scope_changed', 'Your access has changed. Pull first, then send your changes again.', {
    epoch,
  });
}

function uniqueById(operations: readonly Operation[]): readonly Operation[] {
  return [...new Map(operations.toReversed().map((operation) => [operation.opId, operation])).values()];
}

/** Number of the last operation of this device and user; locked, so that two pushes of one device take turns. */
async function lockDevice(
  session: SqlSession,
  tenantId: TenantId,
  deviceId: DeviceId,
  userId: string,
  nowMs: number,
): Promise<number> {
  const rows = await session.query<{ last_op_no: number }>(
    `INSERT INTO device (tenant, device, user_id, created_at, last_seen_at) VALUES ($1, $2, $3, $4, $4)
     ON CONFLICT (tenant, device, user_id) DO UPDATE SET last_seen_at = excluded.last_seen_at RETURNING last_op_no`,
    [tenantId, deviceId, userId, nowMs],
  );
  return rows[0]?.last_op_no ?? 0;
}

interface Order {
  readonly inOrder: readonly Operation[];
  /** Operations whose number was already used by another one. */
  readonly reused: ReadonlySet<string>;
}

function checkOrder(fresh: readonly Operation[], lastOpNo: number): Order {
  const inOrder: Operation[] = [];
  const reused = new Set<string>();
  let expected = lastOpNo + 1;
  for (const operation of fresh.toSorted((a, b) => a.opNo - b.opNo)) {
    if (operation.opNo < expected) reused.add(operation.opId);
    else if (operation.opNo > expected) {
      throw new OutpostError('invalid', `Operation ${expected} of this device is missing.`, { expectedOpNo: expected });
    } else {
      inOrder.push(operation);
      expected += 1;
    }
  }
  return { inOrder, reused };
}

function toCommits(
  groups: readonly (readonly Answer[])[],
  actorId: string,
  deviceId: string,
): readonly PendingCommit[] {
  return groups.map((answers) => toCommit(answers, actorId, deviceId)).filter((commit) => commit.changes.length > 0);
}

function toCommit(answers: readonly Answer[], actorId: string, deviceId: string): PendingCommit {
  const changes = answers.flatMap(({ operation, judgement }) =>
    judgement.kind === 'accepted' ? judgement.changes.map((change) => ({ ...change, opId: operation.opId })) : [],
  );
  return { actorId, deviceId, changes };
}

function toResultRows(
  groups: readonly (readonly Answer[])[],
  outcome: CommitOutcome,
  hashes: ReadonlyMap<Operation, string>,
): readonly ResultRow[] {
  const seqs = outcome.seqs[Symbol.iterator]();
  return groups.flatMap((answers) => {
    const hasChanges = answers.some(({ judgement }) => judgement.kind === 'accepted' && judgement.changes.length > 0);
    const next = hasChanges ? seqs.next() : null;
    const seq = next === null || next.done === true ? outcome.headSeq : next.value;
    return answers.map((answer) => ({
      operation: answer.operation,
      bodyHash: hashes.get(answer.operation) ?? '',
      verdict: toVerdict(answer, seq),
      seq: answer.judgement.kind === 'accepted' ? seq : null,
      groups: answer.judgement.kind === 'accepted' ? answer.judgement.changes.flatMap((change) => change.groups) : [],
    }));
  });
}

/** Without the record: what was decided. */
function toVerdict({ operation, judgement }: Answer, seq: number): Verdict {
  const base = { opId: operation.opId, opNo: operation.opNo, record: null };
  switch (judgement.kind) {
    case 'noop':
      return { ...base, status: 'noop', seq, conflicts: [] };
    case 'blocked':
      return { ...base, status: 'blocked', by: judgement.by };
    case 'rejected': {
      const { code, message, groups, problems } = judgement.rejection;
      return { ...base, status: 'rejected', code, message, groups: [...groups], problems: [...problems] };
    }
    case 'accepted': {
      const conflicts = [...judgement.conflictIds];
      return { ...base, status: conflicts.length > 0 ? 'merged' : 'applied', seq, conflicts };
    }
  }
}

function withRecord(verdict: Verdict, record: AnyRecord | null): Verdict {
  return { ...verdict, record };
}

function opReuse(operation: Operation): Verdict {
  return {
    opId: operation.opId,
    opNo: operation.opNo,
    status: 'rejected',
    code: 'op_reuse',
    message: 'The number of this operation was already used for another one.',
    groups: [],
    problems: [],
    record: null,
  };
}

/** The record of an operation as this user may see it after the batch. */
function createProjector(
  actor: Actor,
  before: ReadonlyMap<string, StoredRecord>,
  outcome: CommitOutcome,
): (operation: Operation) => AnyRecord | null {
  return (operation) => {
    const definition = entityOf(operation.entity);
    if (definition === undefined) return null;
    const key = placeKey(definition.collection, operation.recordId);
    const stored = outcome.records.get(key) ?? before.get(key);
    if (stored === undefined || stored.isDeleted || stored.record.kind !== definition.name) return null;
    return project(actor, definition, stored.record);
  };
}
