import { Type, type Static } from 'typebox';
import { AlertRuleSchema } from '#shared/observe/alert-rules.ts';

const Instant = Type.Union([Type.String(), Type.Null()]);

const AlertSchema = Type.Object({
  id: Type.String(),
  /** As it was when the alert began. */
  rule: AlertRuleSchema,
  beganAt: Type.String(),
  endedAt: Instant,
  value: Type.Number(),
  /** Farthest from the limit. */
  worst: Type.Number(),
  seenAt: Instant,
  seenBy: Type.Union([Type.String(), Type.Null()]),
});
export type Alert = Static<typeof AlertSchema>;

export const AlertOverviewSchema = Type.Object({
  isOperator: Type.Boolean(),
  mayChange: Type.Boolean(),
  rules: Type.Array(
    Type.Object({
      rule: AlertRuleSchema,
      isBuiltIn: Type.Boolean(),
      /** Measured now; null: nothing to measure. */
      value: Type.Union([Type.Number(), Type.Null()]),
      isBroken: Type.Boolean(),
    }),
  ),
  /** Open ones first, then the newest. */
  alerts: Type.Array(AlertSchema),
});
export type AlertOverview = Static<typeof AlertOverviewSchema>;

export const AlertIdSchema = Type.Object(
  { id: Type.String({ pattern: '^[\\w-]{1,64}$' }) },
  { additionalProperties: false },
);
export type AlertId = Static<typeof AlertIdSchema>;
