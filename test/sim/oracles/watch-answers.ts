// Watches every answer of the servers: the same verdict for ever, positions that go on, and that no byte leaves for
// somebody who may not see it.
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { isJsonEqual, toCanonicalJson } from '#shared/kernel/json.ts';
import type { BodiesResponse, ManifestResponse, PullResponse, PushResponse, Verdict } from '#shared/sync/messages.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { Position } from '#server/sync/token.ts';
import type { History } from '#test/sim/oracles/history.ts';
import { demand } from '#test/sim/oracles/violation.ts';
import type { Answer, Caller, ServerRequest } from '#test/sim/server/server-process.ts';
import type { ModelTenant } from '#test/sim/server/model-tenant.ts';
import type { Tally } from '#test/sim/world/tally.ts';

export interface AnswerWatch {
  /** Verdict that was first given to an operation. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** `fromSeq`: the head when the request came in. */
  onAnswer(caller: Caller, request: ServerRequest, answer: Answer, fromSeq: number): void;
  /** What was answered and is not in the backup was never answered. Tells what was taken back. */
  onRestored(tenant: ModelTenant): readonly TakenBack[];
}

/** An answer that a restored server knows nothing of. */
export interface TakenBack {
  readonly deviceId: string;
  readonly operation: Operation;
  readonly verdict: Verdict;
}

