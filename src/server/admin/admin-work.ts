// What the operator of a server can have done beside what users can do. The same work is done by the process that has the
// database open, or asked of it through its admin channel (admin-channel.ts).
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { ErasureDone, PersonExport } from '#shared/sync/privacy-messages.ts';
import type { AuditAnchor, AuditVerification } from '#shared/sync/audit-messages.ts';
import type { Maintenance } from '#shared/sync/maintenance.ts';
import type { PlatformAnswer, PlatformCallName, PlatformInput } from '#shared/platform/platform-calls.ts';
import { allowAnyAddress } from '#server/access/access-rules.ts';
import { announceMaintenance } from '#server/admin/maintenance.ts';
import { verifyAudit } from '#server/audit/verify-audit.ts';
import { dumpDatabase, type DumpPart } from '#server/backup/dump.ts';
import { noteBackup } from '#server/backup/note-backup.ts';
import { restoreDatabase, type RestoreSummary } from '#server/backup/restore-database.ts';
import { moveOperator } from '#server/platform/operator.ts';
import type { PlatformWork } from '#server/platform/platform-work.ts';
import { erasePerson } from '#server/privacy/erase-person.ts';
import { exportPerson } from '#server/privacy/export-person.ts';
import type { PersonWish } from '#server/privacy/find-person.ts';
import { allowPasswords, confirmDomain } from '#server/sso/operator-work.ts';
import type { SqlDatabase } from '#server/store/database.ts';

export interface AdminWork {
  dump(emit: (part: DumpPart) => Promise<void>): Promise<void>;
  restore(parts: AsyncIterable<DumpPart>, replace: boolean): Promise<RestoreSummary>;
  /** `tenantId` null: the only organization of the server. */
  exportPerson(tenantId: string | null, wish: PersonWish): Promise<PersonExport>;
  erasePerson(tenantId: string | null, wish: PersonWish): Promise<ErasureDone>;
  /** To one organization, or to all when `tenantId` is null; null takes it back. Answers how many were told. */
  announceMaintenance(tenantId: string | null, planned: Maintenance | null): Promise<number>;
  /** The organization owns the domain, whatever the DNS says. Answers the domain. */
  confirmDomain(tenantId: string | null, domain: string): Promise<string>;
  /** Passwords work again for all domains of the organization. Answers for how many they had been switched off. */
  allowPasswords(tenantId: string | null): Promise<number>;
  /** Whoever shut the own organization out comes in again. */
  allowAnyAddress(tenantId: string): Promise<null>;
  /** Of one organization, or of all when `tenantId` is null. Anchors by organization. */
  verifyAudits(tenantId: string | null, anchors: AuditAnchors): Promise<readonly AuditReport[]>;
  /** What a super administrator does, done by whoever has the database. */
  platform<Name extends PlatformCallName>(name: Name, input: PlatformInput<Name>): Promise<PlatformAnswer<Name>>;
  /** Makes another organization the one that runs the installation. */
  moveOperator(tenantId: string): Promise<void>;
}

/** Heads that were kept, by organization; `*`: of the only one that is verified. */
export type AuditAnchors = Readonly<Record<string, readonly AuditAnchor[]>>;

export interface AuditReport extends AuditVerification {
  readonly tenantId: string;
  readonly name: string;
}

export function createAdminWork(database: SqlDatabase, clock: Clock, platform: PlatformWork): AdminWork {
  const readTenants = () =>
    database.asOwner((session) =>
      session.query<{ tenant: TenantId; name: string }>('SELECT tenant, name FROM tenant ORDER BY name'),
    );

  async function chooseTenant(wanted: string | null): Promise<TenantId> {
    const tenants = await readTenants();
    const chosen =
      wanted === null && tenants.length === 1 ? tenants[0] : tenants.find(({ tenant }) => tenant === wanted);
    if (chosen !== undefined) return chosen.tenant;
    const names = tenants.map(({ tenant, name }) => `  ${tenant}  ${name}`).join('\n');
    throw new OutpostError('not_found', `Say which organization with --tenant ID:\n${names}`);
  }

  return {
    async dump(emit) {
      await dumpDatabase(database, emit);
      await noteBackup(database, clock.now());
    },
    restore: (parts, replace) => restoreDatabase(database, parts, { replace, nowMs: clock.now() }),
    async exportPerson(wanted, wish) {
      const tenantId = await chooseTenant(wanted);
      return database.inTenant(tenantId, (session) =>
        exportPerson(session, tenantId, wish, { nowMs: clock.now(), actor: null }),
      );
    },
    async erasePerson(wanted, wish) {
      const tenantId = await chooseTenant(wanted);
      const { erased, unlinked } = await database.inTenant(tenantId, (session) =>
        erasePerson(session, tenantId, wish, { userId: null, nowMs: clock.now() }),
      );
      return { erased, unlinked };
    },
    async announceMaintenance(wanted, planned) {
      const tenants =
        wanted === null ? (await readTenants()).map(({ tenant }) => tenant) : [await chooseTenant(wanted)];
      const by = { actorId: null, deviceId: null };
      for (const tenant of tenants) await announceMaintenance(database, tenant, planned, by, clock.now());
      return tenants.length;
    },
    confirmDomain: async (wanted, domain) => confirmDomain(database, await chooseTenant(wanted), domain, clock.now()),
    allowPasswords: async (wanted) => allowPasswords(database, await chooseTenant(wanted), clock.now()),
    platform: (name, input) => platform[name](input, null),
    moveOperator: (tenantId) => moveOperator(database, tenantId as TenantId),
    async allowAnyAddress(wanted) {
      await allowAnyAddress(database, await chooseTenant(wanted), clock.now());
      return null;
    },
    async verifyAudits(wanted, anchors) {
      const chosen = wanted === null ? null : await chooseTenant(wanted);
      const tenants = (await readTenants()).filter(({ tenant }) => chosen === null || tenant === chosen);
      const reports: AuditReport[] = [];
      for (const { tenant, name } of tenants) {
        const kept = [...(anchors[tenant] ?? []), ...(tenants.length === 1 ? (anchors['*'] ?? []) : [])];
        reports.push({ tenantId: tenant, name, ...(await verifyAudit(database, tenant, kept, clock.now())) });
      }
      return reports;
    },
  };
}
