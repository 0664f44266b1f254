// Jobs of this computer, as screens see them: in the states the jobs of the server have, too.
import { Type, type Static } from 'typebox';
import { JobLineTextSchema } from '#shared/jobs/job-lines.ts';
import { jobStates } from '#shared/sync/job-messages.ts';

const LocalJobSchema = Type.Object({
  id: Type.String(),
  kind: Type.String(),
  /** What it is about; empty when there is nothing to tell. */
  label: Type.String(),
  state: Type.Enum(jobStates),
  priority: Type.Number(),
  createdAt: Type.String(),
  /** When it may begin; null when it did, or may at once. */
  startsAt: Type.Union([Type.String(), Type.Null()]),
  startedAt: Type.Union([Type.String(), Type.Null()]),
  endedAt: Type.Union([Type.String(), Type.Null()]),
  /** Runs so far that counted. */
  attempts: Type.Number(),
  /** Null: it is tried until somebody takes it back. */
  mostAttempts: Type.Union([Type.Number(), Type.Null()]),
  /** Null while nothing was told. */
  progress: Type.Union([Type.Object({ done: Type.Number(), total: Type.Number() }), Type.Null()]),
  /** Why the last run failed; null when it did not. */
  error: Type.Union([Type.Object({ code: Type.String(), message: Type.String() }), Type.Null()]),
  /** It was asked to stop and has not yet. */
  isStopping: Type.Boolean(),
  canCancel: Type.Boolean(),
  /** It is done, and can be done once more. */
  canRepeat: Type.Boolean(),
  /** Name of the schedule it comes from. */
  schedule: Type.Union([Type.String(), Type.Null()]),
});
export type LocalJob = Readonly<Static<typeof LocalJobSchema>>;

export const LocalJobFilterSchema = Type.Object({
  id: Type.Optional(Type.String()),
  kind: Type.Optional(Type.String()),
  state: Type.Optional(Type.Enum(jobStates)),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
});
export type LocalJobFilter = Readonly<Static<typeof LocalJobFilterSchema>>;

const LocalJobLineSchema = Type.Object({ at: Type.String(), text: JobLineTextSchema });
export type LocalJobLine = Readonly<Static<typeof LocalJobLineSchema>>;

const JobPlanSchema = Type.Object({
  name: Type.String(),
  kind: Type.String(),
  /** What it is about; empty when there is nothing to tell. */
  label: Type.String(),
  /** A person made it, and may take it away. */
  canRemove: Type.Boolean(),
  cron: Type.String(),
  zone: Type.String(),
  lastAt: Type.Union([Type.String(), Type.Null()]),
  /** Null when it never comes due again. */
  nextAt: Type.Union([Type.String(), Type.Null()]),
});
export type JobPlan = Readonly<Static<typeof JobPlanSchema>>;

const LocalJobsOverviewSchema = Type.Object({
  /** Nothing begins, of whatever kind. */
  isPaused: Type.Boolean(),
  kinds: Type.Array(
    Type.Object({
      kind: Type.String(),
      isPaused: Type.Boolean(),
      counts: Type.Record(Type.Enum(jobStates), Type.Integer({ minimum: 0 })),
    }),
  ),
  plans: Type.Array(JobPlanSchema),
});
export type LocalJobsOverview = Readonly<Static<typeof LocalJobsOverviewSchema>>;
