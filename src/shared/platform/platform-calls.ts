// Everything that can be asked of an installation, once: its name, its address, who may, what goes in and what comes out. The
// routes of the server, the channel of the desktop and the command line are made from this table, so none of them can do
// more than another, or something else.
import { Type, type Static, type TSchema } from 'typebox';
import type { PermissionName } from '#shared/access/permissions.ts';
import {
  BrandSchema,
  EmailSchema,
  FeaturesSchema,
  FoundedSchema,
  IdSchema,
  LineSchema,
  MonthSchema,
  OrganizationSchema,
  OrganizationsSchema,
  PlansSchema,
  MOST_PLATFORM_ENTRIES,
  PlatformAuditSchema,
  PlatformHealthSchema,
  PolicyAnswerSchema,
  ReasonSchema,
  StaffListSchema,
  StaffSchema,
  SupportAccessSchema,
  SupportListSchema,
  SupportSignInSchema,
  supportRoles,
  UsageReportSchema,
} from '#shared/platform/platform-messages.ts';
import { FeatureSwitchesSchema } from '#shared/platform/features.ts';
import { OwnLimitsSchema } from '#shared/platform/plans.ts';
import { SUPPORT_HOURS } from '#shared/platform/policies.ts';
import { MaintenanceSchema } from '#shared/sync/maintenance.ts';

export const PLATFORM_PATH = '/api/v1/platform';

export interface PlatformCall<Input extends TSchema = TSchema, Answer extends TSchema = TSchema> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below {@link PLATFORM_PATH}; a part like `:id` is a field of the input. */
  readonly path: string;
  readonly permission: PermissionName;
  readonly summary: string;
  readonly input: Input;
  readonly answer: Answer;
}

function define<Input extends TSchema, Answer extends TSchema>(
  place: `${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}`,
  permission: PermissionName,
  summary: string,
  input: Input,
  answer: Answer,
): PlatformCall<Input, Answer> {
  const [method, path] = place.split(' ') as [PlatformCall['method'], string];
  return { method, path, permission, summary, input, answer };
}

const strict = { additionalProperties: false } as const;
const nothing = Type.Object({}, strict);
const ofOne = Type.Object({ id: IdSchema }, strict);
const done = Type.Object({ organizations: Type.Integer({ minimum: 0 }) });