/** `typedBy` answers what a person typed, as it left the keyboard. */
export function createAnswerWatch(
  tally: Tally,
  readPosition: (token: string) => Position,
  historyOf: (tenantId: string) => History,
  typedBy: (deviceId: string, opId: string) => Operation | undefined,
): AnswerWatch {
  /** Records a device made. */
  const made = new Set<string>();
  const verdicts = new Map<string, Verdict>();
  /** Of an operation that was answered: whose it is, and where. */
  const answered = new Map<
    string,
    { readonly tenantId: string; readonly deviceId: string; readonly operation: Operation }
  >();
  /** First verdicts of operations that belong together: did they succeed? */
  const fates = new Map<string, boolean>();

  /** Operations of one txn succeed or fail together; what builds on a refused one is refused. */
  function watchFate(deviceId: string, operation: Operation, verdict: Verdict): void {
    const isGood = verdict.status !== 'rejected' && verdict.status !== 'blocked';
    const mine = typedBy(deviceId, operation.opId) ?? operation;
    if (mine.txn !== null) {
      const key = `${deviceId} ${mine.txn}`;
      const known = fates.get(key);
      demand(
        known === undefined || known === isGood,
        'B3',
        () => `a part of ${mine.txn ?? ''} succeeded, another one did not`,
      );
      fates.set(key, isGood);
    }
    for (const opId of mine.dependsOn) {
      const cause = verdicts.get(`${deviceId} ${opId}`);
      // Within one txn the whole is told of the part that is at fault: a move falls with the stage change that builds on it.
      const isOwnFault = cause?.status === 'blocked' && cause.by === operation.opId;
      const isRefused = !isOwnFault && (cause?.status === 'rejected' || cause?.status === 'blocked');
      const isTold = verdict.status === 'blocked' || (verdict.status === 'rejected' && verdict.code === 'op_reuse');
      demand(!isRefused || isTold, 'SYNC-49', () => `${mine.opId} was ${verdict.status}, ${opId} below it was refused`);
    }
  }

  function watchRecord(caller: Caller, place: string, record: AnyRecord, history: History, fromSeq: number): void {
    const { userId } = caller;
    let isKnown = false;
    for (let seq = fromSeq; seq <= history.head; seq += 1) {
      const version = history.at(place, seq);
      if (version === undefined || !isJsonEqual(version.record, record)) continue;
      isKnown = true;
      if (history.isVisibleAt(userId, place, seq)) return;
    }
    demand(isKnown, 'SYNC-16', () => `${userId} was sent ${place} as it never stood: ${JSON.stringify(record)}`);
    demand(false, 'SYNC-22', () => `${userId} was sent ${place}, which is out of sight`);
  }

  function watchPull(caller: Caller, token: string | null, answer: Answer, fromSeq: number): void {
    const history = historyOf(caller.tenantId);
    const page = JSON.parse(answer.text) as PullResponse;
    const position = readPosition(page.token);
    if (page.snapshotStart === true) tally.snapshots += 1;
    if (token !== null) {
      const asked = readPosition(token);
      const isOld = asked.epoch !== position.epoch || asked.incarnation !== position.incarnation;
      demand(
        !isOld,
        'SYNC-27',
        () => `a position of epoch ${String(asked.epoch)} was gone on with in epoch ${String(position.epoch)}`,
      );
      const isOwn =
        asked.userId === caller.userId && asked.deviceId === caller.deviceId && asked.tenantId === caller.tenantId;
      demand(isOwn, 'A8', () => `${caller.userId} was answered to a position of ${asked.userId}`);
      if (page.snapshotStart !== true)
        demand(
          position.seq >= asked.seq,
          'SYNC-8',
          () => `a position went back from ${String(asked.seq)} to ${String(position.seq)}`,
        );
    }
    for (const item of page.items) {
      if (item.t === 'put') {
        const record = item.record as AnyRecord;
        watchRecord(caller, `${item.coll}/${record.id}`, record, history, fromSeq);
      } else {
        tally.purges += 1;
        const place = `${item.coll}/${item.id}`;
        demand(
          history.wasInReach(caller.userId, place),
          'SYNC-28',
          () => `${caller.userId} was told of ${place}, which was never in sight`,
        );
      }
    }
    if (page.caughtUp)
      demand(
        position.seq >= fromSeq,
        'SYNC-20',
        () => `caught up at ${String(position.seq)}, the head was ${String(fromSeq)}`,
      );
  }

  /** A manifest names nothing but what is in sight; what it says of a record is a fingerprint. */
  function watchManifest(caller: Caller, answer: Answer, fromSeq: number): void {
    const history = historyOf(caller.tenantId);
    const page = JSON.parse(answer.text) as ManifestResponse;
    if (page.cursor === null) tally.snapshots += 1;
    for (const { coll, ids } of page.ranges) {
      for (const id of ids) {
        const wasSeen = history.wasVisible(caller.userId, `${coll}/${id}`, fromSeq, history.head);
        demand(wasSeen, 'SYNC-22', () => `the manifest of ${caller.userId} names ${coll}/${id}, which is out of sight`);
      }
    }
  }

  function watchBodies(caller: Caller, answer: Answer, fromSeq: number): void {
    const history = historyOf(caller.tenantId);
    for (const item of (JSON.parse(answer.text) as BodiesResponse).items) {
      if (item.t !== 'put') continue;
      const record = item.record as AnyRecord;
      watchRecord(caller, `${item.coll}/${record.id}`, record, history, fromSeq);
    }
  }

  function watchPush(caller: Caller, operations: readonly Operation[], answer: Answer, fromSeq: number): void {
    const history = historyOf(caller.tenantId);
    const { verdicts: given } = JSON.parse(answer.text) as PushResponse;
    demand(given.length === operations.length, 'SYNC-3', () => 'not every operation was answered');
    for (const [index, verdict] of given.entries()) {
      const operation = operations[index];
      if (operation === undefined) continue;
      demand(verdict.opId === operation.opId, 'SYNC-3', () => 'verdicts are not in the order of the operations');
      const { record, ...decided } = verdict;
      const key = `${caller.deviceId} ${verdict.opId}`;
      const first = verdicts.get(key);
      const same = first === undefined || toCanonicalJson(first) === toCanonicalJson({ ...decided, record: null });
      demand(
        same,
        'SYNC-5',
        () => `operation ${verdict.opId} was answered ${JSON.stringify(decided)} after ${JSON.stringify(first)}`,
      );
      if (operation.kind === 'create' && verdict.status === 'applied')
        made.add(`${caller.deviceId} ${operation.recordId}`);
      if (first === undefined) {
        verdicts.set(key, { ...verdict, record: null });
        answered.set(key, { tenantId: caller.tenantId, deviceId: caller.deviceId, operation });
        watchFate(caller.deviceId, operation, verdict);
        tally.operations += 1;
        if (verdict.status === 'rejected' || verdict.status === 'blocked') tally.refusals += 1;
        if (verdict.status === 'merged') tally.merges += 1;
      }
      if (record !== null) {
        const seen = record as AnyRecord;
        watchRecord(caller, collOf(history, seen), seen, history, fromSeq);
      }
      watchSecrecy(caller, operation, verdict, history, fromSeq);
    }
  }

  /** Whoever may not see a record is told the same as for one that never was. */
  function watchSecrecy(
    caller: Caller,
    operation: Operation,
    verdict: Verdict,
    history: History,
    fromSeq: number,
  ): void {
    if (verdict.status === 'blocked' || operation.kind === 'create' || operation.kind === 'void') return;
    if (verdict.status === 'rejected' && ['op_reuse', 'too_old_schema', 'not_visible'].includes(verdict.code)) return;
    // Made and deleted in one transaction: nobody else ever saw it, its author knows it.
    if (made.has(`${caller.deviceId} ${operation.recordId}`)) return;
    const places = [...history.versions.keys()].filter((place) => place.endsWith(`/${operation.recordId}`));
    // Deleted records answer to whoever saw them when they were deleted, and to whoever would see them by the rights of now.
    const was = places.some(
      (place) =>
        history.wasInReach(caller.userId, place) ||
        history.wasInReachWithin(caller.userId, place, fromSeq, history.head),
    );
    demand(
      was,
      'SYNC-34',
      () =>
        `${caller.userId} was told ${verdict.status} about ${operation.recordId}, which was never in sight (${String(fromSeq)})`,
    );
  }

  function takeBack({ id, results }: ModelTenant): readonly TakenBack[] {
    const taken: TakenBack[] = [];
    for (const [key, { tenantId, deviceId, operation }] of answered) {
      const verdict = verdicts.get(key);
      if (tenantId !== id || results.has(key) || verdict === undefined) continue;
      verdicts.delete(key);
      answered.delete(key);
      const { txn } = typedBy(deviceId, operation.opId) ?? operation;
      if (txn !== null) fates.delete(`${deviceId} ${txn}`);
      taken.push({ deviceId, operation, verdict });
    }
    return taken;
  }

  return {
    verdicts,
    onRestored: takeBack,
    onAnswer(caller, request, answer, fromSeq) {
      tally.checks += 1;
      if (request.kind === 'pull') watchPull(caller, request.body.token, answer, fromSeq);
      else if (request.kind === 'push') watchPush(caller, request.body.ops, answer, fromSeq);
      else if (request.kind === 'manifest') watchManifest(caller, answer, fromSeq);
      else if (request.kind === 'bodies') watchBodies(caller, answer, fromSeq);
    },
  };
}

function collOf(history: History, record: AnyRecord): string {
  for (const place of history.versions.keys()) if (place.endsWith(`/${record.id}`)) return place;
  return `?/${record.id}`;
}
