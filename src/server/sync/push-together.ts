// One transaction for the pushes of several devices of an organization: everything that is needed is read with a few
// statements, every push is judged in memory on what the ones before it left, and the outcome is written with a few
// statements. A refused operation never stops another one, because nothing was written for it that had to be undone.
import type { Actor } from '#shared/access/actor.ts';
import { auditedValues, type AuditedValues } from '#shared/audit/audited-values.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { CreateId, UserId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { PushResponse } from '#shared/sync/messages.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { AuditSource } from '#server/audit/audit-source.ts';
import { changedUsers } from '#server/sync/changed-users.ts';
import { commitChanges, type PendingCommit } from '#server/sync/commit-changes.ts';
import type { Settled } from '#server/sync/group-commit.ts';
import { judgeBatch, type Answer } from '#server/sync/judge-batch.ts';
import { isSameOperation, type KnownResult, type ResultRow } from '#server/sync/op-results.ts';
import { dropSince, scopeChanged } from '#server/sync/reach.ts';
import { readBatchState, type BatchState } from '#server/sync/read-batch-state.ts';
import type { SyncTransaction } from '#server/sync/sync-store.ts';
import { projectTouched, opReuse, toVerdict, withRecord } from '#server/sync/verdicts.ts';

export interface PendingPush {
  readonly actor: Actor;
  readonly deviceId: string;
  readonly operations: readonly Operation[];
  /** From hashOperations: made before the transaction, in which others wait. */
  readonly hashes: ReadonlyMap<Operation, string>;
  /** Where it comes from, for the audit. */
  readonly source?: AuditSource | null;
}

interface Ports {
  readonly clock: Clock;
  readonly createId: CreateId;
  /** Key of the masks of this installation. */
  readonly maskSecret: Uint8Array;
  readonly noteVerdict?: (status: string, code: string) => void;
}

/** A push that will be answered with verdicts, as far as it got. */
interface Turn {
  readonly push: PendingPush;
  readonly known: ReadonlyMap<string, KnownResult>;
  readonly reused: ReadonlySet<string>;
  readonly groups: readonly (readonly Answer[])[];
}

/**
 * Outcomes in the order of the pushes: the JSON text of a PushResponse, or why this push cannot be answered yet. At most
 * one push of each device. Throws when nothing was written for any of them; each may then be tried alone.
 */
export async function pushTogether(
  transaction: SyncTransaction,
  ports: Ports,
  pushes: readonly PendingPush[],
): Promise<readonly Settled<string>[]> {
  const nowMs = ports.clock.now();
  const userIds = [...new Set(pushes.map(({ actor }) => actor.userId))];
  // Rights as they are in this transaction, and locked until its end: a revocation comes wholly before or wholly after.
  const reading = transaction.readEpochs(userIds, true);
  // Before their answers are read: a second push of a device waits here and then finds the answers of the first.
  const owners = pushes.map(({ deviceId, actor }) => ({ deviceId, userId: actor.userId }));
  const locking = transaction.lockDevices(owners, nowMs);
  const finding = transaction.readKnownResults(pushes);
  const reachable = readBatchState(transaction, pushes);
  const [epochs, lastOpNos, known, state] = await Promise.all([reading, locking, finding, reachable]);

  const refused = new Map<PendingPush, unknown>();
  const turns: Turn[] = [];
  let current = state;
  for (const push of pushes) {
    try {
      await confirmActor(transaction, push.actor, epochs.get(push.actor.userId) ?? 0);
      const turn = judge(push, ports, nowMs, current, known.get(push.deviceId) ?? new Map(), lastOpNos);
      turns.push(turn.turn);
      current = turn.state;
    } catch (error) {
      if (!(error instanceof OutpostError)) throw error;
      refused.set(push, error);
    }
  }
  const answers = await commitTurns(transaction, ports, nowMs, turns, state);
  if (turns.length > 1) await assertSameRights(transaction, turns, epochs);
  return pushes.map((push) => {
    const value = answers.get(push);
    return value === undefined ? { ok: false, error: refused.get(push) } : { ok: true, value };
  });
}

async function confirmActor(transaction: SyncTransaction, actor: Actor, epoch: number): Promise<void> {
  if (epoch === actor.epoch) return;
  const loaded = await transaction.readActor(actor.userId as UserId);
  if (loaded === null) throw new OutpostError('account_deactivated', 'Your account was deactivated.');
  throw scopeChanged(loaded.actor.epoch, await dropSince(transaction, loaded.actor, actor.epoch));
}

/** When one push changed the rights of the author of another, that one has to be judged anew: apart from it. */
async function assertSameRights(
  transaction: SyncTransaction,
  turns: readonly Turn[],
  before: ReadonlyMap<string, number>,
): Promise<void> {
  const userIds = turns.map(({ push }) => push.actor.userId);
  const after = await transaction.readEpochs(userIds, false);
  if (userIds.some((userId) => after.get(userId) !== before.get(userId)))
    throw new OutpostError('server_busy', 'Rights changed within a group of pushes: they have to be judged apart.');
}

