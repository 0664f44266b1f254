import type { LocalRecord } from '#renderer/data/data-contract.ts';
import type { ProfileSession } from '#renderer/data/profile-session.ts';
import type { DatabaseStanding } from '#shared/doctor/snapshot.ts';
import { collectionNames, entityNames } from '#shared/entities/define-entity.ts';

/** What the database holds and how large it is, for the sync doctor. */
export async function describeDatabase({
  context,
  database,
}: Pick<ProfileSession, 'context' | 'database'>): Promise<DatabaseStanding> {
  const counts = entityNames.map((name) => [name, context.source.all(name).size] as const);
  const { usage } = await navigator.storage.estimate();
  return {
    counts: Object.fromEntries(counts.filter(([, count]) => count > 0)),
    unsentCount: collectionNames.reduce((sum, name) => sum + countUnsent(database.storedOf(name).values()), 0),
    sizeBytes: usage ?? null,
  };
}

function countUnsent(records: Iterable<LocalRecord>): number {
  let count = 0;
  for (const { pending } of records) if (pending.length > 0) count += 1;
  return count;
}
