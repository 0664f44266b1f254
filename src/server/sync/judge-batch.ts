// Judges the operations of a batch one after the other, each on what the accepted ones before it left. Operations that
// share a txn are judged on a copy and succeed or fail together. Pure: nothing is read or written here.
import type { Actor } from '#shared/access/actor.ts';
import { figuresOf, ORGANIZATION_ID } from '#shared/entities/organization/organization.ts';
import { entities } from '#shared/entities/registry.ts';
import { compileRules, type Assign } from '#shared/entities/territory/assignment.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { CreateId } from '#shared/kernel/ids.ts';
import { MOST_OPERATIONS_OF_A_TXN, type Operation } from '#shared/sync/operation.ts';
import { isUnnoticed } from '#server/sync/field-filter.ts';
import type { JudgeContext } from '#server/sync/judge-context.ts';
import { writerOf } from '#server/sync/group-writers.ts';
import { judgeOperation, refuse, type Judgement } from '#server/sync/judge-operation.ts';
import type { KnownResult } from '#server/sync/op-results.ts';
import { leaveRoom, type PlanRoom } from '#server/platform/plan-room.ts';
import type { PendingChange } from '#server/sync/pending-change.ts';
import type { BatchState } from '#server/sync/read-batch-state.ts';
import { isRoleHeld } from '#server/sync/role-holders.ts';
import { placeKey, type StoredRecord } from '#server/sync/stored-record.ts';

const ORGANIZATION_KEY = placeKey(entities.organization.collection, ORGANIZATION_ID);

export interface Answer {
  readonly operation: Operation;
  readonly judgement: Judgement | { readonly kind: 'blocked'; readonly by: string };
}

export interface Batch {
  readonly actor: Actor;
  readonly deviceId: string;
  readonly nowMs: number;
  readonly createId: CreateId;
  readonly state: BatchState;
  /** Verdicts given earlier, for dependencies. */
  readonly known: ReadonlyMap<string, KnownResult>;
  /** New operations in the order of their numbers. */
  readonly operations: readonly Operation[];
}

export interface JudgedBatch {
  /** Answers grouped by what gets one number: a txn, or an operation that stands alone. */
  readonly groups: readonly (readonly Answer[])[];
  /** What the next batch of the same transaction is to be judged on. */
  readonly state: BatchState;
}

export function judgeBatch(batch: Batch): JudgedBatch {
  const records = new Map(batch.state.records);
  const touched = [...batch.state.touched];
  const settled = new Map<string, boolean>();
  let { planRoom } = batch.state;
  for (const [opId, result] of batch.known) settled.set(opId, isSuccess(result.verdict.status));
  const groups = toGroups(batch.operations).map((operations) => {
    const draft = new Map<string, StoredRecord>();
    const room = { left: planRoom };
    const answers = judgeGroup(batch, operations, settled, { records, draft, room });
    const isGood = answers.every(({ judgement }) => isAccepted(judgement));
    if (isGood) {
      planRoom = room.left;
      for (const [key, stored] of draft) {
        records.set(key, stored);
      }
      touched.push(...answers.flatMap((answer) => touchedBy(answer, batch.deviceId)));
    }
    for (const { operation } of answers) settled.set(operation.opId, isGood);
    return answers;
  });
  return { groups, state: { ...batch.state, records, touched, planRoom } };
}

/** Their numbers are not drawn yet, but they are newer than anything a device can have seen. */
function touchedBy({ judgement }: Answer, deviceId: string): BatchState['touched'] {
  if (judgement.kind !== 'accepted') return [];
  return judgement.changes.map(({ definition, action, groups, after }) => ({
    key: placeKey(definition.collection, after.id),
    deviceId,
    kind: definition.name,
    action,
    groups,
    seq: Number.MAX_SAFE_INTEGER,
  }));
}

function isSuccess(status: string): boolean {
  return status === 'applied' || status === 'merged' || status === 'noop';
}

function isAccepted(judgement: Answer['judgement']): boolean {
  return judgement.kind === 'accepted' || judgement.kind === 'noop';
}

function toGroups(operations: readonly Operation[]): readonly (readonly Operation[])[] {
  const groups: Operation[][] = [];
  for (const operation of operations) {
    const last = groups.at(-1);
    if (last !== undefined && operation.txn !== null && last[0]?.txn === operation.txn) last.push(operation);
    else groups.push([operation]);
  }
  return groups;
}

/** What a group is judged on, and what it leaves. */
interface Ground {
  readonly records: ReadonlyMap<string, StoredRecord>;
  readonly draft: Map<string, StoredRecord>;
  readonly room: { left: PlanRoom };
}

