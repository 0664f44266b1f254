// What is asked of an installation and what it answers, in the words of the wire: counts, names and states of organizations,
// and never a record of theirs.
import { Type, type Static } from 'typebox';
import { ACCENT } from '#shared/brand/accent.ts';
import { MOST_BRAND_NAME } from '#shared/brand/brand.ts';
import { MOST_LOGO_LETTERS } from '#shared/brand/check-logo.ts';
import { BillSchema } from '#shared/platform/billing.ts';
import { FeatureRulesSchema, FeatureSwitchesSchema } from '#shared/platform/features.ts';
import { LimitsSchema, OwnLimitsSchema, PlanSchema } from '#shared/platform/plans.ts';
import { OwnPoliciesSchema, PoliciesSchema } from '#shared/platform/policies.ts';
import { MaintenanceSchema } from '#shared/sync/maintenance.ts';

export const IdSchema = Type.String({ pattern: '^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$' });
export const MonthSchema = Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])$' });
export const EmailSchema = Type.String({ pattern: '^[^\\s@]{1,64}@[^\\s@]{1,189}$' });
export const LineSchema = Type.String({ minLength: 1, maxLength: 120 });
export const ReasonSchema = Type.String({ minLength: 3, maxLength: 300 });
const Count = Type.Integer({ minimum: 0 });
const Instant = Type.String({ maxLength: 40 });
const InstantOrNull = Type.Union([Instant, Type.Null()]);

export const UsageSchema = Type.Object({
  users: Count,
  records: Count,
  bytes: Count,
  /** Of the running month. */
  apiCalls: Count,
});
export type Usage = Static<typeof UsageSchema>;

export const OrganizationSchema = Type.Object({
  id: IdSchema,
  name: Type.String(),
  createdAt: Instant,
  /** Its super administrators are those of the installation. */
  isOperator: Type.Boolean(),
  state: Type.Union([Type.Literal('active'), Type.Literal('suspended')]),
  stateReason: Type.String(),
  stateAt: InstantOrNull,
  planId: Type.String(),
  planName: Type.String(),
  ownLimits: OwnLimitsSchema,
  limits: LimitsSchema,
  ownFeatures: FeatureSwitchesSchema,
  ownPolicies: OwnPoliciesSchema,
  maintenance: Type.Union([MaintenanceSchema, Type.Null()]),
  usage: UsageSchema,
});
export type PlatformOrganization = Static<typeof OrganizationSchema>;

export const OrganizationsSchema = Type.Object({ organizations: Type.Array(OrganizationSchema) });

export const FoundedSchema = Type.Object({
  id: IdSchema,
  email: Type.String(),
  /** Shown once, replaced at the first sign-in; only its hash is kept. */
  password: Type.String(),
});
export type Founded = Static<typeof FoundedSchema>;

/** How an organization looks; null: as usual. */
export const BrandSchema = Type.Object({
  name: Type.Union([Type.String({ minLength: 1, maxLength: MOST_BRAND_NAME }), Type.Null()]),
  /** A small PNG as base64. */
  logo: Type.Union([Type.String({ maxLength: MOST_LOGO_LETTERS }), Type.Null()]),
  accent: Type.Union([Type.String({ pattern: ACCENT.source }), Type.Null()]),
});

export const PlansSchema = Type.Object({ plans: Type.Array(PlanSchema, { minItems: 1, maxItems: 50 }) });

export const UsageRowSchema = Type.Object({
  month: MonthSchema,
  organization: IdSchema,
  name: Type.String(),
  plan: Type.String(),
  /** As it is called now; its id where it is gone. */
  planName: Type.String(),
  state: Type.String(),
  /** The most there were at once in the month, as it was looked at once a day. */
  users: Count,
  records: Count,
  bytes: Count,
  apiCalls: Count,
  /** With the plan and the price that held when the month was looked at last; null: without a price. */
  bill: Type.Union([BillSchema, Type.Null()]),
});
export type UsageRow = Static<typeof UsageRowSchema>;
export const UsageReportSchema = Type.Object({ rows: Type.Array(UsageRowSchema) });

