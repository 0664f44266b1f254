// Everything about campaigns that takes the server, once: the address, who may, what goes in and what comes out. The routes of
// the server and the channel of the desktop are made from this table.
import { Type, type Static, type TSchema } from 'typebox';
import type { PermissionName } from '#shared/access/permissions.ts';
import { BounceMailboxSchema, BounceMailboxState } from '#shared/campaigns/bounce-mailbox.ts';
import { followConditions } from '#shared/campaigns/follow-up.ts';
import { ProviderReportsState, ReportingProviderSchema } from '#shared/campaigns/provider-reports.ts';
import { ProviderSettingsSchema } from '#shared/campaigns/provider-settings.ts';

export const CAMPAIGN_PATH = '/api/v1';

export interface CampaignCall<Input extends TSchema = TSchema, Answer extends TSchema = TSchema> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below {@link CAMPAIGN_PATH}; a part like `:id` is a field of the input. */
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
): CampaignCall<Input, Answer> {
  const [method, path] = place.split(' ') as [CampaignCall['method'], string];
  return { method, path, permission, summary, input, answer };
}

const strict = { additionalProperties: false } as const;
const Id = Type.String({ minLength: 1, maxLength: 64 });
const ofOne = Type.Object({ id: Id }, strict);
const nothing = Type.Object({}, strict);
const Count = Type.Integer({ minimum: 0 });
const MaybeText = Type.Union([Type.String(), Type.Null()]);
const MaybeTime = Type.Union([Type.Number(), Type.Null()]);

const Done = Type.Object({ success: Type.Boolean(), message: Type.String() });

const AudienceAnswer = Type.Object({
  /** Who gets it. */
  recipients: Count,
  leftOut: Type.Array(Type.Object({ reason: Type.String(), count: Count })),
});
export type AudienceCount = Static<typeof AudienceAnswer>;

const Stats = Type.Object({
  total_sent: Count,
  opened: Count,
  clicked: Count,
  bounced: Count,
  failed: Count,
  open_rate: Type.String(),
  click_rate: Type.String(),
  delivered: Count,
  bounce_rate: Type.String(),
  delivered_open_rate: Type.String(),
  delivered_click_rate: Type.String(),
  click_to_open_rate: Type.String(),
  unsubscribe_rate: Type.String(),
  complaint_rate: Type.String(),
  state: Type.String(),
  recipients: Count,
  waiting: Count,
  skipped: Count,
  unconfirmed: Count,
  unsubscribed: Count,
  complained: Count,
  hard_bounced: Count,
  trouble: MaybeText,
  next_at: MaybeTime,
  links: Type.Array(Type.Object({ url: Type.String(), clicks: Count, people: Count, rate: Type.String() })),
  variants: Type.Array(
    Type.Object({
      variant: Type.String(),
      sent: Count,
      opened: Count,
      clicked: Count,
      open_rate: Type.String(),
      click_rate: Type.String(),
    }),
  ),
  winner: Type.Union([
    Type.Null(),
    Type.Object({ variant: Type.String(), because: Type.String(), rateA: Type.Number(), rateB: Type.Number() }),
  ]),
  left_out: Type.Array(Type.Object({ reason: Type.String(), count: Count })),
  bounce_reasons: Type.Array(Type.Object({ reason: Type.String(), count: Count })),
  send_times: Type.Array(Type.Object({ because: Type.String(), count: Count })),
});
export type CampaignStatistics = Static<typeof Stats>;

const RecipientRow = Type.Object({
  no: Type.Integer(),
  entity: Type.String(),
  recordId: Type.String(),
  state: Type.String(),
  reason: MaybeText,
  detail: MaybeText,
  variant: MaybeText,
  dueAt: Type.Number(),
  because: MaybeText,
  sentAt: MaybeTime,
  openedAt: MaybeTime,
  opens: Count,
  clickedAt: MaybeTime,
  clicks: Count,
  bounceKind: MaybeText,
  bounceReason: MaybeText,
});
export type RecipientLine = Static<typeof RecipientRow>;

const SuppressionRow = Type.Object({
  address: Type.String(),
  reason: Type.String(),
  at: Type.Number(),
  campaignId: MaybeText,
  addedBy: MaybeText,
});
export type SuppressionLine = Static<typeof SuppressionRow>;

const ProviderAnswer = Type.Object({
  settings: ProviderSettingsSchema,
  hasSecret: Type.Boolean(),
  /** The mail server of the operator, where there is one. */
  serverFrom: MaybeText,
  /** Whether links in mails lead here. */
  isReachable: Type.Boolean(),
});
export type ProviderState = Static<typeof ProviderAnswer>;