function judgeGroup(
  batch: Batch,
  operations: readonly Operation[],
  settled: ReadonlyMap<string, boolean>,
  ground: Ground,
): readonly Answer[] {
  if (operations.length > MOST_OPERATIONS_OF_A_TXN) {
    const message = `At most ${MOST_OPERATIONS_OF_A_TXN} changes can be made together.`;
    return operations.map((operation) => ({ operation, judgement: refuse('limit', message) }));
  }
  const context = createContext(batch, operations, ground);
  const answers: Answer[] = [];
  const inGroup = new Map<string, boolean>();
  for (const operation of operations) {
    const by = operation.dependsOn.find((opId) => (inGroup.get(opId) ?? settled.get(opId)) !== true);
    const judgement: Answer['judgement'] =
      by === undefined ? judgeOperation(context, operation) : { kind: 'blocked', by };
    answers.push({ operation, judgement });
    inGroup.set(operation.opId, isAccepted(judgement));
    if (judgement.kind === 'accepted') for (const change of judgement.changes) remember(ground, change, batch);
  }
  const bad = answers.find(({ judgement }) => !isAccepted(judgement));
  if (bad === undefined) return answers;
  // One bad operation takes its whole txn with it; the others name it as the cause.
  return answers.map((answer) =>
    isAccepted(answer.judgement) ? { ...answer, judgement: { kind: 'blocked', by: bad.operation.opId } } : answer,
  );
}

function createContext(batch: Batch, operations: readonly Operation[], { records, draft, room }: Ground): JudgeContext {
  const { actor, deviceId, nowMs, createId, state } = batch;
  const read: JudgeContext['read'] = (key) => draft.get(key) ?? records.get(key);
  let assign: Assign | null = null;
  return {
    actor,
    deviceId,
    nowMs,
    createId,
    read,
    readEarlier(key) {
      const changed = draft.get(key);
      return changed === undefined ? records.get(key)?.record : (changed.earlier ?? undefined);
    },
    bringsHistory: (operation) => bringsHistory(operations, operation),
    foreignRevOf: (key) => newestForeignRev(state, key, batch),
    writerOf: (stored, group) => writerOf(state.writers, stored, group),
    isErased: (id) => state.erased.ids.has(id),
    isErasedEmail: (email) => state.erased.emails.has(email),
    every: (kind) =>
      [...new Map([...records, ...draft]).values()]
        .filter(({ record, isDeleted }) => record.kind === kind && !isDeleted)
        .map(({ record }) => record),
    assignTerritory(values) {
      assign ??= compileRules(state.territories);
      const { fiscalYearStart } = figuresOf(read(ORGANIZATION_KEY)?.record);
      return assign(values, { today: toInstant(nowMs).slice(0, 10), fiscalYearStart });
    },
    requiredFields: state.requiredFields,
    fileRoom: state.fileRoom,
    planRoom: () => room.left,
    isRoleHeld: (roleId) => isRoleHeld(state.roleHolders, roleId, read),
    isEmailTaken: (email, userId) => state.emails.isTaken(email, userId, read),
  };
}

/** True when an entry of the deal's history comes after this change of it, before the next one. */
function bringsHistory(operations: readonly Operation[], { opId, recordId }: Operation): boolean {
  const after = operations.slice(operations.findIndex((operation) => operation.opId === opId) + 1);
  const next = after.find(
    ({ kind, entity, recordId: id, changes }) =>
      (entity === 'deal' && id === recordId) ||
      (kind === 'create' && entity === 'stageChange' && changes.some(({ to }) => to?.['dealId'] === recordId)),
  );
  return next?.entity === 'stageChange';
}

/** Newest change by another device that the author of this batch notices. */
function newestForeignRev({ foreignRevs, touched }: BatchState, key: string, { actor, deviceId }: Batch): number {
  const all = [...(foreignRevs.get(key) ?? []), ...touched.filter((touch) => touch.key === key)];
  const foreign = all.filter(
    (rev) => rev.deviceId !== deviceId && !(rev.action === 'update' && isUnnoticed(actor.fields, rev.kind, rev.groups)),
  );
  return foreign.reduce((newest, { seq }) => Math.max(newest, seq), 0);
}

function remember({ records, draft, room }: Ground, change: PendingChange, { actor, nowMs }: Batch): void {
  const isDeleted = change.action === 'delete';
  const key = placeKey(change.definition.collection, change.after.id);
  const known = draft.get(key) ?? records.get(key);
  room.left = leaveRoom(room.left, { before: known ?? null, after: change.after, isDeleted });
  draft.set(key, {
    record: change.keepsStamps ? change.after : { ...change.after, updatedBy: actor.userId },
    scopeKeys: change.keysAfter,
    fieldRev: change.fieldRevBefore ?? {},
    isDeleted,
    deletedAtMs: isDeleted ? nowMs : null,
    earlier: known?.record ?? null,
    writers: { ...known?.writers, ...Object.fromEntries(change.groups.map((group) => [group, actor.userId])) },
  });
}
