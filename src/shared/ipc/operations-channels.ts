// Operations of the server and jobs of this computer.
import { Type } from 'typebox';
import { channel, jobWindows, jobsOnly, nothing, operationsOnly, text } from '#shared/ipc/channel.ts';
import {
  type LocalJob,
  LocalJobFilterSchema,
  type LocalJobLine,
  type LocalJobsOverview,
} from '#shared/jobs/local-jobs.ts';
import { AlertRuleSchema } from '#shared/observe/alert-rules.ts';
import { AlertIdSchema, type AlertOverview } from '#shared/sync/alert-messages.ts';
import type { Diagnosis } from '#shared/sync/diagnosis-messages.ts';
import type { HealthDetail } from '#shared/sync/health-messages.ts';
import {
  JobActionSchema,
  type JobList,
  type JobOverview,
  JobQuerySchema,
  PlanChangeSchema,
  PlanRunSchema,
  QueueChangeSchema,
} from '#shared/sync/job-messages.ts';
import {
  type MonitoringErrors,
  MonitoringQuerySchema,
  type MonitoringStats,
  type MonitoringUsage,
} from '#shared/sync/monitoring-messages.ts';
import { type ProfileFile, type ProfileState, ProfileWishSchema } from '#shared/sync/profile-messages.ts';

export const operationsChannels = {
  'localJobs.overview': channel<LocalJobsOverview>()(nothing, jobsOnly),
  /** Newest first. */
  'localJobs.list': channel<readonly LocalJob[]>()(LocalJobFilterSchema, jobsOnly),
  'localJobs.log': channel<readonly LocalJobLine[]>()(Type.Object({ id: text(64) }), jobsOnly),
  'localJobs.act': channel<null>()(
    Type.Object({ id: text(64), action: Type.Union([Type.Literal('retry'), Type.Literal('cancel')]) }),
    jobsOnly,
  ),
  /** `kind` null: all of them. */
  'localJobs.pause': channel<null>()(
    Type.Object({ kind: Type.Union([text(64), Type.Null()]), isPaused: Type.Boolean() }),
    jobsOnly,
  ),
  /** What is planned, now and once. */
  'localJobs.runPlan': channel<null>()(Type.Object({ name: text(200) }), jobsOnly),
  /** Of those that a person made. */
  'localJobs.removePlan': channel<null>()(Type.Object({ name: text(200) }), jobsOnly),
  'operations.health': channel<HealthDetail>()(nothing, operationsOnly),
  'operations.stats': channel<MonitoringStats>()(MonitoringQuerySchema, operationsOnly),
  'operations.errors': channel<MonitoringErrors>()(MonitoringQuerySchema, operationsOnly),
  'operations.usage': channel<MonitoringUsage>()(MonitoringQuerySchema, operationsOnly),
  'operations.jobs': channel<JobOverview>()(nothing, jobWindows),
  'operations.jobList': channel<JobList>()(JobQuerySchema, jobWindows),
  'operations.jobAction': channel<JobOverview>()(JobActionSchema, jobWindows),
  'operations.queue': channel<JobOverview>()(QueueChangeSchema, jobWindows),
  'operations.plan': channel<JobOverview>()(PlanChangeSchema, operationsOnly),
  'operations.runPlan': channel<JobOverview>()(PlanRunSchema, operationsOnly),
  'operations.alerts': channel<AlertOverview>()(nothing, operationsOnly),
  'operations.saveRule': channel<AlertOverview>()(AlertRuleSchema, operationsOnly),
  'operations.forgetRule': channel<AlertOverview>()(AlertIdSchema, operationsOnly),
  'operations.seeAlert': channel<AlertOverview>()(AlertIdSchema, operationsOnly),
  'operations.diagnosis': channel<Diagnosis>()(nothing, operationsOnly),
  'operations.profile': channel<ProfileState>()(nothing, operationsOnly),
  'operations.beginProfile': channel<ProfileState>()(ProfileWishSchema, operationsOnly),
  'operations.profileFile': channel<ProfileFile>()(nothing, operationsOnly),
} as const;
