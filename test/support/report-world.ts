// A company whose reports are mailed: people with different rights, deals in euros, a mail server, and a clock in the hand.
import type { PivotSpec } from '#shared/analytics/pivot-spec.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { JobTimes } from '#server/jobs/job-engine.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';

export const quickJobs: JobTimes = { retries: 2, firstPauseSeconds: 1, longestPauseSeconds: 1, lookSeconds: 0.5 };

const at = '2026-01-01T00:00:00.000Z';

export function recordOf(
  kind: EntityName,
  id: string,
  ownerId: string | null,
  values: Readonly<Record<string, unknown>>,
): AnyRecord {
  const stamps = { createdAt: at, createdBy: null, updatedAt: at, updatedBy: null };
  return { kind, id, rev: 0, ownerId, teamId: null, ...stamps, ...values };
}

export function dealOf(id: string, ownerId: string, amount: number, teamId: string | null = null): AnyRecord {
  const values = {
    name: `Deal ${id}`,
    amount,
    currency: 'EUR',
    stageId: 'qualified',
    pipelineId: 'default',
    status: 'open',
    teamId,
  };
  return recordOf('deal', id, ownerId, values);
}

/** Number and sum of deals, by their owner. */
export const dealsByOwner: PivotSpec = {
  source: 'deal',
  rows: [{ field: 'ownerId' }],
  columns: [],
  values: [
    { kind: 'field', id: 'count', aggregation: 'count' },
    { kind: 'field', id: 'sum', aggregation: 'sum', field: 'amount' },
  ],
};

export function reportOf(
  id: string,
  ownerId: string,
  sharing = 'organization',
  spec: PivotSpec = dealsByOwner,
): AnyRecord {
  return recordOf('report', id, ownerId, { name: `Pipeline ${id}`, spec, sharing });
}

export function scheduleOf(
  id: string,
  ownerId: string,
  recipientIds: readonly string[],
  values: Readonly<Record<string, unknown>> = {},
): AnyRecord {
  return recordOf('reportSchedule', id, ownerId, {
    name: 'Daily pipeline',
    reportId: 'report-1',
    frequency: 'daily',
    time: '07:00',
    timeZone: 'Europe/Berlin',
    format: 'csv',
    recipientIds,
    isActive: true,
    ...values,
  });
}

export async function seed(database: SqlDatabase, tenantId: TenantId, records: readonly AnyRecord[]): Promise<void> {
  await seedRecords(database, tenantId, records);
}

/** Records of one entity as they are stored. */
export async function storedRecords(
  database: SqlDatabase,
  tenantId: TenantId,
  entity: EntityName,
): Promise<readonly AnyRecord[]> {
  const rows = await database.inTenant(tenantId, (session) =>
    session.query<{ data: AnyRecord }>(
      `SELECT data FROM record WHERE tenant = $1 AND coll = $2 AND kind = $3 AND NOT deleted ORDER BY data->>'dueAt', id`,
      [tenantId, entities[entity].collection, entity],
    ),
  );
  return rows.map(({ data }) => data);
}
