// Alerts and the rules behind them, for administrators; and a look at the whole server, part by part.
import {
  alertMetrics,
  AlertRuleSchema,
  isBroken,
  isBuiltIn,
  rulesInForce,
  type AlertRule,
} from '#shared/observe/alert-rules.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { AlertIdSchema, AlertOverviewSchema, type AlertId, type AlertOverview } from '#shared/sync/alert-messages.ts';
import { DiagnosisSchema } from '#shared/sync/diagnosis-messages.ts';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import type { Principal } from '#server/identity/principal.ts';
import { forgetRule, markSeen, readAlerts, readSavedRules, saveRule } from '#server/observe/alerts/alert-store.ts';
import type { AlertWatch } from '#server/observe/alerts/watch-alerts.ts';
import type { Diagnose } from '#server/observe/diagnose.ts';
import { assertMayWatch, operatingTenant, runsTheServer } from '#server/observe/rights.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

interface AlertRoutes {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly alerts: AlertWatch;
  readonly diagnose: Diagnose;
}

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const answers = { response: { 200: AlertOverviewSchema, ...failures } };
const config = { rateLimit: { max: 60, timeWindow: '1 minute' } };
const MOST_ALERTS = 100;
const MOST_RULES = 100;

export function addAlertRoutes(app: HttpServer, { database, clock, alerts, diagnose }: AlertRoutes): void {
  const tenantOf = ({ actor }: Principal): TenantId => actor.tenantId as TenantId;

  async function overview(principal: Principal): Promise<AlertOverview> {
    const tenantId = tenantOf(principal);
    const measured = await alerts.look(tenantId);
    const found = await database.inTenant(tenantId, (session) => readAlerts(session, tenantId, MOST_ALERTS));
    return {
      isOperator: await runsTheServer(database, principal.actor),
      mayChange: mayChange(principal),
      rules: measured.map(({ rule, value }) => ({
        rule,
        value,
        isBuiltIn: isBuiltIn(rule.id),
        isBroken: isBroken(rule, value),
      })),
      alerts: [...found],
    };
  }
  const mayChange = ({ actor }: Principal): boolean => actor.permissions.includes('system.settings');

  async function change(
    principal: Principal,
    command: string,
    id: string,
    work: (session: SqlSession, by: { readonly userId: string; readonly nowMs: number }) => Promise<unknown>,
  ): Promise<AlertOverview> {
    assertMayWatch(principal.actor);
    if (!mayChange(principal))
      throw new OutpostError('action_forbidden', 'Only administrators change rules of alerts.');
    const tenantId = tenantOf(principal);
    const by = { userId: principal.actor.userId, nowMs: clock.now() };
    await database.inTenant(tenantId, async (session) => {
      await work(session, by);
      const entry = { actor: by.userId, device: principal.deviceId, entity: 'alert', groups: [], outcome: 'applied' };
      await appendAudit(session, tenantId, by.nowMs, [{ ...entry, command, id }]);
    });
    return overview(principal);
  }

  app.get(
    '/api/v1/alerts',
    { config, schema: { summary: 'Alerts, their rules, and what is measured now', tags: ['health'], ...answers } },
    (request) => {
      const principal = principalOf(request);
      assertMayWatch(principal.actor);
      return overview(principal);
    },
  );
  app.put<{ Body: AlertRule }>(
    '/api/v1/alerts/rule',
    {
      config,
      schema: {
        summary: 'Add a rule, or put one in the place of what it was',
        tags: ['health'],
        body: AlertRuleSchema,
        ...answers,
      },
    },
    async (request) => {
      const principal = principalOf(request);
      const rule = request.body;
      // Asked before the transaction: where there is one connection, it would wait for itself.
      if (alertMetrics[rule.metric].scope === 'server' && (await operatingTenant(database)) !== tenantOf(principal))
        throw new OutpostError('action_forbidden', 'This is measured for whoever runs the server.');
      return change(principal, 'alert.rule', rule.id, async (session, by) => {
        const tenantId = tenantOf(principal);
        const saved = await readSavedRules(session, tenantId);
        if (rulesInForce(saved).length >= MOST_RULES) throw new OutpostError('limit', 'There are too many rules.');
        await saveRule(session, tenantId, rule, by);
      });
    },
  );
  app.post<{ Body: AlertId }>(
    '/api/v1/alerts/rule/forget',
    {
      config,
      schema: {
        summary: 'Remove a rule; a built-in one is what it was again',
        tags: ['health'],
        body: AlertIdSchema,
        ...answers,
      },
    },
    (request) => {
      const principal = principalOf(request);
      return change(principal, 'alert.ruleForgotten', request.body.id, (session) =>
        forgetRule(session, tenantOf(principal), request.body.id),
      );
    },
  );
  app.post<{ Body: AlertId }>(
    '/api/v1/alerts/seen',
    {
      config,
      schema: { summary: 'Say that somebody looks after an alert', tags: ['health'], body: AlertIdSchema, ...answers },
    },
    (request) => {
      const principal = principalOf(request);
      return change(principal, 'alert.seen', request.body.id, async (session, by) => {
        if (!(await markSeen(session, tenantOf(principal), request.body.id, by)))
          throw new OutpostError('not_found', 'There is no such alert.');
      });
    },
  );
  app.get(
    '/api/v1/diagnosis',
    {
      config,
      schema: {
        summary: 'Every part of the server: whether it does its work, and what to do next',
        tags: ['health'],
        response: { 200: DiagnosisSchema, ...failures },
      },
    },
    (request) => {
      const { actor } = principalOf(request);
      assertMayWatch(actor);
      return diagnose(actor);
    },
  );
}
