// The words of the mail engine: what main knows of a mailbox and tells to windows, and what windows may ask for. Shapes that
// come from a window are schemas; the rest are types.
import { Type, type Static } from 'typebox';

export const mailVisibilities = ['participants', 'metadata', 'team'] as const;
/**
 * Who reads a mail beside its owner and the colleagues it was sent to or by. `participants`: nobody. `metadata`: whoever sees the
 * record sees that there was a mail, when and with whom. `team`: whoever sees the record reads it.
 */
export type MailVisibility = (typeof mailVisibilities)[number];

export interface MailAddress {
  readonly name: string;
  readonly address: string;
}

export const mailPresets = ['gmail', 'microsoft', 'other'] as const;
export type MailPreset = (typeof mailPresets)[number];

const name = (maxLength: number) => Type.String({ maxLength });
const exact = { additionalProperties: false };

export const MailServerSchema = Type.Object(
  {
    host: Type.String({ minLength: 1, maxLength: 253 }),
    port: Type.Integer({ minimum: 1, maximum: 65_535 }),
    /** `none` only where the server is on this computer. */
    security: Type.Union([Type.Literal('tls'), Type.Literal('starttls'), Type.Literal('none')]),
  },
  exact,
);
export type MailServer = Static<typeof MailServerSchema>;

export const MailAccountSchema = Type.Object(
  {
    address: Type.String({ minLength: 3, maxLength: 254 }),
    name: name(200),
    preset: Type.Union([Type.Literal('gmail'), Type.Literal('microsoft'), Type.Literal('other')]),
    imap: MailServerSchema,
    smtp: MailServerSchema,
    user: Type.String({ minLength: 1, maxLength: 254 }),
    auth: Type.Union([Type.Literal('password'), Type.Literal('oauth')]),
    /** Of the registration at the provider; no secret of the person. */
    oauth: Type.Union([
      Type.Null(),
      Type.Object(
        {
          clientId: Type.String({ minLength: 1, maxLength: 400 }),
          /** Null: the one that is kept here for the same address for tokens. */
          clientSecret: Type.Union([Type.Null(), name(400)]),
          authorizeUrl: name(400),
          tokenUrl: name(400),
          scope: name(400),
        },
        exact,
      ),
    ]),
    visibility: Type.Union([Type.Literal('participants'), Type.Literal('metadata'), Type.Literal('team')]),
    signature: Type.String({ maxLength: 10_000 }),
    /** The same with its looks; null or absent: it has none. */
    signatureHtml: Type.Optional(Type.Union([Type.Null(), Type.String({ maxLength: 50_000 })])),
    /** The servers are in the own network, or on this computer: addresses that are not public are reached, too. */
    isOwnNetwork: Type.Boolean(),
  },
  exact,
);
export type MailAccountInput = Static<typeof MailAccountSchema>;

/** Why an account does not work; screens translate `mailbox.failure.<kind>`. */
export const mailFailures = [
  'wrongCredentials',
  'unreachable',
  'forbiddenAddress',
  'untrusted',
  'folderGone',
  'signInAgain',
  'broken',
  'offline',
  'full',
  /** Taken over, but not for everybody it was to go to. */
  'notToAll',
] as const;
export type MailFailureKind = (typeof mailFailures)[number];

export interface MailFailure {
  readonly kind: MailFailureKind;
  /** What the server said, for whoever runs it. */
  readonly detail: string;
}

export interface MailFolder {
  readonly id: number;
  readonly path: string;
  readonly name: string;
  /** `\Inbox`, `\Sent`, `\Drafts`, `\Trash`, `\Junk`, `\All`, `\Archive`; empty for others. */
  readonly use: string;
  readonly isChosen: boolean;
  /** Messages the mail server has; null before anybody asked. */
  readonly onServer: number | null;
  readonly here: number;
  /** Here, and not readable as a message. */
  readonly unreadable: number;
  readonly unseen: number;
  readonly checkedAt: string | null;
  readonly failure: MailFailure | null;
}

/** The secret of a registration stays in the main process; windows only learn that there is one. */
export interface ShownOAuth extends Omit<NonNullable<MailAccountInput['oauth']>, 'clientSecret'> {
  readonly hasSecret: boolean;
}

export interface MailAccountState extends Omit<MailAccountInput, 'oauth'> {
  readonly id: string;
  readonly oauth: ShownOAuth | null;
  readonly folders: readonly MailFolder[];
  readonly failure: MailFailure | null;
  readonly isSyncing: boolean;
  /** Under way: how many of how many messages of a folder are here. */
  readonly progress: { readonly folder: string; readonly done: number; readonly total: number } | null;
  /** Mail that belongs to records of the CRM. */
  readonly linkedCount: number;
}

