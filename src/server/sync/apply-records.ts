// Bulk writing for the demo company and for imports on the server: the same records and the same log as a push, but
// without judging each record. One number per record, so that a device can stop reading after any of them.
import { scopeKeysOf } from '#shared/access/scope.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entityOf } from '#shared/entities/registry.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { commitChanges, type PendingCommit } from '#server/sync/commit-changes.ts';

const systemClock: Clock = { now: () => Date.now() };
const RECORDS_PER_TRANSACTION = 1000;

/** Writes new records that bring their own time stamps. Fails as a whole chunk when an id exists already. */
export async function seedRecords(
  db: SqlDatabase,
  tenantId: TenantId,
  records: readonly AnyRecord[],
  clock: Clock = systemClock,
): Promise<void> {
  for (let from = 0; from < records.length; from += RECORDS_PER_TRANSACTION) {
    const commits = records.slice(from, from + RECORDS_PER_TRANSACTION).map((record) => toCommit(record));
    await db.inTenant(tenantId, async (session) => {
      const { written } = await commitChanges(session, tenantId, clock.now(), commits);
      await written;
    });
  }
}

function toCommit(record: AnyRecord): PendingCommit {
  const definition = entityOf(record.kind);
  if (definition === undefined) throw new OutpostError('invalid', `There is no entity ${record.kind}.`);
  const change = {
    definition,
    action: 'create',
    groups: [],
    after: record,
    keysBefore: [],
    keysAfter: scopeKeysOf(definition, record),
    fieldRevBefore: null,
    keepsStamps: true,
    opId: null,
  } as const;
  return { actorId: record.createdBy, deviceId: null, changes: [change] };
}
