import type { AttentionItem } from '#shared/ipc/sync-status.ts';

/** Everything that waits for an operation, also by way of something else that does. */
export function followersOf(items: readonly AttentionItem[], opId: string): readonly AttentionItem[] {
  const found = new Set<AttentionItem>();
  const causes = [opId];
  for (let cause = causes.pop(); cause !== undefined; cause = causes.pop()) {
    for (const item of items) {
      if (item.causedBy !== cause || found.has(item)) continue;
      found.add(item);
      causes.push(item.operation.opId);
    }
  }
  return [...found];
}