function judge(
  push: PendingPush,
  ports: Ports,
  nowMs: number,
  state: BatchState,
  known: ReadonlyMap<string, KnownResult>,
  lastOpNos: ReadonlyMap<string, number>,
): { readonly turn: Turn; readonly state: BatchState } {
  const { actor, deviceId, operations } = push;
  const fresh = uniqueById(operations.filter((operation) => !known.has(operation.opId)));
  const { inOrder, reused } = checkOrder(fresh, lastOpNos.get(deviceId) ?? 0);
  const judged = judgeBatch({
    actor,
    deviceId,
    nowMs,
    createId: ports.createId,
    state,
    known,
    operations: inOrder,
  });
  return { turn: { push, known, reused, groups: judged.groups }, state: judged.state };
}

async function commitTurns(
  transaction: SyncTransaction,
  ports: Ports,
  nowMs: number,
  turns: readonly Turn[],
  before: BatchState,
): Promise<ReadonlyMap<PendingPush, string>> {
  const texts = new Map<PendingPush, string>();
  if (turns.length === 0) return texts;
  const outcome = await commitChanges(transaction, nowMs, turns.flatMap(toCommits));
  const groups = turns.flatMap((turn) => turn.groups);
  const following = transaction.followUsers(changedUsers(groups, outcome), nowMs);
  const seqs = outcome.seqs[Symbol.iterator]();
  const rowsOf = new Map(turns.map((turn) => [turn, toResultRows(turn, seqs, outcome.headSeq)]));
  const results = transaction.writeResults(nowMs, [...rowsOf.values()].flat());
  // While the database writes.
  for (const turn of turns) {
    const { actor, operations } = turn.push;
    // Who sees less than everything is told the newest change of that: it must be written before it is looked up.
    if (actor.fields !== undefined) await outcome.written;
    const viewing = { transaction, actor, maskSecret: ports.maskSecret, canWrite: true };
    const records = await projectTouched(viewing, operations, before.records, outcome);
    texts.set(turn.push, JSON.stringify(toResponse(turn, rowsOf.get(turn) ?? [], records, nowMs)));
  }
  await Promise.all([outcome.written, following, results]);
  for (const { verdict } of [...rowsOf.values()].flat())
    ports.noteVerdict?.(verdict.status, verdict.status === 'rejected' ? verdict.code : '');
  return texts;
}

function toResponse(
  { push, known, reused }: Turn,
  rows: readonly ResultRow[],
  records: readonly (AnyRecord | null)[],
  nowMs: number,
): PushResponse {
  const answers = new Map<string, KnownResult>(known);
  for (const { operation, bodyHash, verdict, userId } of rows)
    answers.set(operation.opId, { bodyHash, userId, verdict });
  const verdicts = push.operations.map((operation, index) => {
    const answer = reused.has(operation.opId) ? undefined : answers.get(operation.opId);
    const hash = push.hashes.get(operation) ?? '';
    const isSame =
      answer !== undefined && isSameOperation(answer.bodyHash, operation, hash) && answer.userId === push.actor.userId;
    return isSame ? withRecord(answer.verdict, records[index] ?? null) : opReuse(operation, nowMs);
  });
  return { verdicts, serverTime: toInstant(nowMs) };
}

function uniqueById(operations: readonly Operation[]): readonly Operation[] {
  return [...new Map(operations.toReversed().map((operation) => [operation.opId, operation])).values()];
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

function toCommits({ groups, push }: Turn): readonly PendingCommit[] {
  return groups
    .map((answers) => ({ actorId: push.actor.userId, deviceId: push.deviceId, changes: answers.flatMap(changesOf) }))
    .filter((commit) => commit.changes.length > 0);
}

function changesOf({ operation, judgement }: Answer): PendingCommit['changes'] {
  if (judgement.kind !== 'accepted') return [];
  const { opId, captured } = operation;
  return judgement.changes.map((change) => ({ ...change, opId, typedAt: captured.wall }));
}

/** `seqs` gives the next number to each group of answers that changed something. */
function toResultRows({ groups, push }: Turn, seqs: Iterator<number>, headSeq: number): readonly ResultRow[] {
  return groups.flatMap((answers) => {
    const hasChanges = answers.some((answer) => changesOf(answer).length > 0);
    const next = hasChanges ? seqs.next() : null;
    const seq = next === null || next.done === true ? headSeq : next.value;
    return answers.map((answer) => ({
      deviceId: push.deviceId,
      userId: push.actor.userId,
      operation: answer.operation,
      bodyHash: push.hashes.get(answer.operation) ?? '',
      verdict: toVerdict(answer, seq),
      seq: answer.judgement.kind === 'accepted' ? seq : null,
      groups: changesOf(answer).flatMap((change) => change.groups),
      values: valuesOf(answer),
      source: push.source ?? null,
    }));
  });
}

/** Before and after of the record an operation is about; what follows from it elsewhere follows from this. */
function valuesOf(answer: Answer): AuditedValues | null {
  const change = changesOf(answer).find(({ after }) => after.id === answer.operation.recordId);
  return change?.before === undefined ? null : auditedValues({ ...change, before: change.before });
}
