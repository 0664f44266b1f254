// What the operator of a server does where an administrator cannot: says which domain an organization owns when no DNS can, and
// switches passwords on again when no provider answers any more.
import { randomBytes } from 'node:crypto';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { addDomain, markVerified, readDomain } from '#server/sso/domains.ts';

function note(command: string, tenantId: TenantId, detail: Readonly<Record<string, string>>) {
  const what = { command, entity: 'organization', id: tenantId, groups: ['domains'], outcome: 'applied' };
  return { actor: null, device: null, ...what, detail };
}

/** Answers the domain as it is kept. @throws OutpostError `invalid`, `duplicate` */
export async function confirmDomain(
  db: SqlDatabase,
  tenantId: TenantId,
  typed: string,
  nowMs: number,
): Promise<string> {
  const domain = readDomain(typed);
  if (domain === null) throw new OutpostError('invalid', 'This is not a domain. It looks like example.com.');
  await db.inTenant(tenantId, async (session) => {
    await addDomain(session, tenantId, domain, randomBytes(20).toString('base64url'));
    await markVerified(session, tenantId, domain, nowMs);
    await appendAudit(session, tenantId, nowMs, [note('domain.verify', tenantId, { domain, by: 'operator' })]);
  });
  return domain;
}

/** For every domain of the organization. Answers how many had passwords switched off. */
export async function allowPasswords(db: SqlDatabase, tenantId: TenantId, nowMs: number): Promise<number> {
  return db.inTenant(tenantId, async (session) => {
    const changed = await session.query(
      'UPDATE sso_domain SET password_off = false WHERE tenant = $1 AND password_off RETURNING domain',
      [tenantId],
    );
    await appendAudit(session, tenantId, nowMs, [note('domain.passwordOn', tenantId, { by: 'operator' })]);
    return changed.length;
  });
}
