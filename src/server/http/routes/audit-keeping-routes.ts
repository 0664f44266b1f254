// What administrators decide about the audit: policies, alerts, legal hold, how long it is kept; and what they looked at.
import { Type } from 'typebox';
import { AuditPolicySchema, KeptPolicySchema } from '#shared/audit/policy/audit-policy.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import {
  AuditAlertsSchema,
  AuditLineSchema,
  HoldBodySchema,
  RetentionStateSchema,
  ReviewBodySchema,
} from '#shared/sync/audit-messages.ts';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import { readAlerts } from '#server/audit/audit-alerts.ts';
import { readRetention, releaseHold, setHold } from '#server/audit/legal-hold.ts';
import { readPolicies, removePolicy, savePolicy } from '#server/audit/policies.ts';
import { assertAuditReader } from '#server/audit/read-audit.ts';
import { reviewEntry } from '#server/audit/review-entry.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import type { AuditRoutes } from '#server/http/routes/audit-routes.ts';

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const tags = ['audit'];
const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
const Number = Type.Object({ id: Type.Integer({ minimum: 1 }) });
const Done = Type.Object({});
const Policies = Type.Object({ policies: Type.Array(KeptPolicySchema) });

export function addAuditKeepingRoutes(app: HttpServer, routes: AuditRoutes): void {
  addPolicies(app, routes);
  addReviews(app, routes);
  addHolds(app, routes);
}

function addPolicies(app: HttpServer, { database: db, clock, createId }: AuditRoutes): void {
  const url = '/api/v1/audit/policies';
  app.get(
    url,
    { schema: { summary: 'What the audit is watched for', tags, response: { 200: Policies, ...failures } } },
    async (request) => {
      const { actor } = principalOf(request);
      assertAuditReader(actor);
      const tenantId = actor.tenantId as TenantId;
      return { policies: [...(await db.inTenant(tenantId, (session) => readPolicies(session, tenantId)))] };
    },
  );
  app.post(
    url,
    {
      schema: {
        summary: 'Add a policy: entries it applies to, conditions, alerts and recipients, retention',
        tags,
        body: AuditPolicySchema,
        response: { 201: KeptPolicySchema, ...failures },
      },
    },
    async (request, reply) => {
      const { actor, deviceId } = principalOf(request);
      const change = { actor, deviceId, nowMs: clock.now(), id: createId() };
      return reply.code(201).send(await savePolicy(db, change, request.body, true));
    },
  );
  app.put(
    `${url}/:id`,
    {
      schema: {
        summary: 'Change a policy',
        tags,
        params: Id,
        body: AuditPolicySchema,
        response: { 200: KeptPolicySchema, ...failures },
      },
    },
    (request) => {
      const { actor, deviceId } = principalOf(request);
      const change = { actor, deviceId, nowMs: clock.now(), id: request.params.id };
      return savePolicy(db, change, request.body, false);
    },
  );
  app.delete(
    `${url}/:id`,
    { schema: { summary: 'Take a policy away', tags, params: Id, response: { 200: Done, ...failures } } },
    async (request) => {
      const { actor, deviceId } = principalOf(request);
      await removePolicy(db, { actor, deviceId, nowMs: clock.now(), id: request.params.id });
      return {};
    },
  );
}

function addReviews(app: HttpServer, { database: db, clock }: AuditRoutes): void {
  app.post(
    '/api/v1/audit/logs/:id/review',
    {
      schema: {
        summary: 'Say that you looked at an entry',
        tags,
        params: Number,
        body: ReviewBodySchema,
        response: { 200: AuditLineSchema, ...failures },
      },
    },
    (request) => {
      const { actor, deviceId } = principalOf(request);
      const note = request.body.note?.trim() ?? '';
      return reviewEntry(db, { actor, deviceId, nowMs: clock.now(), no: request.params.id, note });
    },
  );
  app.get(
    '/api/v1/audit/alerts',
    { schema: { summary: 'What policies found lately', tags, response: { 200: AuditAlertsSchema, ...failures } } },
    async (request) => ({ alerts: [...(await readAlerts(db, principalOf(request).actor))] }),
  );
}

function addHolds(app: HttpServer, { database: db, clock, createId }: AuditRoutes): void {
  app.get(
    '/api/v1/audit/retention',
    {
      schema: {
        summary: 'How long entries are kept, what lies in the archive, and what holds them',
        tags,
        response: { 200: RetentionStateSchema, ...failures },
      },
    },
    (request) => readRetention(db, principalOf(request).actor),
  );
  app.post(
    '/api/v1/audit/holds',
    {
      schema: {
        summary: 'Set a legal hold: nothing leaves the audit while it stands',
        tags,
        body: HoldBodySchema,
        response: { 201: Done, ...failures },
      },
    },
    async (request, reply) => {
      const { actor, deviceId } = principalOf(request);
      await setHold(db, { actor, deviceId, nowMs: clock.now(), id: createId() }, request.body.reason);
      return reply.code(201).send({});
    },
  );
  app.post(
    '/api/v1/audit/holds/:id/release',
    { schema: { summary: 'Release a legal hold', tags, params: Id, response: { 200: Done, ...failures } } },
    async (request) => {
      const { actor, deviceId } = principalOf(request);
      await releaseHold(db, { actor, deviceId, nowMs: clock.now(), id: request.params.id });
      return {};
    },
  );
}
