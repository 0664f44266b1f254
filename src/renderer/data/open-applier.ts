// What a data host does between opening a database and answering for it: the view is made to agree with the journal, and a
// resync that was cut off begins anew. Once everything is unpacked, `mend` does the first for what was not yet.
import { createApplier, type Applier } from '#renderer/data/apply.ts';
import type { LocalDatabase } from '#renderer/data/database.ts';
import { createPendingOperations } from '#renderer/data/pending-operations.ts';
import type { Operation } from '#shared/sync/operation.ts';

/** An applier over a database that was just opened. `unsent`: what the journal holds. */
export async function openApplier(
  database: LocalDatabase,
  unsent: readonly Operation[],
  userId: string,
): Promise<Applier> {
  // Which records a resync had named was only in memory: it must start anew.
  if (database.readPosition().snapshot === 'resync')
    await database.writePosition({ ...database.readPosition(), token: null, snapshot: 'none' });
  const applier = createApplier(database, createPendingOperations(), userId);
  await applier.replay(unsent);
  return applier;
}
