// Which domains an organization owns: believed only when the DNS of the domain, or the operator of the server, says so. A
// verified domain belongs to one organization of a server. Through it an address finds the ways to sign in.
import { foldEmail } from '#server/identity/accounts.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { OwnDomain } from '#shared/sync/sso-messages.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

export interface StoredDomain {
  readonly domain: string;
  readonly token: string;
  readonly verifiedAtMs: number | null;
  readonly passwordOff: boolean;
}

/** A name with at least one dot, as the DNS writes it (punycode); null when it is none. */
export function readDomain(text: string): string | null {
  const host = URL.parse(`https://${text.trim().replace(/^@/, '').replace(/\.$/, '')}/`)?.hostname ?? '';
  return /^(?=.{4,253}$)([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)+[a-z][a-z\d-]{1,62}$/.test(host) ? host : null;
}

/** Of an e-mail address; null when there is none. */
export function domainOf(email: string): string | null {
  const folded = foldEmail(email);
  const at = folded.lastIndexOf('@');
  return at < 1 ? null : readDomain(folded.slice(at + 1));
}

export function recordNameOf(domain: string): string {
  return `_outpost-challenge.${domain}`;
}

export function recordTextOf(token: string): string {
  return `outpost-verification=${token}`;
}

export function toOwnDomain({ domain, token, verifiedAtMs, passwordOff }: StoredDomain): OwnDomain {
  return {
    domain,
    recordName: recordNameOf(domain),
    recordText: recordTextOf(token),
    verifiedAt: verifiedAtMs === null ? null : toInstant(verifiedAtMs),
    passwordOff,
  };
}

export function readDomains(session: SqlSession, tenantId: TenantId): Promise<readonly StoredDomain[]> {
  return session.query<StoredDomain>(
    `SELECT domain, token, verified_at AS "verifiedAtMs", password_off AS "passwordOff" FROM sso_domain
     WHERE tenant = $1 ORDER BY domain`,
    [tenantId],
  );
}

export async function addDomain(session: SqlSession, tenantId: TenantId, domain: string, token: string): Promise<void> {
  await session.query(
    'INSERT INTO sso_domain (tenant, domain, token) VALUES ($1, $2, $3) ON CONFLICT (tenant, domain) DO NOTHING',
    [tenantId, domain, token],
  );
}

/** @throws OutpostError `duplicate` when another organization of this server has it. */
export async function markVerified(
  session: SqlSession,
  tenantId: TenantId,
  domain: string,
  nowMs: number,
): Promise<void> {
  await session.query('INSERT INTO sign_in_domain (domain, tenant) VALUES ($1, $2) ON CONFLICT (domain) DO NOTHING', [
    domain,
    tenantId,
  ]);
  if ((await ownerOf(session, domain)) !== tenantId)
    throw new OutpostError('duplicate', 'Another organization of this server has this domain.');
  await session.query('UPDATE sso_domain SET verified_at = $3 WHERE tenant = $1 AND domain = $2', [
    tenantId,
    domain,
    nowMs,
  ]);
}

export async function removeDomain(session: SqlSession, tenantId: TenantId, domain: string): Promise<void> {
  await session.query('DELETE FROM sso_domain WHERE tenant = $1 AND domain = $2', [tenantId, domain]);
  await session.query('DELETE FROM sign_in_domain WHERE tenant = $1 AND domain = $2', [tenantId, domain]);
}

async function ownerOf(session: SqlSession, domain: string): Promise<TenantId | null> {
  const rows = await session.query<{ tenant: TenantId }>('SELECT tenant FROM sign_in_domain WHERE domain = $1', [
    domain,
  ]);
  return rows[0]?.tenant ?? null;
}

/** Nobody has this organization: an unknown domain takes the same steps as a known one. */
export const NO_TENANT = 'nowhere' as TenantId;

/** The organization an address belongs to by its domain. */
export async function tenantOfAddress(database: SqlDatabase, email: string): Promise<TenantId> {
  const domain = domainOf(email);
  const owner = await database.transaction((session) => ownerOf(session, domain ?? ''));
  return owner ?? NO_TENANT;
}

/** Is this one of the verified domains of the organization? */
export async function ownsDomainOf(session: SqlSession, tenantId: TenantId, email: string): Promise<boolean> {
  const domain = domainOf(email);
  return domain !== null && (await ownerOf(session, domain)) === tenantId;
}
