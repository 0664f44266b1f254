// Whose value stands in a field group: the author of the group's last change, who is told when it loses. Not the author of
// the record's last change, who may have written something else, and something that not everybody sees.
import { entityOf } from '#shared/entities/registry.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import type { Change, Operation } from '#shared/sync/operation.ts';
import { placeKey, type StoredRecord } from '#server/sync/stored-record.ts';
import type { SyncTransaction } from '#server/sync/sync-store.ts';

/** Authors by number of the order, as far as the log still has them. */
export type Writers = ReadonlyMap<number, string | null>;

/** Reads the authors of everything that these operations found changed: nothing, nearly always. */
export async function readWriters(
  transaction: SyncTransaction,
  operations: readonly Operation[],
  records: ReadonlyMap<string, StoredRecord>,
): Promise<Writers> {
  const seqs = new Set<number>();
  for (const { entity, kind, recordId, changes } of operations) {
    const stored = records.get(placeKey(entityOf(entity)?.collection ?? '', recordId));
    if (kind !== 'patch' || stored === undefined) continue;
    for (const change of changes) {
      const seq = stored.fieldRev[change.group];
      if (seq !== undefined && !isAsSeen(change, stored.record)) seqs.add(seq);
    }
  }
  if (seqs.size === 0) return new Map();
  return new Map((await transaction.readStamps([...seqs])).map(({ seq, actor }) => [seq, actor]));
}

/** Null: nobody knows any more. */
export function writerOf(
  writers: Writers,
  { record, fieldRev, writers: own }: StoredRecord,
  group: string,
): string | null {
  const inBatch = own?.[group];
  if (inBatch !== undefined) return inBatch;
  const seq = fieldRev[group];
  return seq === undefined ? record.createdBy : (writers.get(seq) ?? null);
}

function isAsSeen({ base }: Change, record: AnyRecord): boolean {
  return Object.entries(base).every(([field, value]) => isJsonEqual(value ?? null, record[field] ?? null));
}