export const platformCalls = {
  listOrganizations: define(
    'GET /organizations',
    'platform.view_all_tenants',
    'Every organization of this server with its state, plan and usage; no record of theirs',
    nothing,
    OrganizationsSchema,
  ),
  createOrganization: define(
    'POST /organizations',
    'platform.manage_subscriptions',
    'Found an organization with its first administrator',
    Type.Object(
      { name: LineSchema, adminEmail: EmailSchema, planId: Type.Optional(Type.String({ maxLength: 32 })) },
      strict,
    ),
    FoundedSchema,
  ),
  suspendOrganization: define(
    'POST /organizations/:id/suspend',
    'platform.manage_subscriptions',
    'Answer nobody of an organization any more; their computers go on offline and lose nothing',
    Type.Object({ id: IdSchema, reason: Type.String({ maxLength: 200 }) }, strict),
    OrganizationSchema,
  ),
  resumeOrganization: define(
    'POST /organizations/:id/resume',
    'platform.manage_subscriptions',
    'Answer a suspended organization again',
    ofOne,
    OrganizationSchema,
  ),
  setSubscription: define(
    'PUT /organizations/:id/subscription',
    'platform.manage_subscriptions',
    'Plan of an organization, and limits that differ from it',
    Type.Object({ id: IdSchema, planId: Type.String({ maxLength: 32 }), limits: OwnLimitsSchema }, strict),
    OrganizationSchema,
  ),
  setOrganizationFeatures: define(
    'PUT /organizations/:id/features',
    'platform.manage_feature_flags',
    'Features an organization has, or has not, whatever holds for the others',
    Type.Object({ id: IdSchema, features: FeatureSwitchesSchema }, strict),
    OrganizationSchema,
  ),
  readBrand: define(
    'GET /organizations/:id/brand',
    'platform.configure_global_settings',
    'Name, logo and accent of an organization; null: as usual',
    ofOne,
    BrandSchema,
  ),
  setBrand: define(
    'PUT /organizations/:id/brand',
    'platform.configure_global_settings',
    'Give an organization a name, a logo (PNG of at most 512 × 512 pixels and 48 kB, as base64) and an accent; what is not named stays',
    Type.Object({ id: IdSchema, ...Type.Partial(BrandSchema).properties }, strict),
    BrandSchema,
  ),
  listPlans: define('GET /plans', 'platform.manage_subscriptions', 'Plans and their limits', nothing, PlansSchema),
  savePlans: define(
    'PUT /plans',
    'platform.manage_subscriptions',
    'Replace all plans by these; one that an organization has cannot go. Prices are in the smallest unit: 4900 is 49.00 EUR',
    PlansSchema,
    PlansSchema,
  ),
  readFeatures: define(
    'GET /features',
    'platform.manage_feature_flags',
    'Features that are switched for everybody',
    nothing,
    FeaturesSchema,
  ),
  saveFeatures: define(
    'PUT /features',
    'platform.manage_feature_flags',
    'Switch features for everybody or a share',
    FeaturesSchema,
    FeaturesSchema,
  ),
  readPolicies: define(
    'GET /policies',
    'platform.configure_global_settings',
    'Rules of all organizations',
    nothing,
    PolicyAnswerSchema,
  ),
  savePolicies: define(
    'PUT /policies',
    'platform.configure_global_settings',
    'Change them; organizations may only be stricter',
    PolicyAnswerSchema,
    PolicyAnswerSchema,
  ),
  planMaintenance: define(
    'PUT /maintenance',
    'platform.configure_global_settings',
    'Announce maintenance to organizations (all of them without a list), closing the server for them or not; null takes it back',
    Type.Object(
      {
        organizations: Type.Optional(Type.Array(IdSchema, { maxItems: 1000 })),
        planned: Type.Union([MaintenanceSchema, Type.Null()]),
      },
      strict,
    ),
    done,
  ),
  readUsage: define(
    'GET /usage',
    'platform.manage_subscriptions',
    'Users, records, bytes, calls and bills by organization and month (from 2026-01 until 2026-12)',
    Type.Object({ from: Type.Optional(MonthSchema), until: Type.Optional(MonthSchema) }, strict),
    UsageReportSchema,
  ),
  readHealth: define(
    'GET /health',
    'platform.view_system_metrics',
    'How the organizations are: when they last changed something, who is connected, what was refused',
    nothing,
    PlatformHealthSchema,
  ),
  readAudit: define(
    'GET /audit',
    'platform.access_audit_logs',
    'What was done in all organizations or one, newest first, without any content',
    Type.Object(
      {
        organization: Type.Optional(IdSchema),
        command: Type.Optional(Type.String({ maxLength: 64 })),
        before: Type.Optional(Type.String({ pattern: '^[0-9]{1,16}~[0-9A-Za-z._-]{1,64}~[0-9]{1,16}$' })),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_PLATFORM_ENTRIES })),
      },
      strict,
    ),
    PlatformAuditSchema,
  ),
  listStaff: define('GET /staff', 'platform.manage_support_staff', 'Support staff', nothing, StaffListSchema),
  addStaff: define(
    'POST /staff',
    'platform.manage_support_staff',
    'Register somebody who supports organizations',
    Type.Object({ name: LineSchema, email: EmailSchema }, strict),
    StaffSchema,
  ),
  removeStaff: define(
    'DELETE /staff/:id',
    'platform.manage_support_staff',
    'Remove somebody; what they still have access to ends',
    ofOne,
    StaffListSchema,
  ),
  listSupport: define(
    'GET /support',
    'platform.manage_support_staff',
    'Accesses of support staff to organizations, newest first',
    nothing,
    SupportListSchema,
  ),
  openSupport: define(
    'POST /support',
    'platform.manage_support_staff',
    'Ask an organization to let somebody in for a while, or let them in where it need not agree',
    Type.Object(
      {
        organization: IdSchema,
        staffId: IdSchema,
        reason: ReasonSchema,
        hours: Type.Integer({ minimum: SUPPORT_HOURS.least, maximum: SUPPORT_HOURS.most }),
        role: Type.Optional(Type.Enum(supportRoles)),
      },
      strict,
    ),
    SupportAccessSchema,
  ),
  endSupport: define(
    'POST /support/:id/end',
    'platform.manage_support_staff',
    'End an access before its time',
    ofOne,
    SupportAccessSchema,
  ),
  giveSupportSignIn: define(
    'POST /support/:id/sign-in',
    'platform.manage_support_staff',
    'A one-time password for an open access, shown once',
    ofOne,
    SupportSignInSchema,
  ),
} as const;

export type PlatformCalls = typeof platformCalls;
export type PlatformCallName = keyof PlatformCalls;
export type PlatformInput<Name extends PlatformCallName> = Static<PlatformCalls[Name]['input']>;
export type PlatformAnswer<Name extends PlatformCallName> = Static<PlatformCalls[Name]['answer']>;

export const platformCallNames = Object.keys(platformCalls) as readonly PlatformCallName[];

export function isPlatformCall(name: string): name is PlatformCallName {
  return Object.hasOwn(platformCalls, name);
}

/** Fields of the input that stand in the path. */
export function pathFieldsOf(path: string): readonly string[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '');
}

export interface PlatformRequest {
  readonly method: PlatformCall['method'];
  /** With the query, from the root of the server. */
  readonly path: string;
  /** Null where there is none. */
  readonly body: Readonly<Record<string, unknown>> | null;
}

/** The request that asks this. */
export function toPlatformRequest(
  call: Pick<PlatformCall, 'method' | 'path'>,
  input: Readonly<Record<string, unknown>>,
  below = PLATFORM_PATH,
): PlatformRequest {
  const inPath = pathFieldsOf(call.path);
  const path = call.path.replaceAll(/:(\w+)/g, (_all, name: string) => encodeURIComponent(textOf(input[name])));
  const rest = Object.fromEntries(Object.entries(input).filter(([name]) => !inPath.includes(name)));
  if (call.method === 'POST' || call.method === 'PUT')
    return { method: call.method, path: `${below}${path}`, body: rest };
  const query = Object.entries(rest)
    .map(([name, value]) => `${name}=${encodeURIComponent(textOf(value))}`)
    .join('&');
  return { method: call.method, path: `${below}${path}${query === '' ? '' : `?${query}`}`, body: null };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
