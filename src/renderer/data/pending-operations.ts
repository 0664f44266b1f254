// Operations the server has not answered, by record and in the order they were typed: what the view has on top of the
// server's projections. The journal in the main process owns them; this is its image in memory.
import type { Operation } from '#shared/sync/operation.ts';

export interface PendingOperations {
  add(operations: readonly Operation[]): void;
  /** Takes answered operations away; answers the ones that were there. */
  remove(opIds: ReadonlySet<string>): readonly Operation[];
  /** Holds these and no others. */
  replaceAll(operations: readonly Operation[]): void;
  of(entity: string, recordId: string): readonly Operation[];
  all(): Iterable<readonly Operation[]>;
}

export function createPendingOperations(): PendingOperations {
  const byRecord = new Map<string, Operation[]>();
  const recordOfOperation = new Map<string, string>();
  const none: readonly Operation[] = [];
  function add(operations: readonly Operation[]): void {
    for (const operation of operations) {
      // `void` only fills a number that was never used; it changes no record.
      if (operation.kind === 'void' || recordOfOperation.has(operation.opId)) continue;
      const key = `${operation.entity} ${operation.recordId}`;
      recordOfOperation.set(operation.opId, key);
      const known = byRecord.get(key);
      if (known === undefined) byRecord.set(key, [operation]);
      else {
        known.push(operation);
        if ((known.at(-2)?.opNo ?? 0) > operation.opNo) known.sort((a, b) => a.opNo - b.opNo);
      }
    }
  }
  return {
    add,
    replaceAll(operations) {
      byRecord.clear();
      recordOfOperation.clear();
      add(operations);
    },
    remove(opIds) {
      const removed: Operation[] = [];
      for (const opId of opIds) {
        const key = recordOfOperation.get(opId);
        if (key === undefined) continue;
        recordOfOperation.delete(opId);
        const known = byRecord.get(key) ?? [];
        removed.push(...known.filter((operation) => operation.opId === opId));
        const left = known.filter((operation) => operation.opId !== opId);
        if (left.length === 0) byRecord.delete(key);
        else byRecord.set(key, left);
      }
      return removed;
    },
    of: (entity, recordId) => byRecord.get(`${entity} ${recordId}`) ?? none,
    all: () => byRecord.values(),
  };
}
