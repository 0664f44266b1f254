// Background jobs for administrators. Those of the own organization are seen, tried again and taken back; queues are paused and daily
// work is planned by whoever runs the server.
import { toInstant } from '#shared/kernel/calendar.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import {
  JobActionSchema,
  JobListSchema,
  JobOverviewSchema,
  JobQuerySchema,
  PlanChangeSchema,
  PlanRunSchema,
  QueueChangeSchema,
  type JobOverview,
} from '#shared/sync/job-messages.ts';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import { changeJob, changeQueue } from '#server/jobs/control-jobs.ts';
import type { JobEngine } from '#server/jobs/job-engine.ts';
import { readJobs, readQueues } from '#server/jobs/read-jobs.ts';
import type { DailyWork } from '#server/maintenance/daily-work.ts';
import { assertMaySeeJobs, assertRunsTheServer, runsTheServer } from '#server/observe/rights.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import type { Principal } from '#server/identity/principal.ts';

interface JobRoutes {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly engine: JobEngine;
  readonly daily: DailyWork;
}

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };
const rateLimit = { max: 120, timeWindow: '1 minute' };

export function addJobRoutes(app: HttpServer, { database, clock, engine, daily }: JobRoutes): void {
  const authorOf = ({ actor, deviceId }: Principal) => ({ actor, deviceId, nowMs: clock.now() });
  async function overview({ actor }: Principal): Promise<JobOverview> {
    const isOperator = await runsTheServer(database, actor);
    const since = engine.runningSince();
    const [queues, plans] = await Promise.all([
      readQueues(database, isOperator ? null : actor.tenantId),
      isOperator ? daily.describe() : Promise.resolve([]),
    ]);
    return {
      isOperator,
      runningSince: since === null ? null : toInstant(since),
      queues: [...queues],
      plans: [...plans],
    };
  }
  app.get(
    '/api/v1/jobs',
    {
      schema: {
        summary: 'Queues of background jobs, and the work that is due every day',
        tags: ['jobs'],
        response: { 200: JobOverviewSchema, ...failures },
      },
    },
    (request) => {
      const principal = principalOf(request);
      assertMaySeeJobs(principal.actor);
      return overview(principal);
    },
  );
  app.get(
    '/api/v1/jobs/list',
    {
      schema: {
        summary: 'Single jobs, newest first',
        tags: ['jobs'],
        querystring: JobQuerySchema,
        response: { 200: JobListSchema, ...failures },
      },
    },
    async (request) => {
      const { actor } = principalOf(request);
      assertMaySeeJobs(actor);
      const tenantId = (await runsTheServer(database, actor)) ? null : actor.tenantId;
      return { jobs: [...(await readJobs(database, tenantId, request.query))] };
    },
  );
  app.post(
    '/api/v1/jobs/action',
    {
      config: { rateLimit },
      schema: {
        summary: 'Try a job again now, or take it back',
        tags: ['jobs'],
        body: JobActionSchema,
        response: { 200: JobOverviewSchema, ...failures },
      },
    },
    async (request) => {
      const principal = principalOf(request);
      assertMaySeeJobs(principal.actor);
      const tenantId = (await runsTheServer(database, principal.actor)) ? null : principal.actor.tenantId;
      await changeJob(database, authorOf(principal), tenantId, request.body);
      await engine.start();
      return overview(principal);
    },
  );
  addOperatorRoutes(app, { database, clock, engine, daily }, overview);
}

function addOperatorRoutes(
  app: HttpServer,
  { database, clock, daily }: JobRoutes,
  overview: (principal: Principal) => Promise<JobOverview>,
): void {
  const answers = { response: { 200: JobOverviewSchema, ...failures } };
  async function operatorOf(principal: Principal) {
    assertMaySeeJobs(principal.actor);
    await assertRunsTheServer(database, principal.actor);
    return { actor: principal.actor, deviceId: principal.deviceId, nowMs: clock.now() };
  }
  app.put(
    '/api/v1/jobs/queue',
    {
      config: { rateLimit },
      schema: { summary: 'Let a queue wait, or go on', tags: ['jobs'], body: QueueChangeSchema, ...answers },
    },
    async (request) => {
      const principal = principalOf(request);
      const by = await operatorOf(principal);
      // Whatever is shown can be paused.
      const queues = await readQueues(database, null);
      if (!queues.some(({ name }) => name === request.body.queue))
        throw new OutpostError('not_found', 'There is no such queue.');
      await changeQueue(database, by, request.body);
      return overview(principal);
    },
  );
  app.put(
    '/api/v1/jobs/plan',
    {
      config: { rateLimit },
      schema: {
        summary: 'When daily work is due, or that it is not done',
        tags: ['jobs'],
        body: PlanChangeSchema,
        ...answers,
      },
    },
    async (request) => {
      const principal = principalOf(request);
      await daily.change(await operatorOf(principal), request.body);
      return overview(principal);
    },
  );
  app.post(
    '/api/v1/jobs/plan/run',
    {
      config: { rateLimit: { max: 10, timeWindow: '1 minute' } },
      schema: { summary: 'Do daily work now', tags: ['jobs'], body: PlanRunSchema, ...answers },
    },
    async (request) => {
      const principal = principalOf(request);
      await daily.runNow(await operatorOf(principal), request.body.name);
      return overview(principal);
    },
  );
}
