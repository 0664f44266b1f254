// People, devices, keys and settings of the organization.
import { Type } from 'typebox';
import { channel, mainOnly, nothing, platformOnly, screens, text } from '#shared/ipc/channel.ts';
import {
  IdSchema,
  OwnPoliciesBodySchema,
  type Standing,
  type SupportAccess,
  SupportDecisionSchema,
} from '#shared/platform/platform-messages.ts';
import {
  AccessChangeSchema,
  type AccessRulesState,
  type ApiKeyList,
  type GivenApiKey,
  NewApiKeySchema,
  type OwnUsage,
  RotationSchema,
  type UsageOfPeople,
} from '#shared/sync/access-messages.ts';
import type { DeletedRecords } from '#shared/sync/deleted-messages.ts';
import {
  type MaskingAudit,
  type OneTimePassword,
  type OrganizationSettings,
  OrganizationSettingsSchema,
  RevealRequestSchema,
  type SignInWays,
} from '#shared/sync/messages.ts';
import { type DeviceList, MOST_DEVICE_NAME, type SentInvitation } from '#shared/sync/people-messages.ts';
import { type ErasureDone, type PersonExport, PersonPlaceSchema } from '#shared/sync/privacy-messages.ts';
import { UnconfirmedDecisionSchema, type RunReportAnswer } from '#shared/sync/report-messages.ts';
import {
  type GivenWebhook,
  NewWebhookSchema,
  type Webhook,
  WebhookChangeSchema,
  type WebhookDeliveries,
  type WebhookDelivery,
  type WebhookList,
} from '#shared/sync/webhook-messages.ts';
import type { SignInHistory } from '#shared/sync/sign-in-messages.ts';

export const organizationChannels = {
  /** Of somebody whose password this user may replace. */
  'users.signIns': channel<SignInHistory>()(Type.Object({ userId: text(64) }), screens),
  'users.takeFactorsAway': channel<null>()(Type.Object({ userId: text(64) }), screens),
  'organization.settings': channel<OrganizationSettings>()(nothing, screens),
  /** Plan, use and rules, for administrators; needs the server. */
  'organization.standing': channel<Standing>()(nothing, screens),
  'organization.tighten': channel<Standing>()(OwnPoliciesBodySchema, screens),
  'organization.support': channel<readonly SupportAccess[]>()(nothing, screens),
  'organization.decideSupport': channel<SupportAccess>()(
    Type.Object({ id: IdSchema, ...SupportDecisionSchema.properties }, { additionalProperties: false }),
    screens,
  ),
  /** A call of the installation by its name; main checks the input by the table of calls. For super administrators. */
  'platform.ask': channel<object>()(
    Type.Object({ call: text(64), input: Type.Record(Type.String({ maxLength: 64 }), Type.Unknown()) }),
    platformOnly,
  ),
  /** Refused with `action_forbidden`, and without a connection. */
  'organization.change': channel<OrganizationSettings>()(OrganizationSettingsSchema, screens),
  /** Of the people whose password this user may replace; needs the server. */
  'users.signInWays': channel<SignInWays>()(nothing, screens),
  /** Shown once. Needs the server, which decides, and holds the user. */
  'users.giveOneTimePassword': channel<OneTimePassword>()(Type.Object({ userId: text(64) }), screens),
  /** Needs the server. The link is in the answer when it did not go by mail. */
  'users.invite': channel<SentInvitation>()(Type.Object({ userId: text(64), byMail: Type.Boolean() }), screens),
  'users.withdrawInvitation': channel<null>()(Type.Object({ userId: text(64) }), screens),
  /** The own devices, or those of somebody; asked of the server at once. */
  'devices.list': channel<DeviceList>()(Type.Object({ userId: text(64) }), screens),
  /** Answers the devices as they stand then. */
  'devices.change': channel<DeviceList>()(
    Type.Object({
      userId: text(64),
      change: Type.Union([
        Type.Object({ kind: Type.Literal('rename'), deviceId: text(64), name: text(MOST_DEVICE_NAME) }),
        Type.Object({ kind: Type.Enum(['end', 'wipe', 'cancelWipe'] as const), deviceId: text(64) }),
        Type.Object({ kind: Type.Literal('endAll') }),
      ]),
    }),
    screens,
  ),
  /** Asked of the server at once, with the rights it knows: works only with a connection. */
  'privacy.export': channel<PersonExport>()(PersonPlaceSchema, mainOnly),
  'privacy.erase': channel<ErasureDone>()(PersonPlaceSchema, mainOnly),
  /** One masked value for somebody who may reveal it; needs the server, which writes it down. */
  'fields.reveal': channel<{ readonly value: unknown }>()(RevealRequestSchema, screens),
  'fields.audit': channel<MaskingAudit>()(nothing, screens),
  /** What was deleted and can still be restored; the server alone knows. */
  'deleted.list': channel<DeletedRecords>()(nothing, screens),
  /** Of the user, or of the whole organization for administrators. The keys themselves are told by the next two alone, once. */
  'keys.list': channel<ApiKeyList>()(Type.Object({ isOfAll: Type.Boolean() }), screens),
  'keys.create': channel<GivenApiKey>()(NewApiKeySchema, screens),
  'keys.rotate': channel<GivenApiKey>()(
    Type.Object({ id: text(64), ...RotationSchema.properties }, { additionalProperties: false }),
    screens,
  ),
  'keys.revoke': channel<null>()(Type.Object({ id: text(64) }), screens),
  'usage.own': channel<OwnUsage>()(nothing, screens),
  'usage.people': channel<UsageOfPeople>()(nothing, screens),
  'access.rules': channel<AccessRulesState>()(nothing, screens),
  'access.change': channel<AccessRulesState>()(AccessChangeSchema, screens),
  /** What is told to other programs; for administrators. Secrets are told by making and rotating alone, once. */
  'webhooks.list': channel<WebhookList>()(nothing, screens),
  'webhooks.create': channel<GivenWebhook>()(NewWebhookSchema, screens),
  'webhooks.change': channel<Webhook>()(
    Type.Object({ id: text(64), ...WebhookChangeSchema.properties }, { additionalProperties: false }),
    screens,
  ),
  'webhooks.remove': channel<null>()(Type.Object({ id: text(64) }), screens),
  'webhooks.rotate': channel<GivenWebhook>()(Type.Object({ id: text(64) }), screens),
  'webhooks.deliveries': channel<WebhookDeliveries>()(Type.Object({ id: text(64) }), screens),
  'webhooks.test': channel<WebhookDelivery>()(Type.Object({ id: text(64) }), screens),
  'webhooks.replay': channel<WebhookDelivery>()(Type.Object({ id: text(64), deliveryId: text(64) }), screens),
  /** A mail of a scheduled report of which nobody knows whether it arrived: send it again, or note that it did. */
  'reports.decide': channel<RunReportAnswer>()(
    Type.Object(
      { scheduleId: text(64), runId: text(64), ...UnconfirmedDecisionSchema.properties },
      { additionalProperties: false },
    ),
    screens,
  ),
  /** A scheduled report at once, whatever its times say. */
  'reports.run': channel<RunReportAnswer>()(Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }), screens),
} as const;
