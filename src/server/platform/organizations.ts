// Organizations from outside: listed with what they use, founded, suspended and resumed, given a plan and features. What they
// hold is counted, never read.
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { isPlainObject } from '#shared/kernel/json.ts';
import { limitNames, limitsOf, OwnLimitsSchema, type OwnLimits, type Plan } from '#shared/platform/plans.ts';
import { featureNames } from '#shared/platform/features.ts';
import { OwnPoliciesSchema } from '#shared/platform/policies.ts';
import type { Founded, PlatformOrganization } from '#shared/platform/platform-messages.ts';
import { Value } from 'typebox/value';
import { createOrganization } from '#server/admin/create-organization.ts';
import { readMaintenance } from '#server/admin/maintenance.ts';
import { SESSION_CHANNEL } from '#server/live/session-notice.ts';
import {
  findOrganization,
  noteAtOperator,
  noteInOrganization,
  readDirectory,
  type By,
  type OrganizationRow,
  type PlatformContext,
  type PlatformDeed,
} from '#server/platform/platform-context.ts';
import { assertDomainAllowed } from '#server/platform/policies.ts';
import { PLATFORM_CHANNEL, readPlans, readPlatformPolicies } from '#server/platform/settings.ts';
import { measureUsage } from '#server/platform/usage.ts';
import type { SqlSession } from '#server/store/database.ts';

function switchesOf(value: unknown): Record<string, boolean> {
  if (!isPlainObject(value)) return {};
  return Object.fromEntries(
    featureNames.flatMap((name): [string, boolean][] => {
      const isOn = value[name];
      return typeof isOn === 'boolean' ? [[name, isOn]] : [];
    }),
  );
}

async function describe(
  { database, clock }: PlatformContext,
  row: OrganizationRow,
  plans: readonly Plan[],
): Promise<PlatformOrganization> {
  const { tenant, name, createdAt, isOperator, state, stateReason, stateAt, plan, limits, features, policies } = row;
  const nowMs = clock.now();
  return {
    id: tenant,
    name,
    createdAt: toInstant(createdAt),
    isOperator,
    state,
    stateReason,
    stateAt: stateAt === null ? null : toInstant(stateAt),
    planId: plan,
    planName: plans.find(({ id }) => id === plan)?.name ?? plan,
    ownLimits: Value.Check(OwnLimitsSchema, limits) ? limits : {},
    limits: limitsOf(plans, plan, limits),
    ownFeatures: switchesOf(features),
    ownPolicies: Value.Check(OwnPoliciesSchema, policies) ? policies : {},
    maintenance: await readMaintenance(database, tenant, nowMs),
    usage: await database.inTenant(tenant, (session) => measureUsage(session, tenant, nowMs), { snapshot: true }),
  };
}

export async function listOrganizations(context: PlatformContext): Promise<readonly PlatformOrganization[]> {
  const plans = await context.database.transaction(readPlans);
  const found: PlatformOrganization[] = [];
  for (const row of await readDirectory(context.database)) found.push(await describe(context, row, plans));
  return found;
}

export async function readOrganization(context: PlatformContext, id: string): Promise<PlatformOrganization> {
  const plans = await context.database.transaction(readPlans);
  return describe(context, await findOrganization(context.database, id), plans);
}

/** Changes an organization and writes it into its audit at once, then into the operator's; answers how it stands. */
async function changeOrganization(
  context: PlatformContext,
  id: string,
  by: By,
  deed: PlatformDeed,
  work: (session: SqlSession, tenantId: TenantId) => Promise<void>,
): Promise<PlatformOrganization> {
  const { database, clock } = context;
  const { tenant } = await findOrganization(database, id);
  await database.inTenant(tenant, async (session) => {
    await work(session, tenant);
    await session.query('SELECT pg_notify($1, $2)', [PLATFORM_CHANNEL, tenant]);
    await noteInOrganization(session, tenant, clock.now(), by, deed);
  });
  await noteAtOperator(context, by, tenant, deed);
  return readOrganization(context, id);
}

