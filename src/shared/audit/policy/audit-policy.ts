// What an organization watches its audit for: which entries a policy is about, what about them is worth telling, and whom.
import { Type, type Static } from 'typebox';
import { parseCondition, type Condition, type ConditionProblem } from '#shared/audit/policy/condition.ts';
import { holds, type Facts } from '#shared/audit/policy/judge-condition.ts';
import { toEpochMs } from '#shared/kernel/calendar.ts';

export const RETENTION_DAYS = { default: 2555, least: 30, most: 36_500 } as const;
export const MOST_POLICIES = 50;
const MOST_RULES = 20;
const HOUR_MS = 3_600_000;

const Names = (most: number) => Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: most });

/** As it is sent and kept; the names are those of the documents. */
export const AuditPolicySchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 120 }),
    description: Type.Optional(Type.String({ maxLength: 1000 })),
    rules: Type.Array(
      Type.Object(
        {
          condition: Type.String({ minLength: 1, maxLength: 500 }),
          /** Tell the recipients. */
          alert: Type.Optional(Type.Boolean()),
          /** Somebody should look at it. */
          review: Type.Optional(Type.Boolean()),
        },
        { additionalProperties: false },
      ),
      { maxItems: MOST_RULES },
    ),
    /** Kinds of records; empty: all. */
    applies_to_entities: Type.Optional(Names(60)),
    /** What is done (`read`, `update`, `export` …), named actions or commands; empty: all. */
    applies_to_actions: Type.Optional(Names(60)),
    alert_on_violation: Type.Optional(Type.Boolean()),
    /** Users. */
    alert_recipients: Type.Optional(Names(50)),
    retention_days: Type.Optional(Type.Integer({ minimum: RETENTION_DAYS.least, maximum: RETENTION_DAYS.most })),
    is_active: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type AuditPolicy = Static<typeof AuditPolicySchema>;

export const KeptPolicySchema = Type.Object({
  ...AuditPolicySchema.properties,
  id: Type.String(),
  created_at: Type.String(),
  updated_at: Type.String(),
});
export type KeptPolicy = Static<typeof KeptPolicySchema>;

/** What is wrong with the conditions of a policy, by the number of the rule. */
export function conditionProblems(
  policy: AuditPolicy,
): readonly { readonly rule: number; readonly problem: ConditionProblem }[] {
  return policy.rules.flatMap(({ condition }, rule) => {
    const parsed = parseCondition(condition);
    return parsed.ok ? [] : [{ rule, problem: parsed.problem }];
  });
}

/** What an entry is judged by. */
export interface JudgedEntry {
  readonly at: string;
  readonly actor: string | null;
  readonly actorEmail: string | null;
  readonly device: string | null;
  readonly session: string | null;
  readonly command: string;
  readonly effect: string;
  readonly action: string | null;
  readonly entity: string;
  readonly id: string;
  readonly outcome: string;
  readonly isDone: boolean;
  readonly isSensitive: boolean;
  readonly needsReview: boolean;
  /** Fields, and groups of fields. */
  readonly changed: readonly string[];
  readonly detail: Readonly<Record<string, string>> | null;
}

export function toFacts(entry: JudgedEntry): Facts {
  const { detail } = entry;
  const atMs = toEpochMs(entry.at);
  return {
    action: entry.action ?? entry.command,
    command: entry.command,
    operation: entry.effect,
    entity_type: entry.entity,
    entity_id: entry.id,
    user: entry.actor,
    user_email: entry.actorEmail,
    success: entry.isDone,
    outcome: entry.outcome,
    error: detail?.['error'] ?? (entry.isDone ? null : entry.outcome),
    is_sensitive: entry.isSensitive,
    requires_review: entry.needsReview,
    changed_fields: entry.changed,
    ip_address: detail?.['address'] ?? null,
    user_agent: detail?.['userAgent'] ?? null,
    device: entry.device,
    session: entry.session,
    hour: Math.floor(atMs / HOUR_MS) % 24,
    // The first day of 1970 was a Thursday.
    weekday: (Math.floor(atMs / (24 * HOUR_MS)) + 4) % 7,
  };
}

export interface Hit {
  readonly alerts: boolean;
  readonly reviews: boolean;
}

interface Ready {
  /** Null: it always holds. */
  readonly condition: Condition | null;
  readonly alert: boolean;
  readonly review: boolean;
}

/** A policy made ready for many entries. Rules whose condition cannot be read never hold. */
export function compilePolicy(policy: AuditPolicy): (entry: JudgedEntry, facts: Facts) => Hit | null {
  const { applies_to_entities: kinds = [], applies_to_actions: actions = [], alert_on_violation = true } = policy;
  const rules: readonly Ready[] = policy.rules.flatMap(({ condition, alert = true, review = true }) => {
    const parsed = parseCondition(condition);
    return parsed.ok ? [{ condition: parsed.condition, alert, review }] : [];
  });
  // A policy without rules is about everything it applies to.
  const all: readonly Ready[] = policy.rules.length === 0 ? [{ condition: null, alert: true, review: true }] : rules;
  const isAbout = ({ entity, effect, action, command }: JudgedEntry): boolean =>
    (kinds.length === 0 || kinds.includes(entity)) &&
    (actions.length === 0 || [effect, action, command].some((name) => name !== null && actions.includes(name)));
  return (entry, facts) => {
    if (policy.is_active === false || !isAbout(entry)) return null;
    const held = all.filter(({ condition }) => condition === null || holds(condition, facts));
    if (held.length === 0) return null;
    return {
      alerts: alert_on_violation && held.some(({ alert }) => alert),
      reviews: held.some(({ review }) => review),
    };
  };
}

/** How many days entries are kept: the longest any active policy asks for. */
export function retentionDays(policies: readonly AuditPolicy[]): number {
  const asked = policies.flatMap(({ is_active, retention_days }) =>
    is_active === false || retention_days === undefined ? [] : [retention_days],
  );
  return asked.length === 0 ? RETENTION_DAYS.default : Math.max(...asked);
}
