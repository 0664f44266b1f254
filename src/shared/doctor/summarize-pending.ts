// Unsent work by record: what a person wants to know of it, and nothing of what was typed.
import { MOST_PENDING, type PendingRecord, type PendingState } from '#shared/doctor/snapshot.ts';
import type { Operation } from '#shared/sync/operation.ts';

/** What is known of an operation beside itself. */
export interface OperationStanding {
  readonly operation: Operation;
  readonly state: PendingState;
  readonly lastTryAt: string | null;
  readonly reason: string | null;
}

/** What holds a record up most comes first. */
const weight: Readonly<Record<PendingState, number>> = { refused: 4, retrying: 3, sending: 2, waiting: 1, answered: 0 };

/** Names of the fields an operation changes; of a deletion there are none. */
export function changedFieldsOf({ changes }: Operation): readonly string[] {
  return changes.flatMap(({ to, delta, add, remove }) =>
    [to, delta, add, remove].flatMap((part) => (part === undefined ? [] : Object.keys(part))),
  );
}

/**
 * Groups operations by record: the first `MOST_PENDING` records in the order given, the oldest of them first. `total` counts
 * records that are not listed, too. Made while somebody works, so the rest of a long journal is only counted.
 */
export function summarizePending(standings: readonly OperationStanding[]): {
  readonly records: readonly PendingRecord[];
  readonly total: number;
} {
  const listed = new Map<string, OperationStanding[]>();
  const all = new Set<string>();
  for (const standing of standings) {
    const { entity, recordId } = standing.operation;
    const place = `${entity}/${recordId}`;
    all.add(place);
    const known = listed.get(place);
    if (known !== undefined) known.push(standing);
    else if (listed.size < MOST_PENDING) listed.set(place, [standing]);
  }
  const records = [...listed.values()].map(toRecord).toSorted((a, b) => (a.since < b.since ? -1 : 1));
  return { records, total: all.size };
}

function toRecord(standings: readonly OperationStanding[]): PendingRecord {
  const operations = standings.map(({ operation }) => operation);
  const worst = standings.reduce((found, next) => (weight[next.state] > weight[found.state] ? next : found));
  const tries = standings.flatMap(({ lastTryAt }) => lastTryAt ?? []).toSorted();
  return {
    entity: worst.operation.entity,
    recordId: worst.operation.recordId,
    state: worst.state,
    changes: standings.length,
    kinds: [...new Set(operations.map(({ kind }) => kind))],
    fields: [...new Set(operations.flatMap(changedFieldsOf))],
    since: operations.map(({ captured }) => captured.wall).toSorted()[0] ?? '',
    lastTryAt: tries.at(-1) ?? null,
    reason: worst.reason,
  };
}
