// The rules in force for one organization: those of the installation, and what its administrators tightened.
import { Value } from 'typebox/value';
import type { Actor } from '#shared/access/actor.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import {
  findLaxer,
  isDomainAllowed,
  OwnPoliciesSchema,
  policiesInForce,
  policyNames,
  type OwnPolicies,
  type Policies,
} from '#shared/platform/policies.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import { readPlatformPolicies } from '#server/platform/settings.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

export interface PoliciesOfOrganization {
  readonly platform: Policies;
  readonly own: OwnPolicies;
  readonly inForce: Policies;
}

/** Within a transaction of the organization. */
export async function readAllPolicies(session: SqlSession, tenantId: TenantId): Promise<PoliciesOfOrganization> {
  const platform = await readPlatformPolicies(session);
  const [row] = await session.query<{ policies: unknown }>(
    'SELECT policies FROM platform_organization WHERE tenant = $1',
    [tenantId],
  );
  const own = Value.Check(OwnPoliciesSchema, row?.policies) ? row.policies : {};
  return { platform, own, inForce: policiesInForce(platform, own) };
}

/** What is in force. Within a transaction of the organization. */
export async function readPolicies(session: SqlSession, tenantId: TenantId): Promise<Policies> {
  return (await readAllPolicies(session, tenantId)).inForce;
}

/** @throws OutpostError `action_forbidden`, and `invalid` for a rule that would be laxer than that of the installation. */
export async function writeOwnPolicies(
  db: SqlDatabase,
  actor: Actor,
  deviceId: string,
  own: OwnPolicies,
  nowMs: number,
): Promise<PoliciesOfOrganization> {
  if (!actor.permissions.includes('org.configure_settings'))
    throw new OutpostError('action_forbidden', 'Only an administrator can change the rules of the organization.');
  const tenantId = actor.tenantId as TenantId;
  return db.inTenant(tenantId, async (session) => {
    const before = await readAllPolicies(session, tenantId);
    const laxer = findLaxer(before.platform, own);
    if (laxer.length > 0) {
      throw new OutpostError('invalid', 'The operator of this server does not allow a laxer rule.', {
        problems: laxer.map((name) => `${name}:laxer`),
      });
    }
    await session.query('UPDATE platform_organization SET policies = $2 WHERE tenant = $1', [
      tenantId,
      JSON.stringify(own),
    ]);
    const changed = policyNames.filter((name) => JSON.stringify(own[name]) !== JSON.stringify(before.own[name]));
    const what = { command: 'policies.change', entity: 'organization', id: tenantId, outcome: 'applied' };
    await appendAudit(session, tenantId, nowMs, [{ actor: actor.userId, device: deviceId, ...what, groups: changed }]);
    return { ...before, own, inForce: policiesInForce(before.platform, own) };
  });
}

/** For accounts that are made beside a push. @throws OutpostError `invalid` */
export function assertDomainAllowed(policies: Policies, email: string): void {
  if (isDomainAllowed(policies, email)) return;
  throw new OutpostError('invalid', 'Addresses of this domain are not allowed.', { problems: ['email:domain'] });
}
