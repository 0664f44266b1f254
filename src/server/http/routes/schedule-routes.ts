// What programs and the application ask the server about scheduled reports beside their records: whether mail is set up, a
// mail to try it, a run at once, and what becomes of a mail that may have arrived.
import { Type } from 'typebox';
import type { Actor } from '#shared/access/actor.ts';
import { mayExport } from '#shared/access/export-rights.ts';
import { can } from '#shared/access/can.ts';
import { entityOfSource } from '#shared/analytics/pivot-source.ts';
import { isPivotSpec } from '#shared/analytics/check-pivot.ts';
import { definitionOf } from '#shared/entities/define-command.ts';
import { entities } from '#shared/entities/registry.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import { MailStateSchema, RunReportAnswerSchema, UnconfirmedDecisionSchema } from '#shared/sync/report-messages.ts';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import { sendBranded } from '#server/mail/branded-mail.ts';
import { MailError, type Mailer } from '#server/mail/mailer.ts';
import { mayRead } from '#server/reports/judge-report.ts';
import { wordsFor } from '#server/reports/report-words.ts';
import type { Reports } from '#server/reports/start-reports.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import { findRecord } from '#server/sync/write-record.ts';

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });

interface ScheduleRoutes {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly mailer: Mailer | null;
  readonly reports: Reports;
  readonly createId: () => string;
}

export function addScheduleRoutes(
  app: HttpServer,
  { database, clock, mailer, reports, createId }: ScheduleRoutes,
): void {
  app.get(
    '/api/v1/mail',
    {
      schema: {
        summary: 'Whether this server can send mail, and who it comes from',
        tags: ['reports'],
        response: { 200: MailStateSchema, ...failures },
      },
    },
    async () => ({ isSetUp: mailer !== null, from: mailer?.from ?? null }),
  );
  app.post(
    '/api/v1/mail/test',
    {
      config: { rateLimit: { max: 5, timeWindow: 60_000 } },
      schema: {
        summary: 'Send a mail to yourself to try it, as an administrator',
        tags: ['reports'],
        response: { 200: MailStateSchema, ...failures },
      },
    },
    async (request) => {
      const { actor } = principalOf(request);
      if (!actor.permissions.includes('org.configure_settings'))
        throw new OutpostError('action_forbidden', 'Only an administrator can try whether mail is set up.');
      if (mailer === null) throw mailNotSetUp();
      const tenantId = actor.tenantId as TenantId;
      const profile = await database.inTenant(tenantId, (session) =>
        findRecord(session, tenantId, 'user', actor.userId),
      );
      const { t } = await wordsFor(profile?.record ?? {}, 'UTC', entities);
      try {
        await sendBranded(database, tenantId, mailer, {
          to: { name: actor.name, address: actor.email },
          subject: t('schedules.mail.testSubject'),
          text: t('schedules.mail.test'),
          id: createId(),
        });
      } catch (error) {
        if (error instanceof MailError)
          throw new OutpostError('mail_failed', error.message, { failure: error.failure });
        throw error;
      }
      return { isSetUp: true, from: mailer.from };
    },
  );
  /** Sending takes the right to change the schedule, and to export what it sends. */
  async function assertMayRun(actor: Actor, scheduleId: string): Promise<void> {
    const tenantId = actor.tenantId as TenantId;
    const { schedule, report } = await database.inTenant(tenantId, async (session) => {
      const found = await findRecord(session, tenantId, 'reportSchedule', scheduleId);
      const reportId = textOf(found?.record['reportId']);
      return { schedule: found, report: await findRecord(session, tenantId, 'report', reportId) };
    });
    if (schedule === null || !mayRead(actor, schedule))
      throw new OutpostError('not_found', 'There is no such scheduled report.');
    const definition = entities.reportSchedule;
    const asked = { actor, action: 'update', definition, before: schedule.record, after: null } as const;
    const allowed = can({ ...asked, groups: [] });
    if (!allowed.ok) throw allowed.error;
    const spec = report?.record['spec'];
    if (isPivotSpec(spec)) {
      const source = entityOfSource(spec.source);
      const subject = { kind: 'analytics', what: 'report', source } as const;
      const exported = mayExport(actor, subject, definitionOf(source));
      if (!exported.ok) throw exported.error;
    }
  }
  app.post(
    '/api/v1/analytics/report-schedules/:id/runs/:runId/unconfirmed',
    {
      config: { rateLimit: { max: 60, timeWindow: 60_000 } },
      schema: {
        summary: 'Decide about a mail of which nobody knows whether it arrived: send it again, or note that it did',
        tags: ['reports'],
        params: Type.Object({ ...Id.properties, runId: Id.properties.id }),
        body: UnconfirmedDecisionSchema,
        response: { 202: RunReportAnswerSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { actor } = principalOf(request);
      const tenantId = actor.tenantId as TenantId;
      const { id, runId } = request.params;
      const { userId, isArrived } = request.body;
      await assertMayRun(actor, id);
      const run = await database.inTenant(tenantId, (session) => findRecord(session, tenantId, 'reportRun', runId));
      if (run === null || run.record['scheduleId'] !== id)
        throw new OutpostError('not_found', 'There is no such run of this report.');
      if (mailer === null && !isArrived) throw mailNotSetUp();
      // Decided on another device a moment before, it is what was asked for, or stands in the history.
      await reports.decide({ tenantId, runId, userId, again: createId() }, isArrived);
      return reply.code(202).send({ runId });
    },
  );
  app.post(
    '/api/v1/analytics/report-schedules/:id/run',
    {
      config: { rateLimit: { max: 20, timeWindow: 60_000 } },
      schema: {
        summary: 'Run a scheduled report now, whatever its times say',
        tags: ['reports'],
        params: Id,
        response: { 202: RunReportAnswerSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { actor } = principalOf(request);
      const tenantId = actor.tenantId as TenantId;
      const scheduleId = request.params.id;
      await assertMayRun(actor, scheduleId);
      if (mailer === null) throw mailNotSetUp();
      const runId = createId();
      await reports.runNow({ tenantId, scheduleId, runId, dueMs: clock.now(), missed: 0, isManual: true });
      return reply.code(202).send({ runId });
    },
  );
}

function mailNotSetUp(): OutpostError {
  return new OutpostError(
    'mail_not_set_up',
    'This server cannot send mail yet: its operator has to name a mail server.',
  );
}