export const FeaturesSchema = Type.Object({ features: FeatureRulesSchema });
export const PolicyAnswerSchema = Type.Object({ policies: PoliciesSchema });

export const HealthOfOrganizationSchema = Type.Object({
  id: IdSchema,
  name: Type.String(),
  state: Type.String(),
  /** Changes since it was founded. */
  head: Count,
  openSessions: Count,
  devices: Count,
  lastSeenAt: InstantOrNull,
  lastChangeAt: InstantOrNull,
  /** Operations that were refused within seven days. */
  refusedLately: Count,
  auditEntries: Count,
});
export const PlatformHealthSchema = Type.Object({
  engine: Type.String(),
  databaseBytes: Count,
  schema: Count,
  checkedAt: Instant,
  organizations: Type.Array(HealthOfOrganizationSchema),
});
export type PlatformHealth = Static<typeof PlatformHealthSchema>;

/** Without detail, and without ids of records: what was done to which kind, and how it ended. */
export const PlatformAuditEntrySchema = Type.Object({
  organization: IdSchema,
  name: Type.String(),
  no: Count,
  at: Instant,
  /** An id of the organization; null: the server or its operator. */
  actor: Type.Union([Type.String(), Type.Null()]),
  command: Type.String(),
  entity: Type.String(),
  outcome: Type.String(),
});
export type PlatformAuditEntry = Static<typeof PlatformAuditEntrySchema>;
export const MOST_PLATFORM_ENTRIES = 200;
export const PlatformAuditSchema = Type.Object({
  entries: Type.Array(PlatformAuditEntrySchema),
  /** What `before` has to be to read on; null: there are no older ones. */
  next: Type.Union([Type.String(), Type.Null()]),
});
export type PlatformAudit = Static<typeof PlatformAuditSchema>;

export const StaffSchema = Type.Object({ id: IdSchema, name: Type.String(), email: Type.String(), createdAt: Instant });
export type SupportPerson = Static<typeof StaffSchema>;
export const StaffListSchema = Type.Object({ staff: Type.Array(StaffSchema) });

export const supportRoles = ['viewer', 'org_admin'] as const;
export const supportStates = ['asked', 'open', 'ended', 'refused'] as const;
export const SupportAccessSchema = Type.Object({
  id: IdSchema,
  organization: IdSchema,
  name: Type.String(),
  staffName: Type.String(),
  /** Who it is in the organization while it lasts. */
  userId: IdSchema,
  role: Type.Enum(supportRoles),
  reason: Type.String(),
  hours: Count,
  state: Type.Enum(supportStates),
  askedAt: Instant,
  openedAt: InstantOrNull,
  until: InstantOrNull,
  endedAt: InstantOrNull,
});
export type SupportAccess = Static<typeof SupportAccessSchema>;
export const SupportListSchema = Type.Object({ accesses: Type.Array(SupportAccessSchema) });
export const SupportSignInSchema = Type.Object({
  email: Type.String(),
  /** Shown once. */
  password: Type.String(),
  until: Instant,
});
export type SupportSignIn = Static<typeof SupportSignInSchema>;

// What an organization is told of its own standing, and what its administrators decide about it.
export const StandingSchema = Type.Object({
  plan: Type.String(),
  limits: LimitsSchema,
  usage: UsageSchema,
  /** Of the installation: what the own rules can only tighten. */
  platformPolicies: PoliciesSchema,
  ownPolicies: OwnPoliciesSchema,
  policies: PoliciesSchema,
});
export type Standing = Static<typeof StandingSchema>;

export const OwnPoliciesBodySchema = Type.Object({ policies: OwnPoliciesSchema }, { additionalProperties: false });
export const SupportDecisionSchema = Type.Object(
  { decision: Type.Union([Type.Literal('allow'), Type.Literal('refuse'), Type.Literal('end')]) },
  { additionalProperties: false },
);
export type SupportDecision = Static<typeof SupportDecisionSchema>['decision'];