/** Open sockets end; the sessions behind them stay, and are answered again when the organization is. */
async function closeSockets(session: SqlSession, tenantId: TenantId): Promise<void> {
  await session.query(
    `SELECT pg_notify($2, json_build_object('tenantId', tenant, 'sessionId', session_id)::text)
     FROM session WHERE tenant = $1 AND revoked_at IS NULL`,
    [tenantId, SESSION_CHANNEL],
  );
}

export async function suspendOrganization(
  context: PlatformContext,
  { id, reason }: { readonly id: string; readonly reason: string },
  by: By,
): Promise<PlatformOrganization> {
  const { isOperator } = await findOrganization(context.database, id);
  if (isOperator) {
    throw new OutpostError('invalid', 'The organization that runs this server cannot be suspended.', {
      problems: ['id:operator'],
    });
  }
  const deed = { command: 'organization.suspend', detail: { reason } };
  return changeOrganization(context, id, by, deed, async (session, tenantId) => {
    await session.query(
      `UPDATE platform_organization SET state = 'suspended', state_reason = $2, state_at = $3 WHERE tenant = $1`,
      [tenantId, reason, context.clock.now()],
    );
    await closeSockets(session, tenantId);
  });
}

export function resumeOrganization(
  context: PlatformContext,
  { id }: { readonly id: string },
  by: By,
): Promise<PlatformOrganization> {
  return changeOrganization(context, id, by, { command: 'organization.resume' }, async (session, tenantId) => {
    await session.query(
      `UPDATE platform_organization SET state = 'active', state_reason = '', state_at = $2 WHERE tenant = $1`,
      [tenantId, context.clock.now()],
    );
  });
}

async function assertPlan({ database }: PlatformContext, planId: string): Promise<void> {
  const plans = await database.transaction(readPlans);
  if (plans.some(({ id }) => id === planId)) return;
  throw new OutpostError('invalid', 'There is no such plan.', { problems: ['planId:reference'] });
}

export async function setSubscription(
  context: PlatformContext,
  { id, planId, limits }: { readonly id: string; readonly planId: string; readonly limits: OwnLimits },
  by: By,
): Promise<PlatformOrganization> {
  await assertPlan(context, planId);
  const own = Object.fromEntries(
    limitNames.flatMap((name) => (limits[name] === undefined ? [] : [[name, limits[name]]])),
  );
  const detail = { plan: planId, limits: JSON.stringify(own) };
  const deed = { command: 'organization.subscribe', groups: ['plan', ...Object.keys(own)], detail };
  return changeOrganization(context, id, by, deed, async (session, tenantId) => {
    await session.query('UPDATE platform_organization SET plan = $2, limits = $3 WHERE tenant = $1', [
      tenantId,
      planId,
      JSON.stringify(own),
    ]);
  });
}

export function setOrganizationFeatures(
  context: PlatformContext,
  { id, features }: { readonly id: string; readonly features: object },
  by: By,
): Promise<PlatformOrganization> {
  const own = switchesOf(features);
  const detail = { features: JSON.stringify(own) };
  const deed = { command: 'organization.features', groups: Object.keys(own), detail };
  return changeOrganization(context, id, by, deed, async (session, tenantId) => {
    await session.query('UPDATE platform_organization SET features = $2 WHERE tenant = $1', [
      tenantId,
      JSON.stringify(own),
    ]);
  });
}

export async function foundOrganization(
  context: PlatformContext,
  input: { readonly name: string; readonly adminEmail: string; readonly planId?: string },
  by: By,
): Promise<Founded> {
  const { name, adminEmail, planId } = input;
  if (planId !== undefined) await assertPlan(context, planId);
  assertDomainAllowed(await context.database.transaction(readPlatformPolicies), adminEmail);
  const { tenantId, email, password } = await createOrganization(context, {
    name: name.trim(),
    adminEmail,
    isOneTime: true,
  });
  if (planId !== undefined) await setSubscription(context, { id: tenantId, planId, limits: {} }, by);
  await noteAtOperator(context, by, tenantId, { command: 'organization.create', detail: { name: name.trim() } });
  return { id: tenantId, email, password };
}