export interface MailAttachment {
  /** Place in the list of this message. */
  readonly index: number;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
}

/** A mail in a list. */
export interface MailSummary {
  readonly id: number;
  readonly accountId: string;
  readonly messageId: string;
  readonly thread: string;
  readonly at: string;
  readonly from: MailAddress;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly subject: string;
  readonly snippet: string;
  readonly isOutbound: boolean;
  readonly isUnseen: boolean;
  readonly attachmentCount: number;
  readonly sizeBytes: number;
  /** Record of the CRM it is kept as; null when it concerns nobody known here. */
  readonly recordId: string | null;
}

/** Of the newest mail of a conversation that is in the folder. */
export interface MailThread {
  readonly newest: MailSummary;
  readonly count: number;
  readonly isUnseen: boolean;
  readonly people: readonly string[];
}

export interface MailPage {
  readonly threads: readonly MailThread[];
  readonly total: number;
}

/** What came lately and nobody looked at, the newest first. */
export interface NewMails {
  readonly total: number;
  readonly mails: readonly (MailSummary & { readonly folder: number })[];
}

/** A mail that is read. */
export interface MailContent {
  readonly html: string | null;
  readonly text: string;
  readonly attachments: readonly MailAttachment[];
  /** Pictures that the HTML names by `cid:`. */
  readonly inline: readonly { readonly contentId: string; readonly dataUrl: string }[];
  /** Only its beginning is on this computer. */
  readonly isPartial: boolean;
  /** Nothing could be made of it: what is shown is the text as it came. */
  readonly isBroken: boolean;
}

export interface OpenMail {
  readonly summary: MailSummary;
  readonly content: MailContent;
}

const AddressSchema = Type.Object({ name: name(200), address: Type.String({ maxLength: 254 }) }, exact);

export const MailDraftSchema = Type.Object(
  {
    accountId: Type.String({ minLength: 1, maxLength: 64 }),
    to: Type.Array(AddressSchema, { maxItems: 100 }),
    cc: Type.Array(AddressSchema, { maxItems: 100 }),
    bcc: Type.Array(AddressSchema, { maxItems: 100 }),
    subject: Type.String({ maxLength: 998 }),
    text: Type.String({ maxLength: 500_000 }),
    /** The same with its looks (`letter-document.ts`); null or absent: it has none and is sent as text alone. */
    html: Type.Optional(Type.Union([Type.Null(), Type.String({ maxLength: 2_000_000 })])),
    /** The mail it answers, in this mailbox. */
    answers: Type.Union([Type.Null(), Type.Integer()]),
    attachments: Type.Array(
      Type.Object(
        {
          id: Type.String({ maxLength: 64 }),
          name: name(255),
          mediaType: name(100),
          sizeBytes: Type.Integer({ minimum: 1 }),
        },
        exact,
      ),
      { maxItems: 50 },
    ),
    /** An instant; null: as soon as possible. */
    sendAt: Type.Union([Type.Null(), Type.String({ maxLength: 40 })]),
    /** A task when nobody answered within so many days. */
    followUpDays: Type.Union([Type.Null(), Type.Integer({ minimum: 1, maximum: 90 })]),
    /** The deal it is about, where its author said so; otherwise that follows from whom it goes to. */
    dealId: Type.Optional(Type.Union([Type.Null(), Type.String({ maxLength: 64 })])),
  },
  exact,
);
export type MailDraft = Static<typeof MailDraftSchema>;

/**
 * `unknown`: the line broke in the very moment in which the mail server takes over, and its folder of sent mail cannot say
 * what became of the mail. It is never sent again unless the person says so.
 */
export type OutboxState = 'draft' | 'queued' | 'sending' | 'unknown' | 'sent' | 'failed';

export interface OutboxItem {
  readonly id: string;
  readonly state: OutboxState;
  readonly draft: MailDraft;
  readonly changedAt: string;
  readonly sentAt: string | null;
  /** When it is tried next; null when it is not. */
  readonly nextAt: string | null;
  readonly attempts: number;
  readonly failure: MailFailure | null;
  /** Since then nobody answered and a task was made, or somebody did. */
  readonly followUp: 'none' | 'waiting' | 'answered' | 'reminded';
}

/** The file of letters was damaged, and what was written may be lost in part. */
export interface OutboxDamage {
  readonly at: string;
  /** Letters that are here again. */
  readonly saved: number;
}

export interface MailboxState {
  readonly accounts: readonly MailAccountState[];
  readonly outbox: readonly OutboxItem[];
  /** Until somebody saw it. */
  readonly outboxDamage: OutboxDamage | null;
}

/** What became of a trial of an account. */
export interface MailTrial {
  readonly imap: MailFailure | null;
  readonly smtp: MailFailure | null;
}
