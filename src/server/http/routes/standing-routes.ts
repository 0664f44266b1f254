// What the administrators of an organization see and decide of what the installation gives them: plan and use, rules they tighten,
// and whether support staff come in.
import { Type } from 'typebox';
import type { Actor } from '#shared/access/actor.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { OwnPolicies } from '#shared/platform/policies.ts';
import {
  IdSchema,
  OwnPoliciesBodySchema,
  StandingSchema,
  SupportAccessSchema,
  SupportDecisionSchema,
  SupportListSchema,
  type Standing,
  type SupportDecision,
} from '#shared/platform/platform-messages.ts';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import { readLimits } from '#server/platform/plan-room.ts';
import { readAllPolicies, writeOwnPolicies } from '#server/platform/policies.ts';
import { readPlans } from '#server/platform/settings.ts';
import { decideAccess, listAccesses } from '#server/platform/support-access.ts';
import { measureUsage } from '#server/platform/usage.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };

function assertAdministrator(actor: Actor): TenantId {
  if (actor.permissions.includes('org.configure_settings')) return actor.tenantId as TenantId;
  throw new OutpostError('action_forbidden', 'Only an administrator of your organization can see or decide that.');
}

async function readStanding(session: SqlSession, tenantId: TenantId, nowMs: number): Promise<Standing> {
  const [row] = await session.query<{ plan: string }>('SELECT plan FROM platform_organization WHERE tenant = $1', [
    tenantId,
  ]);
  const plan = (await readPlans(session)).find(({ id }) => id === row?.plan);
  const { platform, own, inForce } = await readAllPolicies(session, tenantId);
  return {
    plan: plan?.name ?? row?.plan ?? '',
    limits: await readLimits(session, tenantId),
    usage: await measureUsage(session, tenantId, nowMs),
    platformPolicies: platform,
    ownPolicies: own,
    policies: inForce,
  };
}

export function addStandingRoutes(app: HttpServer, database: SqlDatabase, clock: Clock): void {
  app.get(
    '/api/v1/organization/standing',
    {
      schema: {
        summary: 'Plan, limits and use of your organization, and its rules; for administrators',
        tags: ['organization'],
        response: { 200: StandingSchema, ...failures },
      },
    },
    (request) => {
      const tenantId = assertAdministrator(principalOf(request).actor);
      return database.inTenant(tenantId, (session) => readStanding(session, tenantId, clock.now()));
    },
  );
  app.put<{ Body: { policies: OwnPolicies } }>(
    '/api/v1/organization/policies',
    {
      schema: {
        summary: 'Rules of your organization that are stricter than those of the server',
        tags: ['organization'],
        body: OwnPoliciesBodySchema,
        response: { 200: StandingSchema, ...failures },
      },
    },
    async (request) => {
      const { actor, deviceId } = principalOf(request);
      const tenantId = assertAdministrator(actor);
      await writeOwnPolicies(database, actor, deviceId, request.body.policies, clock.now());
      return database.inTenant(tenantId, (session) => readStanding(session, tenantId, clock.now()));
    },
  );
  app.get(
    '/api/v1/organization/support',
    {
      schema: {
        summary: 'Accesses of support staff to your organization, newest first; for administrators',
        tags: ['organization'],
        response: { 200: SupportListSchema, ...failures },
      },
    },
    async (request) => {
      const tenantId = assertAdministrator(principalOf(request).actor);
      return { accesses: [...(await database.inTenant(tenantId, (session) => listAccesses(session, clock.now())))] };
    },
  );
  app.put<{ Body: { decision: SupportDecision }; Params: { id: string } }>(
    '/api/v1/organization/support/:id',
    {
      schema: {
        summary: 'Let somebody of the support staff in, refuse it, or end it',
        tags: ['organization'],
        params: Type.Object({ id: IdSchema }),
        body: SupportDecisionSchema,
        response: { 200: SupportAccessSchema, ...failures },
      },
    },
    (request) => {
      const { actor, deviceId } = principalOf(request);
      const tenantId = assertAdministrator(actor);
      const by = { userId: actor.userId, deviceId };
      return database.inTenant(tenantId, (session) =>
        decideAccess(session, tenantId, request.params.id, request.body.decision, by, clock.now()),
      );
    },
  );
}
