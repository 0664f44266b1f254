// When somebody is told that the server does not do well. A rule compares one measured value over a window with a limit; a service
// level is a rule over thirty days. The built-in ones are there from the beginning, and are changed or switched off like others.
import { Type, type Static } from 'typebox';

interface MetricFacts {
  readonly unit: 'percent' | 'milliseconds' | 'count' | 'minutes' | 'hours';
  /** `server`: of the whole server, for whoever runs it. */
  readonly scope: 'organization' | 'server';
}

export const alertMetrics = {
  /** Share of requests answered with an error of the server. */
  errorRate: { unit: 'percent', scope: 'organization' },
  /** Share of requests that were not. */
  availability: { unit: 'percent', scope: 'organization' },
  p95: { unit: 'milliseconds', scope: 'organization' },
  /** Requests refused because there were too many. */
  limited: { unit: 'count', scope: 'organization' },
  failedJobs: { unit: 'count', scope: 'organization' },
  oldestJob: { unit: 'minutes', scope: 'organization' },
  processor: { unit: 'percent', scope: 'server' },
  memory: { unit: 'percent', scope: 'server' },
  disk: { unit: 'percent', scope: 'server' },
  /** Since the last good backup; nothing where none are made. */
  backupAge: { unit: 'hours', scope: 'server' },
} as const satisfies Record<string, MetricFacts>;

export type AlertMetric = keyof typeof alertMetrics;
export const alertMetricNames = Object.keys(alertMetrics) as readonly AlertMetric[];

/** Thirty days. */
export const SERVICE_LEVEL_MINUTES = 43_200;

export const AlertRuleSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[\\w-]{1,64}$' }),
    /** Empty: named by what it measures. */
    name: Type.String({ maxLength: 120 }),
    metric: Type.Enum(alertMetricNames),
    comparison: Type.Enum(['above', 'below']),
    limit: Type.Number({ minimum: 0, maximum: 1_000_000_000 }),
    windowMinutes: Type.Integer({ minimum: 5, maximum: SERVICE_LEVEL_MINUTES }),
    severity: Type.Enum(['warning', 'critical']),
    /** Ids of users who get a mail when it begins and when it is over. */
    recipientIds: Type.Array(Type.String({ maxLength: 64 }), { maxItems: 50 }),
    isOn: Type.Boolean(),
  },
  { additionalProperties: false },
);
export type AlertRule = Static<typeof AlertRuleSchema>;

function rule(
  id: string,
  metric: AlertMetric,
  comparison: AlertRule['comparison'],
  limit: number,
  windowMinutes: number,
  severity: AlertRule['severity'],
): AlertRule {
  return { id, name: '', metric, comparison, limit, windowMinutes, severity, recipientIds: [], isOn: true };
}

export const builtInRules: readonly AlertRule[] = [
  rule('errors', 'errorRate', 'above', 5, 10, 'critical'),
  rule('slow', 'p95', 'above', 1_000, 10, 'warning'),
  rule('too-many', 'limited', 'above', 100, 10, 'warning'),
  rule('service-level', 'availability', 'below', 99.5, SERVICE_LEVEL_MINUTES, 'critical'),
  rule('service-speed', 'p95', 'above', 500, SERVICE_LEVEL_MINUTES, 'warning'),
  rule('jobs-failed', 'failedJobs', 'above', 0, 60, 'warning'),
  rule('jobs-waiting', 'oldestJob', 'above', 15, 5, 'warning'),
  rule('processor', 'processor', 'above', 95, 5, 'warning'),
  rule('memory', 'memory', 'above', 95, 5, 'critical'),
  rule('disk', 'disk', 'above', 90, 5, 'critical'),
  rule('backup', 'backupAge', 'above', 30, 5, 'critical'),
];

export function isBuiltIn(id: string): boolean {
  return builtInRules.some((known) => known.id === id);
}

/** Whether a rule looks at a service level: over thirty days, not at what happens now. */
export function isServiceLevel({ windowMinutes }: AlertRule): boolean {
  return windowMinutes === SERVICE_LEVEL_MINUTES;
}

/** What was saved in the place of what is built in, and what was added. */
export function rulesInForce(saved: readonly AlertRule[]): readonly AlertRule[] {
  const changed = new Map(saved.map((one) => [one.id, one]));
  return [...builtInRules.map((one) => changed.get(one.id) ?? one), ...saved.filter(({ id }) => !isBuiltIn(id))];
}

/** Null: nothing is known, so nothing is wrong. */
export function isBroken({ comparison, limit }: AlertRule, value: number | null): boolean {
  if (value === null) return false;
  return comparison === 'above' ? value > limit : value < limit;
}
