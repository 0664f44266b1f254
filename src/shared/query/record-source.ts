// What questions are answered from, wherever the records lie: the local database of a computer, or what a server reads for
// one user. Records are replaced, never changed in place, and a reader never sees half of a transaction.
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';

export interface RecordChange<Row extends AnyRecord = AnyRecord> {
  readonly entity: EntityName;
  readonly id: string;
  readonly before: Row | undefined;
  readonly after: Row | undefined;
}

export interface RecordSource<Row extends AnyRecord = AnyRecord> {
  get(entity: EntityName, id: string): Row | undefined;
  all(entity: EntityName): ReadonlyMap<string, Row>;
  /** Returns the function that ends the subscription. */
  subscribe(listener: (changes: readonly RecordChange<Row>[]) => void): () => void;
}

/** True for a record with changes its server has not answered; what a server reads never has any. */
export function isPendingRecord(record: AnyRecord): boolean {
  return Array.isArray(record['pending']) && record['pending'].length > 0;
}
