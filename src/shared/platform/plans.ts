// What an organization gets of an installation: a plan names limits, and an organization may have others than its plan. A
// limit that is null is none. Reaching one never takes anything away: what is there stays, and can be read, changed and
// taken out; what was typed beyond it waits with the one who typed it.
import { Type, type Static } from 'typebox';
import { PriceSchema } from '#shared/platform/billing.ts';
import { isPlainObject } from '#shared/kernel/json.ts';

export const limitNames = ['users', 'records', 'storageMb', 'apiCalls'] as const;
/** `apiCalls`: of one calendar month (UTC). */
export type LimitName = (typeof limitNames)[number];
export type Limits = Readonly<Record<LimitName, number | null>>;

const MOST = 1_000_000_000_000;
const Limit = Type.Union([Type.Integer({ minimum: 0, maximum: MOST }), Type.Null()]);
export const LimitsSchema = Type.Object(
  { users: Limit, records: Limit, storageMb: Limit, apiCalls: Limit },
  { additionalProperties: false },
);
/** Only what differs from the plan. */
export const OwnLimitsSchema = Type.Partial(LimitsSchema, { additionalProperties: false });
export type OwnLimits = Static<typeof OwnLimitsSchema>;

export const PlanSchema = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,31}$' }),
    name: Type.String({ minLength: 1, maxLength: 60 }),
    limits: LimitsSchema,
    /** None: nobody is billed for it. */
    price: Type.Optional(Type.Union([PriceSchema, Type.Null()])),
  },
  { additionalProperties: false },
);
export type Plan = Static<typeof PlanSchema>;

export const noLimits: Limits = { users: null, records: null, storageMb: null, apiCalls: null };

/** Of whoever has no other one; always there. */
export const UNLIMITED_PLAN = 'unlimited';
export const unlimitedPlan: Plan = { id: UNLIMITED_PLAN, name: 'Unlimited', limits: noLimits };

/** Plans as they are kept, the unlimited one always among them. */
export function withUnlimited(plans: readonly Plan[]): readonly Plan[] {
  return plans.some(({ id }) => id === UNLIMITED_PLAN) ? plans : [unlimitedPlan, ...plans];
}

/** What holds for an organization: its own limits go before those of its plan. A plan nobody knows any more limits nothing. */
export function limitsOf(plans: readonly Plan[], planId: string, own: unknown): Limits {
  const base: Limits = plans.find(({ id }) => id === planId)?.limits ?? noLimits;
  if (!isPlainObject(own)) return base;
  const named = limitNames.flatMap((name): [LimitName, number | null][] => {
    const value = own[name];
    return value === null || (typeof value === 'number' && Number.isInteger(value) && value >= 0)
      ? [[name, value]]
      : [];
  });
  return { ...base, ...Object.fromEntries(named) };
}

/** Kinds of records that count: what people enter, not what is written down about it. */
export const countedKinds = ['account', 'contact', 'lead', 'deal', 'activity', 'task', 'product'] as const;
const counted: ReadonlySet<string> = new Set(countedKinds);
export const isCountedKind = (kind: string): boolean => counted.has(kind);
