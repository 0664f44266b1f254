// Bulk writing for the demo company and for imports on the server: the same records and the same log as a push, but
// without judging each record. One number per record, so that a device can stop reading after any of them.
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';
import { entityOf } from '#shared/entities/registry.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { commitChanges, type PendingCommit } from '#server/sync/commit-changes.ts';
import { keysOfRecord, parentPlaceOf } from '#server/sync/record-keys.ts';
import { createSqlSyncStore } from '#server/sync/sql/sql-sync-store.ts';
import { placeKey } from '#server/sync/stored-record.ts';
import type { SyncStore, SyncTransaction } from '#server/sync/sync-store.ts';

const systemClock: Clock = { now: () => Date.now() };
const RECORDS_PER_TRANSACTION = 1000;

/** Writes new records that bring their own time stamps. Fails as a whole chunk when an id exists already. */
export async function seedRecords(
  db: SqlDatabase,
  tenantId: TenantId,
  records: readonly AnyRecord[],
  clock: Clock = systemClock,
): Promise<void> {
  await seedInto(createSqlSyncStore(db), tenantId, records, clock);
}

/** The same for any store. */
export async function seedInto(
  store: SyncStore,
  tenantId: TenantId,
  records: readonly AnyRecord[],
  clock: Clock,
): Promise<void> {
  for (let from = 0; from < records.length; from += RECORDS_PER_TRANSACTION) {
    const part = records.slice(from, from + RECORDS_PER_TRANSACTION);
    await store.inTenant(tenantId, async (transaction) => {
      const commits = await toCommits(transaction, part);
      const { written } = await commitChanges(transaction, clock.now(), commits);
      await written;
    });
  }
}

interface Known {
  readonly record: AnyRecord;
  readonly scopeKeys: readonly string[];
}

/** Parents are in the store or earlier in the list: children take over their keys. */
async function toCommits(
  transaction: SyncTransaction,
  records: readonly AnyRecord[],
): Promise<readonly PendingCommit[]> {
  const parents = records.flatMap((record) => parentPlaceOf(definitionOf(record), record) ?? []);
  const known = new Map<string, Known>(await transaction.readRecords(parents, true));
  return records.map((record) => {
    const definition = definitionOf(record);
    const scopeKeys = keysOfRecord((key) => known.get(key), definition, record);
    known.set(placeKey(definition.collection, record.id), { record, scopeKeys });
    return toCommit(definition, record, scopeKeys);
  });
}

function definitionOf(record: AnyRecord): EntityDefinition {
  const definition = entityOf(record.kind);
  if (definition === undefined) throw new OutpostError('invalid', `There is no entity ${record.kind}.`);
  return definition;
}

function toCommit(definition: EntityDefinition, record: AnyRecord, keysAfter: readonly string[]): PendingCommit {
  const change = {
    definition,
    action: 'create',
    groups: [],
    after: record,
    keysBefore: [],
    keysAfter,
    fieldRevBefore: null,
    keepsStamps: true,
    opId: null,
  } as const;
  return { actorId: record.createdBy, deviceId: null, changes: [change] };
}
