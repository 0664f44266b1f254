// How the organizations of an installation are, and what was done in them, for whoever runs it: counts, times, names of commands.
// Never a value, a name or an id of a record.
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { PlatformAuditEntry, PlatformHealth } from '#shared/platform/platform-messages.ts';
import { readDirectory, type OrganizationRow, type PlatformContext } from '#server/platform/platform-context.ts';
import type { SqlSession } from '#server/store/database.ts';
import { currentSchema } from '#server/backup/dump.ts';

const LATELY_MS = 7 * 86_400_000;
const MOST_ENTRIES = 200;

interface HealthRow {
  readonly head: number;
  readonly openSessions: number;
  readonly devices: number;
  readonly lastSeenAt: number | null;
  readonly lastChangeAt: number | null;
  readonly refusedLately: number;
  readonly auditEntries: number;
}

const instantOf = (ms: number | null): string | null => (ms === null ? null : toInstant(ms));

/** A device stands in `device` once it sent something; until then its session tells of it. */
async function readHealthOf(session: SqlSession, { tenant, name, state }: OrganizationRow, nowMs: number) {
  const [row] = await session.query<HealthRow>(
    `SELECT h.seq AS head, CASE WHEN h.seq = 0 THEN NULL ELSE h.last_ts END AS "lastChangeAt",
       (SELECT count(*)::int FROM session s WHERE s.tenant = $1 AND s.revoked_at IS NULL AND s.expires_at > $2) AS "openSessions",
       (SELECT count(*)::int FROM (SELECT device FROM device WHERE tenant = $1 UNION SELECT device FROM session WHERE tenant = $1) known) AS devices,
       greatest((SELECT max(d.last_seen_at) FROM device d WHERE d.tenant = $1),
         (SELECT max(s.last_seen_at) FROM session s WHERE s.tenant = $1)) AS "lastSeenAt",
       (SELECT count(*)::int FROM op_result r WHERE r.tenant = $1 AND r.at > $3 AND r.verdict->>'status' = 'rejected') AS "refusedLately",
       (SELECT no FROM audit_head a WHERE a.tenant = $1) AS "auditEntries"
     FROM tenant_head h WHERE h.tenant = $1`,
    [tenant, nowMs, nowMs - LATELY_MS],
  );
  return {
    id: tenant,
    name,
    state,
    head: row?.head ?? 0,
    openSessions: row?.openSessions ?? 0,
    devices: row?.devices ?? 0,
    lastSeenAt: instantOf(row?.lastSeenAt ?? null),
    lastChangeAt: instantOf(row?.lastChangeAt ?? null),
    refusedLately: row?.refusedLately ?? 0,
    auditEntries: row?.auditEntries ?? 0,
  };
}

export async function readPlatformHealth({ database, clock }: PlatformContext): Promise<PlatformHealth> {
  const nowMs = clock.now();
  const [size] = await database.query<{ bytes: number }>(
    'SELECT pg_database_size(current_database())::bigint AS bytes',
  );
  const organizations: PlatformHealth['organizations'] = [];
  for (const row of await readDirectory(database)) {
    organizations.push(
      await database.inTenant(row.tenant, (session) => readHealthOf(session, row, nowMs), { snapshot: true }),
    );
  }
  return {
    engine: database.engine,
    databaseBytes: size?.bytes ?? 0,
    schema: currentSchema().number,
    checkedAt: toInstant(nowMs),
    organizations,
  };
}

interface EntryRow {
  readonly no: number;
  readonly at: number;
  readonly actor: string | null;
  readonly command: string;
  readonly entity: string;
  readonly outcome: string;
}

/** Newest first. `organization` null: of all. */
export async function readPlatformAudit(
  { database }: PlatformContext,
  organization: string | null,
  command: string | null,
): Promise<readonly PlatformAuditEntry[]> {
  const found: (PlatformAuditEntry & { readonly ms: number })[] = [];
  const chosen = (await readDirectory(database)).filter(
    ({ tenant }) => organization === null || tenant === organization,
  );
  for (const { tenant, name } of chosen) {
    const rows = await database.inTenant(tenant, (session) => readEntries(session, tenant, command), {
      snapshot: true,
    });
    found.push(...rows.map(({ at, ...rest }) => ({ organization: tenant, name, ...rest, at: toInstant(at), ms: at })));
  }
  return found
    .sort((one, other) => other.ms - one.ms || other.no - one.no)
    .slice(0, MOST_ENTRIES)
    .map(({ ms: _ms, ...entry }) => entry);
}

function readEntries(session: SqlSession, tenantId: TenantId, command: string | null): Promise<readonly EntryRow[]> {
  return session.query<EntryRow>(
    `SELECT no, at, actor, command, entity, outcome FROM audit
     WHERE tenant = $1 AND ($2::text IS NULL OR command = $2) ORDER BY no DESC LIMIT ${String(MOST_ENTRIES)}`,
    [tenantId, command],
  );
}
