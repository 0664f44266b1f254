// Every record of the local database by entity and id, for queries that must answer within a frame. It shares the
// document objects with the database and changes in whole batches only: a reader never sees half of a transaction. What is
// there from the start of an entity is fetched when somebody first asks for it; nobody can have built on it before.
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import type { RecordChange as Change, RecordSource as Source } from '#shared/query/record-source.ts';

export type RecordChange = Change<LocalRecord>;

/** What queries read. */
export type RecordSource = Source<LocalRecord>;

export interface RecordMirror extends RecordSource {
  /** Replaces (or, for undefined, forgets) records, then tells everybody once. */
  change(
    next: readonly { readonly entity: EntityName; readonly id: string; readonly after: LocalRecord | undefined }[],
  ): void;
}

/** `fetch`: the records of an entity that are there from the start; the mirror owns the map. */
export function createRecordMirror(
  fetch: (entity: EntityName) => Map<string, LocalRecord> | undefined = () => undefined,
): RecordMirror {
  const records = new Map<EntityName, Map<string, LocalRecord>>();
  const listeners = new Set<(changes: readonly RecordChange[]) => void>();
  function recordsOf(entity: EntityName): Map<string, LocalRecord> {
    let known = records.get(entity);
    if (known === undefined) records.set(entity, (known = fetch(entity) ?? new Map<string, LocalRecord>()));
    return known;
  }
  return {
    get: (entity, id) => recordsOf(entity).get(id),
    all: recordsOf,
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    change(next) {
      const changes: RecordChange[] = [];
      for (const { entity, id, after } of next) {
        const map = recordsOf(entity);
        const before = map.get(id);
        if (before === after) continue;
        if (after === undefined) map.delete(id);
        else map.set(id, after);
        changes.push({ entity, id, before, after });
      }
      if (changes.length === 0) return;
      for (const listener of listeners) listener(changes);
    },
  };
}
