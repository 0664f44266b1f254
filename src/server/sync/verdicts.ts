// What was decided, in the words of the protocol.
import { keySetOf, meets } from '#shared/access/scope.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entityOf } from '#shared/entities/registry.ts';
import type { Verdict } from '#shared/sync/messages.ts';
import type { Operation } from '#shared/sync/operation.ts';
import type { CommitOutcome } from '#server/sync/commit-changes.ts';
import type { Answer } from '#server/sync/judge-batch.ts';
import { RESULT_DAYS } from '#server/retention/expire.ts';
import { placeKey, type StoredRecord } from '#server/sync/stored-record.ts';
import { projectRows, type Viewing, type VisibleRow } from '#server/sync/visible-records.ts';

/** Without the record: what was decided. */
export function toVerdict({ operation, judgement }: Answer, seq: number): Verdict {
  const base = { opId: operation.opId, opNo: operation.opNo, record: null };
  switch (judgement.kind) {
    case 'noop':
      return { ...base, status: 'noop', seq, conflicts: [] };
    case 'blocked':
      return { ...base, status: 'blocked', by: judgement.by };
    case 'rejected': {
      const { code, message, groups, problems, why } = judgement.rejection;
      const reason = why === undefined ? {} : { why };
      return { ...base, status: 'rejected', code, message, groups: [...groups], problems: [...problems], ...reason };
    }
    case 'accepted': {
      const conflicts = [...judgement.conflictIds];
      return { ...base, status: conflicts.length > 0 ? 'merged' : 'applied', seq, conflicts };
    }
  }
}

export function withRecord(verdict: Verdict, record: AnyRecord | null): Verdict {
  return { ...verdict, record };
}

/** The number was used before: by another operation, or by this one so long ago that its answer is not kept any more. */
export function opReuse(operation: Operation, nowMs: number): Verdict {
  const isOld = nowMs - Date.parse(operation.captured.wall) > RESULT_DAYS * 86_400_000;
  const message = isOld
    ? 'This was answered so long ago that the answer is not kept any more.'
    : 'The number of this operation was already used for another one.';
  return {
    opId: operation.opId,
    opNo: operation.opNo,
    status: 'rejected',
    code: 'op_reuse',
    message,
    groups: [],
    problems: [],
    ...(isOld ? { why: { reason: 'answeredLongAgo', entity: operation.entity } } : {}),
    record: null,
  };
}

/** The record of each operation as this user may see it after the commit; null where there is none to see. */
export async function projectTouched(
  viewing: Viewing,
  operations: readonly Operation[],
  before: ReadonlyMap<string, StoredRecord>,
  outcome: CommitOutcome,
): Promise<readonly (AnyRecord | null)[]> {
  const found = operations.map((operation): VisibleRow | null => {
    const definition = entityOf(operation.entity);
    if (definition === undefined) return null;
    const key = placeKey(definition.collection, operation.recordId);
    const stored = outcome.records.get(key) ?? before.get(key);
    if (stored === undefined || stored.isDeleted || stored.record.kind !== definition.name) return null;
    // The stored keys know more than the record alone: what it follows.
    if (!meets(keySetOf(viewing.actor, definition, 'read'), stored.scopeKeys)) return null;
    return { definition, record: stored.record, fieldRev: stored.fieldRev };
  });
  const rows = found.filter((row) => row !== null);
  const projected = (await projectRows(viewing, rows))[Symbol.iterator]();
  return found.map((row) => (row === null ? null : (projected.next().value ?? null)));
}
