// How the organizations of an installation are, and what was done in them, for whoever runs it: counts, times, names of commands.
// Never a value, a name or an id of a record.
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import {
  MOST_PLATFORM_ENTRIES,
  type PlatformAudit,
  type PlatformAuditEntry,
  type PlatformHealth,
} from '#shared/platform/platform-messages.ts';
import { compareText } from '#shared/query/evaluate-filter.ts';
import { readDirectory, type OrganizationRow, type PlatformContext } from '#server/platform/platform-context.ts';
import type { SqlSession } from '#server/store/database.ts';
import { currentSchema } from '#server/backup/dump.ts';

const LATELY_MS = 7 * 86_400_000;

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

export interface AuditWish {
  readonly organization?: string | undefined;
  readonly command?: string | undefined;
  /** The `next` of the page before. */
  readonly before?: string | undefined;
  readonly limit?: number | undefined;
}

/** Where a page ended: entries go by time, then by organization, then by number. */
interface PageEnd {
  readonly ms: number;
  readonly organization: string;
  readonly no: number;
}

const toCursor = ({ ms, organization, no }: PageEnd): string => `${String(ms)}~${organization}~${String(no)}`;

function readCursor(text: string | undefined): PageEnd | null {
  const [ms, organization, no] = text?.split('~') ?? [];
  return organization === undefined ? null : { ms: Number(ms), organization, no: Number(no) };
}

/** Newest first, of all organizations or one. */
export async function readPlatformAudit(
  { database }: PlatformContext,
  { organization, command, before, limit = MOST_PLATFORM_ENTRIES }: AuditWish,
): Promise<PlatformAudit> {
  const found: (PlatformAuditEntry & { readonly ms: number })[] = [];
  const end = readCursor(before);
  const chosen = (await readDirectory(database)).filter(
    ({ tenant }) => organization === undefined || tenant === organization,
  );
  for (const { tenant, name } of chosen) {
    const read = (session: SqlSession) => readEntries(session, tenant, command ?? null, end, limit + 1);
    const rows = await database.inTenant(tenant, read, { snapshot: true });
    found.push(...rows.map(({ at, ...rest }) => ({ organization: tenant, name, ...rest, at: toInstant(at), ms: at })));
  }
  const page = found
    .sort((one, other) => other.ms - one.ms || compareText(one.organization, other.organization) || other.no - one.no)
    .slice(0, limit);
  const last = page.at(-1);
  return {
    entries: page.map(({ ms: _ms, ...entry }) => entry),
    next: last === undefined || found.length <= limit ? null : toCursor(last),
  };
}

function readEntries(
  session: SqlSession,
  tenantId: TenantId,
  command: string | null,
  end: PageEnd | null,
  most: number,
): Promise<readonly EntryRow[]> {
  // Of the same instant: all of an organization that comes later, none of one that came before.
  const order = end === null ? 0 : compareText(tenantId, end.organization);
  const below = order === 0 ? (end?.no ?? 0) : order > 0 ? Number.MAX_SAFE_INTEGER : 0;
  return session.query<EntryRow>(
    `SELECT no, at, actor, command, entity, outcome FROM audit
     WHERE tenant = $1 AND ($2::text IS NULL OR command = $2)
       AND ($3::bigint IS NULL OR at < $3 OR (at = $3 AND no < $4::bigint))
     ORDER BY at DESC, no DESC LIMIT $5::int`,
    [tenantId, command, end?.ms ?? null, below, most],
  );
}
