import type { TenantId } from '#shared/kernel/ids.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Clock, RandomSource } from '#shared/kernel/ports.ts';
import type { Passwords } from '#server/identity/passwords.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import { readOperator } from '#server/platform/operator.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

export interface PlatformContext {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly passwords: Passwords;
}

/** Who asks; null: the operator at the command line. */
export interface PlatformCaller {
  readonly userId: string;
  readonly email: string;
  readonly deviceId: string;
}
export type By = PlatformCaller | null;

export interface PlatformDeed {
  readonly command: string;
  /** Names of what was changed. */
  readonly groups?: readonly string[];
  readonly detail?: Readonly<Record<string, string>>;
}

/**
 * In the audit of the organization it is done to. Its people know no user of the operator's organization: for them it is the
 * operator, with the address of whoever it was in what may be erased.
 */
export function noteInOrganization(
  session: SqlSession,
  tenantId: TenantId,
  nowMs: number,
  by: By,
  { command, groups = [], detail = {} }: PlatformDeed,
): Promise<void> {
  const who = by === null ? {} : { operator: by.email };
  const entry = {
    actor: null,
    device: null,
    command,
    entity: 'organization',
    id: tenantId,
    groups,
    outcome: 'applied',
  };
  return appendAudit(session, tenantId, nowMs, [{ ...entry, detail: { ...detail, ...who } }]);
}

/** In the audit of the operator's organization, by the user who did it. `about`: the organization, or what of the installation. */
export async function noteAtOperator(
  { database, clock }: PlatformContext,
  by: By,
  about: string,
  { command, groups = [], detail = {} }: PlatformDeed,
): Promise<void> {
  const operator = await readOperator(database);
  if (operator === null || operator === about) return;
  const entry = { command, entity: 'platform', id: about, groups, outcome: 'applied', detail };
  await database.inTenant(operator, (session) =>
    appendAudit(session, operator, clock.now(), [
      { actor: by?.userId ?? null, device: by?.deviceId ?? null, ...entry },
    ]),
  );
}

export interface OrganizationRow {
  readonly tenant: TenantId;
  readonly name: string;
  readonly createdAt: number;
  readonly isOperator: boolean;
  readonly state: 'active' | 'suspended';
  readonly stateReason: string;
  readonly stateAt: number | null;
  readonly plan: string;
  readonly limits: unknown;
  readonly features: unknown;
  readonly policies: unknown;
}

const COLUMNS = `o.tenant, o.name, o.created_at AS "createdAt", o.state, o.state_reason AS "stateReason", o.state_at AS "stateAt", o.plan,
  o.limits, o.features, o.policies, EXISTS (SELECT 1 FROM platform_operator p WHERE p.tenant = o.tenant) AS "isOperator"`;

/** Every organization, by name; nothing of what they hold. */
export function readDirectory(database: SqlDatabase): Promise<readonly OrganizationRow[]> {
  return database.transaction((session) =>
    session.query<OrganizationRow>(`SELECT ${COLUMNS} FROM platform_organization o ORDER BY lower(o.name), o.tenant`),
  );
}

/** @throws OutpostError `not_found` */
export async function findOrganization(database: SqlDatabase, id: string): Promise<OrganizationRow> {
  const [row] = await database.transaction((session) =>
    session.query<OrganizationRow>(`SELECT ${COLUMNS} FROM platform_organization o WHERE o.tenant = $1`, [id]),
  );
  if (row === undefined) throw new OutpostError('not_found', 'There is no such organization.');
  return row;
}