export const campaignCalls = {
  publishCampaign: define(
    'POST /campaigns/:id/publish',
    'campaign.publish',
    'Publish a campaign: it goes out at its time, with the rights of whoever publishes it',
    ofOne,
    Done,
  ),
  pauseCampaign: define('POST /campaigns/:id/pause', 'campaign.publish', 'Send no more of it for now', ofOne, Done),
  resumeCampaign: define('POST /campaigns/:id/resume', 'campaign.publish', 'Go on with it', ofOne, Done),
  cancelCampaign: define('POST /campaigns/:id/cancel', 'campaign.publish', 'Send no more of it for good', ofOne, Done),
  resendUnconfirmed: define(
    'POST /campaigns/:id/resend-unconfirmed',
    'campaign.publish',
    'Send those mails again of which nobody knows whether they went out',
    ofOne,
    Done,
  ),
  testCampaign: define(
    'POST /campaigns/:id/test',
    'campaign.update',
    'Send it to yourself, filled in for one person of the audience',
    Type.Object({ id: Id, entity: Type.Optional(Type.String({ maxLength: 32 })), recordId: Type.Optional(Id) }, strict),
    Done,
  ),
  countAudience: define(
    'POST /campaigns/audience',
    'campaign.read',
    'Who gets a mail to this audience, and why the others do not',
    Type.Object(
      {
        audience: Type.Unknown(),
        timeZone: Type.String({ maxLength: 64 }),
        /** Of a follow-up: whom it would go to now, whatever the parts of the audience are. */
        follows: Type.Optional(Type.Object({ campaignId: Id, when: Type.Enum([...followConditions]) }, strict)),
      },
      strict,
    ),
    AudienceAnswer,
  ),
  campaignStats: define('GET /campaigns/:id/stats', 'campaign.read', 'What came of a campaign', ofOne, Stats),
  campaignRecipients: define(
    'GET /campaigns/:id/recipients',
    'campaign.read',
    'Its recipients and those left out, a page at a time, by the records they are',
    Type.Object(
      {
        id: Id,
        state: Type.Optional(Type.String({ maxLength: 32 })),
        behind: Type.Optional(Type.String({ maxLength: 12, pattern: String.raw`^\d+$` })),
      },
      strict,
    ),
    Type.Object({ recipients: Type.Array(RecipientRow), next: Type.Union([Type.Integer(), Type.Null()]) }),
  ),
  listSuppressions: define(
    'GET /mail/suppressions',
    'campaign.publish',
    'Addresses nothing is sent to',
    Type.Object(
      {
        search: Type.Optional(Type.String({ maxLength: 254 })),
        behind: Type.Optional(Type.String({ maxLength: 254 })),
      },
      strict,
    ),
    Type.Object({ suppressions: Type.Array(SuppressionRow), next: MaybeText, total: Count }),
  ),
  addSuppression: define(
    'POST /mail/suppressions',
    'campaign.publish',
    'Send nothing to an address any more',
    Type.Object({ address: Type.String({ minLength: 3, maxLength: 254 }) }, strict),
    Done,
  ),
  removeSuppression: define(
    'POST /mail/suppressions/remove',
    'campaign.publish',
    'Allow an address again; not one whose owner unsubscribed or complained',
    Type.Object({ address: Type.String({ minLength: 3, maxLength: 254 }) }, strict),
    Done,
  ),
  readProvider: define(
    'GET /mail/provider',
    'org.manage_integrations',
    'How campaigns are sent',
    nothing,
    ProviderAnswer,
  ),
  saveProvider: define(
    'PUT /mail/provider',
    'org.manage_integrations',
    'Change how campaigns are sent; without a secret the kept one stays',
    Type.Object({ settings: ProviderSettingsSchema, secret: Type.Optional(Type.String({ maxLength: 4096 })) }, strict),
    ProviderAnswer,
  ),
  checkProvider: define(
    'POST /mail/provider/check',
    'org.manage_integrations',
    'Whether the provider lets this server in',
    nothing,
    Done,
  ),
  readProviderReports: define(
    'GET /mail/provider/reports',
    'org.manage_integrations',
    'Where a provider calls to tell what became of mails, and what came of the last call',
    Type.Object({ provider: ReportingProviderSchema }, strict),
    ProviderReportsState,
  ),
  saveProviderReports: define(
    'PUT /mail/provider/reports',
    'org.manage_integrations',
    'What calls of a provider are verified with: a key, or of Amazon the topic; empty: none is taken',
    Type.Object({ provider: ReportingProviderSchema, key: Type.String({ maxLength: 4096 }) }, strict),
    ProviderReportsState,
  ),
  readBounceMailbox: define(
    'GET /mail/bounce-mailbox',
    'org.manage_integrations',
    'The mailbox returned mail is read from, and what came of the last look',
    nothing,
    BounceMailboxState,
  ),
  saveBounceMailbox: define(
    'PUT /mail/bounce-mailbox',
    'org.manage_integrations',
    'Name the mailbox campaigns come back to; without a secret the kept one stays',
    Type.Object({ settings: BounceMailboxSchema, secret: Type.Optional(Type.String({ maxLength: 4096 })) }, strict),
    BounceMailboxState,
  ),
  checkBounceMailbox: define(
    'POST /mail/bounce-mailbox/check',
    'org.manage_integrations',
    'Read the mailbox now, and say what came of it',
    nothing,
    BounceMailboxState,
  ),
  reportBounce: define(
    'POST /mail/bounces',
    'campaign.update',
    'A bounce or a complaint as it came, whole; it is matched with the mail it is about',
    Type.Object({ message: Type.String({ minLength: 1, maxLength: 900_000 }) }, strict),
    Type.Object({ matched: Type.Boolean(), kind: Type.String(), status: MaybeText, reason: MaybeText }),
  ),
} as const;

export type CampaignCalls = typeof campaignCalls;
export type CampaignCallName = keyof CampaignCalls;
export type CampaignInput<Name extends CampaignCallName> = Static<CampaignCalls[Name]['input']>;
export type CampaignAnswer<Name extends CampaignCallName> = Static<CampaignCalls[Name]['answer']>;

export const campaignCallNames = Object.keys(campaignCalls) as readonly CampaignCallName[];

export function isCampaignCall(name: string): name is CampaignCallName {
  return Object.hasOwn(campaignCalls, name);
}
