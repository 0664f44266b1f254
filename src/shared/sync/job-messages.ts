// Background jobs of the server as administrators see them: queues, jobs with ids only, and the work that is due every day.
import { Type, type Static } from 'typebox';

const Count = Type.Integer({ minimum: 0 });
const Instant = Type.Union([Type.String(), Type.Null()]);

/** `waiting`: next. `delayed`: not before its time. `retrying`: failed, and tried again. `failed`: given up. */
export const jobStates = ['waiting', 'delayed', 'retrying', 'active', 'failed', 'done', 'cancelled'] as const;
export type JobState = (typeof jobStates)[number];
const State = Type.Enum(jobStates);

export const QueueSchema = Type.Object({
  name: Type.String(),
  isPaused: Type.Boolean(),
  counts: Type.Record(State, Count),
  /** How long the job that waits longest has been ready to run. */
  oldestSeconds: Count,
});
export type Queue = Static<typeof QueueSchema>;

const LastRunSchema = Type.Object({
  beganAt: Type.String(),
  endedAt: Instant,
  outcome: Type.Enum(['running', 'done', 'failed']),
  facts: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
});
export type LastRun = Static<typeof LastRunSchema>;

export const DailyPlanSchema = Type.Object({
  name: Type.String(),
  /** Hours and minutes by the clock of the time zone. */
  time: Type.String(),
  timeZone: Type.String(),
  isOn: Type.Boolean(),
  /** False: the operator set up nothing to do it with. */
  isSetUp: Type.Boolean(),
  /** What of it is kept at most, where that is bounded. */
  keeps: Type.Optional(Type.Object({ count: Type.Number(), bytes: Type.Number() })),
  nextAt: Instant,
  last: Type.Union([LastRunSchema, Type.Null()]),
});
export type DailyPlan = Static<typeof DailyPlanSchema>;

export const JobOverviewSchema = Type.Object({
  /** Whoever asks runs the whole server: sees jobs of all, may pause queues and plan daily work. */
  isOperator: Type.Boolean(),
  /** Null: nothing was to be done since the server started. */
  runningSince: Instant,
  queues: Type.Array(QueueSchema),
  plans: Type.Array(DailyPlanSchema),
});
export type JobOverview = Static<typeof JobOverviewSchema>;

export const JobQuerySchema = Type.Object({
  queue: Type.Optional(Type.String({ maxLength: 64 })),
  state: Type.Optional(State),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
});
export type JobQuery = Static<typeof JobQuerySchema>;

const JobSchema = Type.Object({
  id: Type.String(),
  queue: Type.String(),
  kind: Type.String(),
  state: State,
  tenantId: Type.Union([Type.String(), Type.Null()]),
  createdAt: Type.String(),
  /** When it runs next, of one that waits. */
  startsAt: Instant,
  startedAt: Instant,
  endedAt: Instant,
  attempts: Count,
  mostAttempts: Count,
  /** Kind and place of what went wrong last, empty for nothing. */
  error: Type.String(),
});
export type JobLine = Static<typeof JobSchema>;
export const JobListSchema = Type.Object({ jobs: Type.Array(JobSchema) });
export type JobList = Static<typeof JobListSchema>;

export const JobActionSchema = Type.Object(
  {
    queue: Type.String({ minLength: 1, maxLength: 64 }),
    id: Type.String({ pattern: '^[0-9a-fA-F-]{36}$' }),
    /** `retry`: once more, now; also of one that waits for its time. */
    action: Type.Enum(['retry', 'cancel']),
  },
  { additionalProperties: false },
);
export type JobAction = Static<typeof JobActionSchema>;

export const QueueChangeSchema = Type.Object(
  { queue: Type.String({ minLength: 1, maxLength: 64 }), isPaused: Type.Boolean() },
  { additionalProperties: false },
);
export type QueueChange = Static<typeof QueueChangeSchema>;

export const PlanChangeSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 64 }),
    time: Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' }),
    timeZone: Type.String({ minLength: 1, maxLength: 64 }),
    isOn: Type.Boolean(),
  },
  { additionalProperties: false },
);
export type PlanChange = Static<typeof PlanChangeSchema>;

export const PlanRunSchema = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 64 }) },
  { additionalProperties: false },
);
export type PlanRun = Static<typeof PlanRunSchema>;
