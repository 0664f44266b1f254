// API keys, how often somebody asked, and how the organization is reached.
import { Type } from 'typebox';
import { rateSpans, type RateLimit } from '#shared/access/rate-windows.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import {
  AccessChangeSchema,
  AccessRulesStateSchema,
  ApiKeyListSchema,
  GivenApiKeySchema,
  NewApiKeySchema,
  OwnUsageSchema,
  RotationSchema,
  UsageOfPeopleSchema,
  type AccessRules,
  type AccessRulesState,
  type OwnUsage,
  type UsageOfPeople,
} from '#shared/sync/access-messages.ts';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import { assertMayDecideAccess, writeAccessRules, type AccessRuleBook } from '#server/access/access-rules.ts';
import { limitOfRole, type RateLimits } from '#server/access/rate-limits.ts';
import { subjectOf } from '#server/http/gate.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import type { Principal } from '#server/identity/principal.ts';
import type { ApiKeys } from '#server/keys/api-keys.ts';
import type { SqlDatabase } from '#server/store/database.ts';

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const Nothing = Type.Object({}, { additionalProperties: false });
const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
/** What is done by hand and costs an entry of the audit. */
const rateLimit = { max: 60, timeWindow: '1 minute' };

export interface AccessRouteDependencies {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly keys: ApiKeys;
  readonly rules: AccessRuleBook;
  readonly limits: RateLimits;
  readonly usualLimit: RateLimit;
  readonly trustsProxies: boolean;
}

export function addAccessRoutes(app: HttpServer, dependencies: AccessRouteDependencies): void {
  addKeyRoutes(app, dependencies.keys);
  addUsageRoutes(app, dependencies);
  addRuleRoutes(app, dependencies);
}

function addKeyRoutes(app: HttpServer, keys: ApiKeys): void {
  const tags = ['api keys'];
  const path = '/api/v1/api-keys';
  app.get(
    path,
    {
      schema: {
        summary: 'Your API keys, never the keys themselves',
        tags,
        response: { 200: ApiKeyListSchema, ...failures },
      },
    },
    (request) => keys.list(principalOf(request).actor),
  );
  app.get(
    `${path}/all`,
    {
      schema: {
        summary: 'The API keys of the whole organization; for administrators',
        tags,
        response: { 200: ApiKeyListSchema, ...failures },
      },
    },
    (request) => keys.listAll(principalOf(request).actor),
  );
  app.post(
    path,
    {
      config: { rateLimit },
      schema: {
        summary: 'A new API key with a part of your own rights; the answer is the only time it is told',
        description: 'It is sent as Authorization: Bearer KEY. Without `expiresInDays` it ends after 365 days.',
        tags,
        body: NewApiKeySchema,
        response: { 201: GivenApiKeySchema, ...failures },
      },
    },
    async (request, reply) => reply.code(201).send(await keys.create(principalOf(request), request.body)),
  );
  app.post(
    `${path}/:id/rotate`,
    {
      config: { rateLimit },
      schema: {
        summary:
          'A new secret for a key of yours; the one before works on for a day, or as long as `overlapHours` says',
        tags,
        params: Id,
        body: RotationSchema,
        response: { 200: GivenApiKeySchema, ...failures },
      },
    },
    (request) => keys.rotate(principalOf(request), request.params.id, request.body),
  );
  app.delete(
    `${path}/:id`,
    {
      schema: { summary: 'End a key, at once', tags, params: Id, response: { 200: Nothing, ...failures } },
    },
    async (request) => {
      await keys.revoke(principalOf(request), request.params.id);
      return {};
    },
  );
}

interface Asked {
  readonly userId: string;
  readonly role: string;
}

async function usageOf(
  { limits, usualLimit }: AccessRouteDependencies,
  tenantId: TenantId,
  rules: AccessRules,
  people: readonly Asked[],
): Promise<UsageOfPeople['people']> {
  const subjects = new Map<string, RateLimit>();
  for (const { userId, role } of people) {
    const limit = limitOfRole(rules.limits, role, usualLimit);
    subjects.set(subjectOf(userId, 'own'), limit);
    subjects.set(subjectOf(userId, 'keys'), limit);
  }
  const used = await limits.usageOf(tenantId, subjects);
  return people.flatMap(({ userId }) => {
    const [own, keys] = [used.get(subjectOf(userId, 'own')), used.get(subjectOf(userId, 'keys'))];
    return own === undefined || keys === undefined ? [] : [{ userId, own, keys }];
  });
}

function addUsageRoutes(app: HttpServer, dependencies: AccessRouteDependencies): void {
  const tags = ['usage'];
  const { database, rules } = dependencies;
  app.get(
    '/api/v1/usage',
    {
      schema: {
        summary: 'How often you asked within this minute, hour and day, and how often you may',
        tags,
        response: { 200: OwnUsageSchema, ...failures },
      },
    },
    async (request): Promise<OwnUsage> => {
      const { actor, key } = principalOf(request);
      const tenantId = actor.tenantId as TenantId;
      const asked = [{ userId: actor.userId, role: key?.ownerRole ?? actor.role }];
      const [usage] = await usageOf(dependencies, tenantId, await rules.of(tenantId), asked);
      if (usage === undefined) throw new OutpostError('internal', 'Nothing was counted for this person.');
      return { own: usage.own, keys: usage.keys };
    },
  );
  app.get(
    '/api/v1/usage/people',
    {
      schema: {
        summary: 'How often everybody asked today; for administrators',
        tags,
        response: { 200: UsageOfPeopleSchema, ...failures },
      },
    },
    async (request) => {
      const { actor } = principalOf(request);
      assertMayDecideAccess(actor);
      const tenantId = actor.tenantId as TenantId;
      const people = await database.inTenant(tenantId, (session) =>
        session.query<Asked>(
          `SELECT id AS "userId", coalesce(data->>'role', '') AS role FROM record
           WHERE tenant = $1 AND coll = 'people' AND kind = 'user' AND NOT deleted ORDER BY id LIMIT 10000`,
          [tenantId],
        ),
      );
      const all = await usageOf(dependencies, tenantId, await rules.of(tenantId), people);
      return {
        people: all.filter(({ own, keys }) => rateSpans.some((span) => own[span].count + keys[span].count > 0)),
      };
    },
  );
}

function addRuleRoutes(app: HttpServer, dependencies: AccessRouteDependencies): void {
  const tags = ['organization'];
  const { database, clock, rules, usualLimit, trustsProxies } = dependencies;
  const stateOf = async (principal: Principal, isForwarded: boolean): Promise<AccessRulesState> => ({
    rules: await rules.of(principal.actor.tenantId as TenantId),
    usualLimit: { ...usualLimit },
    yourAddress: principal.address ?? '',
    isBehindUnknownProxy: isForwarded && !trustsProxies,
  });
  app.get(
    '/api/v1/organization/access',
    {
      schema: {
        summary: 'Allowed addresses, limits by role and who may have API keys; for administrators',
        tags,
        response: { 200: AccessRulesStateSchema, ...failures },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      assertMayDecideAccess(principal.actor);
      return stateOf(principal, request.headers['x-forwarded-for'] !== undefined);
    },
  );
  app.put(
    '/api/v1/organization/access',
    {
      config: { rateLimit },
      schema: {
        summary: 'Change them. A list without your own address is refused until you say that you mean it',
        tags,
        body: AccessChangeSchema,
        response: { 200: AccessRulesStateSchema, ...failures },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const written = await writeAccessRules({ database, clock }, principal, request.body);
      const state = await stateOf(principal, request.headers['x-forwarded-for'] !== undefined);
      return { ...state, rules: written };
    },
  );
}
