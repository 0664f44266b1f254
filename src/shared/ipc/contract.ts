// Everything a window may ask the main process, and everything main may announce. Names, inputs and outputs stand here
// once; preload builds `window.outpost` from the names, main validates each input, the types are derived.
// Events announce state, they never command. Tokens, passwords at rest and file paths never cross to a window.
import { Type, type Static, type TSchema } from 'typebox';
import {
  LocalJobFilterSchema,
  type LocalJob,
  type LocalJobLine,
  type LocalJobsOverview,
} from '#shared/jobs/local-jobs.ts';
import type { ErrorData } from '#shared/kernel/errors.ts';
import {
  OrganizationSettingsSchema,
  PresenceChoiceSchema,
  RevealRequestSchema,
  type DemoGrant,
  type ManifestRange,
  type MaskingAudit,
  type OneTimePassword,
  type OrganizationSettings,
  type PresenceChoice,
  type PullItem,
  type ScopeDrop,
  type SessionList,
  type SignInWays,
  type Verdict,
  type Why,
} from '#shared/sync/messages.ts';
import {
  ProofSchema,
  ProveAgainSchema,
  type FactorWay,
  type OwnFactors,
  type RecoveryCodes,
  type SignInHistory,
  type SignInNeed,
  type TotpSetup,
} from '#shared/sync/sign-in-messages.ts';
import type { FeatureRules } from '#shared/platform/features.ts';
import {
  IdSchema,
  OwnPoliciesBodySchema,
  SupportDecisionSchema,
  type Standing,
  type SupportAccess,
} from '#shared/platform/platform-messages.ts';
import {
  AccessChangeSchema,
  NewApiKeySchema,
  RotationSchema,
  type AccessRulesState,
  type ApiKeyList,
  type GivenApiKey,
  type OwnUsage,
  type UsageOfPeople,
} from '#shared/sync/access-messages.ts';
import type { MailState, RunReportAnswer } from '#shared/sync/report-messages.ts';
import {
  ProviderInputSchema,
  type AddressWays,
  type Provider,
  type SsoOverview,
  type SsoTrial,
} from '#shared/sync/sso-messages.ts';
import {
  DraftingInputSchema,
  ModelRequestSchema,
  type DraftingSetup,
  type DraftingState,
  type ModelAnswer,
} from '#shared/sync/drafting-messages.ts';
import { MaintenancePlanSchema, type MaintenancePlan } from '#shared/sync/maintenance.ts';
import { AuditPolicySchema, type KeptPolicy } from '#shared/audit/policy/audit-policy.ts';
import {
  AuditExportWishSchema,
  AuditFiguresQuerySchema,
  AuditQuerySchema,
  ComplianceQuerySchema,
  HoldBodySchema,
  type AuditAlerts,
  type AuditExport,
  type AuditFigures,
  type AuditLine,
  type AuditPage,
  type AuditVerification,
  type ComplianceReport,
  type RetentionState,
} from '#shared/sync/audit-messages.ts';
import type { InvitationLink } from '#shared/sync/invitation-link.ts';
import { MOST_DEVICE_NAME, type DeviceList, type SentInvitation } from '#shared/sync/people-messages.ts';
import { AlertRuleSchema } from '#shared/observe/alert-rules.ts';
import { AlertIdSchema, type AlertOverview } from '#shared/sync/alert-messages.ts';
import type { Diagnosis } from '#shared/sync/diagnosis-messages.ts';
import type { HealthDetail } from '#shared/sync/health-messages.ts';
import {
  JobActionSchema,
  JobQuerySchema,
  PlanChangeSchema,
  PlanRunSchema,
  QueueChangeSchema,
  type JobList,
  type JobOverview,
} from '#shared/sync/job-messages.ts';
import {
  MonitoringQuerySchema,
  type MonitoringErrors,
  type MonitoringStats,
  type MonitoringUsage,
} from '#shared/sync/monitoring-messages.ts';
import { PersonPlaceSchema, type ErasureDone, type PersonExport } from '#shared/sync/privacy-messages.ts';
import { OperationSchema, type Operation } from '#shared/sync/operation.ts';
import { CHUNK_BYTES, KEEP_FILES_DAYS, KEEP_FILES_MB } from '#shared/files/file-limits.ts';
import type { RecordReference } from '#shared/access/parent-record.ts';
import type { Actor } from '#shared/access/actor.ts';
import type { LiveEvent } from '#shared/live/live-events.ts';
import type { DoctorSnapshot, Repair, ServerStanding, Verification } from '#shared/doctor/snapshot.ts';
import {
  MailAccountSchema,
  MailDraftSchema,
  type MailAddress,
  type MailPage,
  type MailboxState,
  type MailTrial,
  type OpenMail,
} from '#shared/mail/mail-types.ts';
import type { KeptMail } from '#shared/entities/mail-message/commands.ts';
import type { ChannelName, EventName } from '#shared/ipc/channel-names.ts';

/** Windows by purpose; main allows a channel only to the roles named with it. */
export type WindowRole = 'main' | 'settings' | 'audit' | 'platform' | 'doctor' | 'operations' | 'jobs' | 'dataHost';

const nothing = Type.Object({}, { additionalProperties: false });
const OperationDraftSchema = Type.Omit(OperationSchema, ['opNo']);
const everyone: readonly WindowRole[] = [
  'main',
  'settings',
  'audit',
  'platform',
  'doctor',
  'operations',
  'jobs',
  'dataHost',
];
const screens: readonly WindowRole[] = ['main', 'settings', 'audit'];
const mainOnly: readonly WindowRole[] = ['main'];
const hostOnly: readonly WindowRole[] = ['dataHost'];
const settingsOnly: readonly WindowRole[] = ['settings'];
const doctorOnly: readonly WindowRole[] = ['doctor'];
const platformOnly: readonly WindowRole[] = ['platform'];
const doctorAndSettings: readonly WindowRole[] = ['doctor', 'settings'];
const operationsOnly: readonly WindowRole[] = ['operations'];
const jobsOnly: readonly WindowRole[] = ['jobs'];
const jobWindows: readonly WindowRole[] = ['operations', 'jobs'];

export interface AppInfo {
  readonly version: string;
  readonly host: 'electron' | 'chromium';
  readonly platform: string;
  readonly locale: string;
  /** Where keys are kept: `keychain`, `safeStorage`, `passphrase`; shown in Settings. */
  readonly secretBackend: string;
  /** There is a server that can found the demo company: the embedded one, or the one named at the start. */
  readonly hasDemo: boolean;
}

export type SessionState =
  /**
   * Keys cannot be read: `choosePassphrase` on a computer without a keychain, `enterPassphrase` when it was chosen before,
   * `keychainAway` when they are in a keychain that does not answer.
   */
  | { readonly status: 'locked'; readonly reason: 'choosePassphrase' | 'enterPassphrase' | 'keychainAway' }
  | { readonly status: 'firstRun' }
  /** The computer was too long without its server, or its clock went back: nothing is shown until it meets the server. */
  | {
      readonly status: 'leaseEnded';
      readonly reason: 'over' | 'clock';
      readonly serverUrl: string;
      readonly tenantName: string;
      readonly email: string;
      readonly days: number;
      /** Until when it worked, in the server's time. */
      readonly endsAt: string;
      /** Work that is kept here and not sent yet. */
      readonly unsentCount: number;
    }
  | {
      readonly status: 'signedOut';
      readonly serverUrl: string;
      readonly email: string | null;
      readonly hasLocalData: boolean;
      /** Why the session ended when the user did not ask for it: `refresh_reused`, `account_deactivated` … */
      readonly reason?: ErrorData;
    }
  | {
      readonly status: 'signedIn';
      readonly serverUrl: string;
      readonly tenantName: string;
      readonly actor: Actor;
      readonly deviceId: string;
      /** Which features the organization has, as the server last said. */
      readonly features: FeatureRules;
      /** Nobody was there for a while: screens are covered until the password was entered. */
      readonly isLocked?: boolean;
    }
  /** The first proof was right, and more is owed before anything opens. The key of the challenge stays in main. */
  | {
      readonly status: 'challenged';
      readonly serverUrl: string;
      readonly email: string;
      readonly need: SignInNeed;
      readonly ways: readonly FactorWay[];
      readonly leastLength: number;
      /** Shown once. */
      readonly recoveryCodes?: readonly string[];
    };

/** States of the sync engine (src/shared/sync/engine-state.ts). */
export type SyncPhase = 'signedOut' | 'offline' | 'pulling' | 'pushing' | 'idle' | 'backingOff' | 'blocked';

export interface SyncStatus {
  readonly phase: SyncPhase;
  /** The user's own switch *Work offline*. */
  readonly workOffline: boolean;
  /** Operations saved on this computer that the server has not answered. */
  readonly pendingCount: number;
  readonly attentionCount: number;
  /** Instant of the last time everything was exchanged, null before the first. */
  readonly upToDateAt: string | null;
  /** Progress of a first or full sync. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly retryAt: string | null;
  readonly error: ErrorData | null;
}

/** Something the user typed that the server refused, kept until the user decides. */
export interface AttentionItem {
  readonly id: string;
  readonly operation: Operation;
  /** Name of the record, only while it is visible. */
  readonly label: string | null;
  readonly code: string;
  readonly message: string;
  readonly problems: readonly { readonly field: string; readonly code: string; readonly message: string }[];
  /** Why, with the facts to say it in the user's words. Absent where the code says all there is, and in items of older versions. */
  readonly why?: Why;
  readonly createdAt: string;
  /** For `blocked`: the operation that was refused first. */
  readonly causedBy: string | null;
}

/** Answer to `applyPage` and `applyVerdicts`: what happened in the eyes of this user. */
export interface AppliedOutcome {
  readonly events: readonly LiveEvent[];
}

/** What main asks the data host to do; it answers through `host.answer`. */
export type HostRequest =
  /** Answers an AppliedOutcome. */
  | {
      readonly kind: 'applyPage';
      readonly items: readonly PullItem[];
      readonly token: string;
      readonly snapshotStart: boolean;
      readonly caughtUp: boolean;
      /** Epoch the page was made with. */
      readonly epoch?: number;
    }
  /** Answers an AppliedOutcome. */
  | { readonly kind: 'applyVerdicts'; readonly verdicts: readonly Verdict[] }
  /** Answers a HostPosition. */
  | { readonly kind: 'readPosition' }
  /** Removes what a change of rights took away: records, fields, every copy of them. */
  | { readonly kind: 'purge'; readonly drop: ScopeDrop }
  /** Compares with a page of the manifest and removes what it does not name, unless it only looks. Answers ManifestFindings. */
  | {
      readonly kind: 'compareManifest';
      readonly ranges: readonly ManifestRange[];
      readonly key: string;
      readonly onlyLook: boolean;
    }
  /** Bodies asked for after a comparison, and how far the manifest is read: `isLast` makes `token` a place in the log. */
  | {
      readonly kind: 'applyManifest';
      readonly items: readonly PullItem[];
      readonly token: string;
      readonly isLast: boolean;
      readonly epoch: number;
    }
  /** Which of these records are not held. Answers places, or null as long as what is held is not complete. */
  | { readonly kind: 'findAbsent'; readonly places: readonly { readonly entity: string; readonly recordId: string }[] }
  /** Answers a DatabaseStanding. */
  | { readonly kind: 'describeDatabase' }
  /** What is known of these files, and of those attached since an instant, newest first. Answers FilesSeen. */
  | {
      readonly kind: 'lookAtFiles';
      readonly files: readonly { readonly id: string; readonly parent: RecordReference | null }[];
      readonly since: string;
      readonly most: number;
    }
  /** An action of a message of the desktop, as the command a click would be. Answers null. */
  | { readonly kind: 'execute'; readonly command: 'markNotifications' | 'completeTask'; readonly input: unknown }
  /** Which of these mails belong to records. Answers `MailLinks | null` for each; `own`: addresses of the mailboxes. */
  | {
      readonly kind: 'matchMails';
      readonly own: readonly string[];
      readonly mails: readonly {
        readonly from: MailAddress;
        readonly to: readonly MailAddress[];
        readonly cc: readonly MailAddress[];
      }[];
    }
  /** Answers `{ isKept, wasThere }`. */
  | { readonly kind: 'keepMail'; readonly mail: KeptMail }
  /** Nobody answered a mail: makes the task, once. */
  | {
      readonly kind: 'remindOfMail';
      readonly id: string;
      readonly subject: string;
      readonly dueDate: string;
      readonly messageId: string;
    }
  /** The journal holds other operations than before. */
  | { readonly kind: 'reloadPending' }
  | {
      readonly kind: 'openProfile';
      readonly profileId: string;
      readonly actor: Actor;
      /** Seals the local database at rest: 256 bits as base64, derived from the profile key. */
      readonly storageKey?: string;
    }
  | { readonly kind: 'closeProfile' }
  /** The database of this profile goes with all its bytes, open or not. */
  | { readonly kind: 'wipe'; readonly profileId: string };

const NotificationAlertSchema = Type.Object({
  key: Type.String({ maxLength: 200 }),
  /** When it came, or came back. */
  cameAt: Type.String({ maxLength: 32 }),
  /** Another computer of the user told of it. */
  isShown: Type.Boolean(),
  /** Told in quiet hours, too. */
  isUrgent: Type.Boolean(),
  title: Type.String(),
  text: Type.String(),
  route: Type.String({ maxLength: 200 }),
  /** The task it is about, when it can be completed from the message. */
  taskId: Type.Union([Type.String({ maxLength: 64 }), Type.Null()]),
});
export type NotificationAlert = Static<typeof NotificationAlertSchema>;

/** What is unread, and what of it is told outside the windows; words as its reader may read them now. */
export interface NotificationNews {
  readonly userId: string;
  readonly unread: number;
  /** End of the quiet hours that hold; null outside of them. */
  readonly quietUntil: string | null;
  readonly alerts: readonly NotificationAlert[];
}

/** A file whose record, and the record that one belongs to, are held. */
export interface SeenFile {
  readonly id: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
  readonly sha256: string;
  readonly parent: RecordReference;
  /** The server has all of it. */
  readonly isAvailable: boolean;
  /** Attached by the user of the profile. */
  readonly isOwn: boolean;
}

export interface FilesSeen {
  readonly held: readonly SeenFile[];
  /** Ids of files that are not held, though the record they belonged to is: they were deleted. */
  readonly deleted: readonly string[];
  readonly recent: readonly SeenFile[];
}

/** What a page hands over was taken: what a command needs to attach it. */
export interface TakenFile {
  readonly id: string;
  readonly name: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
  readonly sha256: string;
}

/** Where the content of a file is, as far as this computer knows. */
export interface FileState {
  readonly id: string;
  /**
   * `absent`: nothing of it is here. `part`: some of it. `copy`: all of it, and the server has it. `waiting`: all of it, and it
   * is to be sent. `refused`: all of it, and the server did not take it.
   */
  readonly place: 'absent' | 'part' | 'copy' | 'waiting' | 'refused';
  /** Under way now, in chunks. */
  readonly transfer: { readonly direction: 'up' | 'down'; readonly done: number; readonly total: number } | null;
  readonly refusal: ErrorData | null;
  readonly isPinned: boolean;
}

/** A file somebody attached here that could not be kept by the server: it stays until the person decides. */
export interface RefusedFile extends Omit<TakenFile, 'sha256'> {
  readonly parent: RecordReference | null;
  readonly refusal: ErrorData;
}

export interface FilesUsage {
  /** Copies that can be fetched again. */
  readonly copyBytes: number;
  readonly copyCount: number;
  /** Attached here and not on the server. */
  readonly owedBytes: number;
  readonly owedCount: number;
}

/** Where the local database stands. */
export interface HostPosition {
  readonly token: string | null;
  /** Epoch of what is held; null when nothing is known of it. */
  readonly epoch: number | null;
  /** `log`: the token is a place to pull from. `manifest`: it is one in a manifest. `empty`: nothing of the server is held. */
  readonly stage: 'empty' | 'log' | 'manifest';
}

export interface PlacesOfCollection {
  readonly coll: string;
  readonly ids: readonly string[];
}

/** How what is held differs from a manifest. */
export interface ManifestFindings {
  readonly missing: readonly PlacesOfCollection[];
  readonly different: readonly PlacesOfCollection[];
  /** Held, and not named. */
  readonly surplus: readonly PlacesOfCollection[];
}

export type UpdateStatus =
  | { readonly state: 'idle' | 'checking' | 'none' | 'unsupported' }
  | { readonly state: 'available' | 'ready'; readonly version: string }
  | { readonly state: 'downloading'; readonly percent: number }
  | { readonly state: 'failed'; readonly message: string };

interface Channel<Input extends TSchema, Output> {
  readonly input: Input;
  readonly roles: readonly WindowRole[];
  /** Carries the output type only. */
  readonly output?: Output;
}

function channel<Output>() {
  return <Input extends TSchema>(input: Input, roles: readonly WindowRole[]): Channel<Input, Output> => ({
    input,
    roles,
  });
}

const text = (maxLength: number) => Type.String({ maxLength });
const AtProvider = { serverUrl: text(2048), email: text(254), providerId: text(64) };
const Bytes = Type.Refine(
  Type.Unsafe<Uint8Array>(Type.Unknown()),
  (value) => value instanceof Uint8Array && value.length <= CHUNK_BYTES,
);

const MailboxInput = Type.Object({
  id: Type.Union([Type.Null(), Type.String({ maxLength: 64 })]),
  account: MailAccountSchema,
  password: Type.Union([Type.Null(), Type.String({ minLength: 1, maxLength: 1024 })]),
});

const ToldErrorSchema = Type.Object(
  {
    kind: text(64),
    /** Page it happened in. */
    place: text(64),
    frames: Type.Array(
      Type.Object({ function: text(128), file: text(128), line: Type.Integer(), column: Type.Integer() }),
      { maxItems: 30 },
    ),
  },
  { additionalProperties: false },
);
export type ToldError = Static<typeof ToldErrorSchema>;

export const channels = {
  'app.info': channel<AppInfo>()(nothing, everyone),
  /** An error nobody expected in a page: kind and places, never its message. */
  'app.noteError': channel<null>()(ToldErrorSchema, everyone),
  'session.get': channel<SessionState>()(nothing, everyone),
  /** Chooses or enters the passphrase of a locked store; refused with `wrong_passphrase`. */
  'secrets.unlock': channel<SessionState>()(Type.Object({ passphrase: text(1024) }), screens),
  /** Asks the keychain that holds the keys again; refused with `keychain_unavailable`. */
  'secrets.retry': channel<SessionState>()(nothing, screens),
  'session.checkServer': channel<{ readonly name: string; readonly version: string }>()(
    Type.Object({ serverUrl: text(2048) }),
    screens,
  ),
  'session.startDemo': channel<DemoGrant & { readonly serverUrl: string }>()(nothing, screens),
  'session.signIn': channel<SessionState>()(
    Type.Object({
      serverUrl: text(2048),
      email: text(254),
      password: text(1024),
      /** Replaces a one-time password; asked for by `password_change_required`. */
      newPassword: Type.Optional(text(1024)),
    }),
    screens,
  ),
  /** What is owed after a first proof. Refused with `wrong_code`, `challenge_over`, `invalid` for a password. */
  'session.answer': channel<SessionState>()(Type.Object({ proof: ProofSchema }), screens),
  /** Begins to set up the authenticator app that is owed. */
  'session.beginTotp': channel<TotpSetup>()(nothing, screens),
  /** Back to where signing in begins. */
  'session.dropChallenge': channel<SessionState>()(nothing, screens),
  /** A link to a new password, by mail; the same answer whether the address is known or not. */
  'session.askReset': channel<null>()(Type.Object({ serverUrl: text(2048), email: text(254) }), screens),
  /** Somebody pressed a key or clicked. */
  'session.noteActivity': channel<null>()(nothing, everyone),
  'session.lock': channel<SessionState>()(nothing, screens),
  /** Refused with `wrong_credentials`; the tenth time the session ends on this computer. */
  'session.uncover': channel<SessionState>()(Type.Object({ password: text(1024) }), everyone),
  /** How the user signs in. These need the server; those that change something are refused with `proof_required`. */
  /** Open the browser of the system and answer when it is back; refused with `cancelled`, `challenge_over`. */
  'session.enterByPasskey': channel<SessionState>()(Type.Object({ serverUrl: text(2048), email: text(254) }), screens),
  'session.answerByPasskey': channel<SessionState>()(nothing, screens),
  'factors.addPasskey': channel<null>()(nothing, screens),
  'session.cancelPasskey': channel<null>()(nothing, screens),
  'factors.own': channel<OwnFactors>()(nothing, screens),
  'factors.prove': channel<null>()(ProveAgainSchema, screens),
  'factors.beginTotp': channel<TotpSetup>()(nothing, screens),
  'factors.confirmTotp': channel<RecoveryCodes>()(Type.Object({ code: text(64) }), screens),
  'factors.remove': channel<null>()(Type.Object({ id: text(64) }), screens),
  'factors.renewCodes': channel<RecoveryCodes>()(nothing, screens),
  'factors.signIns': channel<SignInHistory>()(nothing, screens),
  /** Of somebody whose password this user may replace. */
  'users.signIns': channel<SignInHistory>()(Type.Object({ userId: text(64) }), screens),
  'users.takeFactorsAway': channel<null>()(Type.Object({ userId: text(64) }), screens),
  /** `keep` leaves unsent work encrypted on this computer; `discard` was confirmed by the user. */
  'session.signOut': channel<SessionState>()(
    Type.Object({ unsent: Type.Union([Type.Literal('keep'), Type.Literal('discard')]) }),
    screens,
  ),
  /** By the domain of an address, before anybody signs in. */
  'session.ways': channel<AddressWays>()(Type.Object({ serverUrl: text(2048), email: text(254) }), screens),
  /** Opens the browser of the system and answers when it is back; refused with `sso_refused`, `sso_expired`, `cancelled`. */
  'session.signInByBrowser': channel<SessionState>()(Type.Object(AtProvider), screens),
  'session.signInByDirectory': channel<SessionState>()(Type.Object({ ...AtProvider, password: text(1024) }), screens),
  'session.cancelBrowser': channel<null>()(nothing, screens),
  /** For administrators; these need the server. A secret goes there and never comes back. */
  'sso.overview': channel<SsoOverview>()(nothing, settingsOnly),
  'sso.save': channel<Provider>()(
    Type.Object({ id: Type.Union([text(64), Type.Null()]), input: ProviderInputSchema }),
    settingsOnly,
  ),
  'sso.remove': channel<SsoOverview>()(Type.Object({ id: text(64) }), settingsOnly),
  /** In the browser of the system; nobody is signed in. */
  'sso.try': channel<SsoTrial>()(Type.Object({ id: text(64) }), settingsOnly),
  'sso.tryDirectory': channel<SsoTrial>()(
    Type.Object({ id: text(64), email: text(254), password: text(1024) }),
    settingsOnly,
  ),
  'sso.addDomain': channel<SsoOverview>()(Type.Object({ domain: text(300) }), settingsOnly),
  'sso.verifyDomain': channel<SsoOverview>()(Type.Object({ domain: text(253) }), settingsOnly),
  'sso.removeDomain': channel<SsoOverview>()(Type.Object({ domain: text(253) }), settingsOnly),
  'sso.switchPassword': channel<SsoOverview>()(
    Type.Object({ domain: text(253), passwordOff: Type.Boolean() }),
    settingsOnly,
  ),
  'sso.chooseBreakGlass': channel<SsoOverview>()(
    Type.Object({ userId: Type.Union([text(64), Type.Null()]) }),
    settingsOnly,
  ),
  /** Until when this computer works without its server; null when nobody is signed in. */
  'session.lease': channel<{ readonly days: number; readonly endsAt: string } | null>()(nothing, screens),
  /** Tries to meet the server now, to open a profile whose lease ended. */
  'session.meetServer': channel<SessionState>()(nothing, screens),
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
  /** A call about campaigns by its name; main checks the input by the table of calls. Needs the server. */
  'campaigns.ask': channel<object>()(
    Type.Object({ call: text(64), input: Type.Record(Type.String({ maxLength: 64 }), Type.Unknown()) }),
    screens,
  ),
  /** Refused with `action_forbidden`, and without a connection. */
  'organization.change': channel<OrganizationSettings>()(OrganizationSettingsSchema, screens),
  /** Needs the server. Refused with `wrong_credentials` when the current one is wrong; every other session of the person ends. */
  'session.changePassword': channel<null>()(
    Type.Object({ currentPassword: text(1024), newPassword: text(1024) }),
    screens,
  ),
  'session.list': channel<SessionList>()(nothing, screens),
  'session.end': channel<null>()(Type.Object({ sessionId: text(64) }), screens),
  /** Of the people whose password this user may replace; needs the server. */
  'users.signInWays': channel<SignInWays>()(nothing, screens),
  /** Shown once. Needs the server, which decides, and holds the user. */
  'users.giveOneTimePassword': channel<OneTimePassword>()(Type.Object({ userId: text(64) }), screens),
  /** Needs the server. The link is in the answer when it did not go by mail. */
  'users.invite': channel<SentInvitation>()(Type.Object({ userId: text(64), byMail: Type.Boolean() }), screens),
  'users.withdrawInvitation': channel<null>()(Type.Object({ userId: text(64) }), screens),
  /** What a pasted link says; null for one that is no invitation. */
  'invitation.read': channel<InvitationLink | null>()(Type.Object({ text: text(2000) }), mainOnly),
  /** The link that was opened last, once. */
  'invitation.opened': channel<InvitationLink | null>()(nothing, mainOnly),
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
  /** For administrators; needs the server. */
  'audit.entries': channel<AuditPage>()(AuditQuerySchema, screens),
  /** Also against the head that this computer kept; what is right becomes the head that it keeps. */
  'audit.verify': channel<AuditCheck>()(nothing, screens),
  /** An administrator knows why the kept head is not in the audit any more. */
  'audit.forgetHead': channel<null>()(nothing, screens),
  'audit.figures': channel<AuditFigures>()(AuditFiguresQuerySchema, screens),
  'audit.review': channel<AuditLine>()(
    Type.Object({ no: Type.Integer({ minimum: 1 }), note: text(1000) }, { additionalProperties: false }),
    screens,
  ),
  'audit.policies': channel<readonly KeptPolicy[]>()(nothing, screens),
  /** Without an id it is a new one. */
  'audit.savePolicy': channel<KeptPolicy>()(
    Type.Object({ id: Type.Optional(text(64)), policy: AuditPolicySchema }, { additionalProperties: false }),
    screens,
  ),
  'audit.removePolicy': channel<null>()(Type.Object({ id: text(64) }), screens),
  'audit.alerts': channel<AuditAlerts['alerts']>()(nothing, screens),
  'audit.reports': channel<readonly ComplianceReport[]>()(ComplianceQuerySchema, screens),
  'audit.retention': channel<RetentionState>()(nothing, screens),
  'audit.hold': channel<null>()(HoldBodySchema, screens),
  'audit.release': channel<null>()(Type.Object({ id: text(64) }), screens),
  /** A job of the server; its file is fetched when it is done, by whoever asked for it. */
  'audit.export': channel<AuditExport>()(AuditExportWishSchema, screens),
  'audit.exports': channel<readonly AuditExport[]>()(nothing, screens),
  'audit.exportFile': channel<{ readonly mediaType: string; readonly bytes: Uint8Array }>()(
    Type.Object({ id: text(64) }),
    screens,
  ),
  /** A file comes in parts: `begin` says how much, `append` hands them over in order, `finish` makes them durable. */
  'files.begin': channel<{ readonly id: string; readonly name: string }>()(
    Type.Object({ name: text(4096), sizeBytes: Type.Integer({ minimum: 0 }) }),
    mainOnly,
  ),
  'files.append': channel<null>()(
    Type.Object({ id: text(64), index: Type.Integer({ minimum: 0 }), bytes: Bytes }),
    mainOnly,
  ),
  'files.finish': channel<TakenFile>()(Type.Object({ id: text(64) }), mainOnly),
  /** The person does not want it any more: one that was not attached, or that was refused. */
  'files.discard': channel<null>()(Type.Object({ id: text(64) }), mainOnly),
  'files.states': channel<readonly FileState[]>()(
    Type.Object({ ids: Type.Array(text(64), { maxItems: 1000 }) }),
    mainOnly,
  ),
  'files.refused': channel<readonly RefusedFile[]>()(nothing, mainOnly),
  /** All of it is on this computer when it answers. Refused without a connection. */
  'files.fetch': channel<TakenFile>()(Type.Object({ id: text(64) }), mainOnly),
  /** A part of what is on this computer. */
  'files.read': channel<Uint8Array>()(Type.Object({ id: text(64), index: Type.Integer({ minimum: 0 }) }), mainOnly),
  /** Opens it with the program of the system; refused for what a system would run. */
  'files.open': channel<null>()(Type.Object({ id: text(64) }), mainOnly),
  'files.pin': channel<null>()(Type.Object({ id: text(64), on: Type.Boolean() }), mainOnly),
  'files.retry': channel<null>()(Type.Object({ id: text(64) }), mainOnly),
  'files.usage': channel<FilesUsage>()(nothing, screens),
  'sync.status': channel<SyncStatus>()(nothing, everyone),
  'sync.now': channel<null>()(nothing, everyone),
  'sync.workOffline': channel<SyncStatus>()(Type.Object({ on: Type.Boolean() }), screens),
  /** Ids of connected colleagues; null when nobody can tell. */
  'presence.online': channel<readonly string[] | null>()(nothing, everyone),
  /** The own choice to appear offline, on all devices; needs the server. */
  'presence.choice': channel<PresenceChoice>()(nothing, screens),
  'presence.choose': channel<PresenceChoice>()(PresenceChoiceSchema, screens),
  /** What happened lately, newest first. */
  'events.recent': channel<readonly LiveEvent[]>()(nothing, mainOnly),
  /** What was announced and is not over, as far as this computer has heard. */
  'maintenance.planned': channel<MaintenancePlan>()(nothing, screens),
  /** For administrators; needs the server. Null takes it back. */
  'maintenance.announce': channel<MaintenancePlan>()(MaintenancePlanSchema, screens),
  /** Whether the server can send mail; needs the server. */
  /** Drafting with a language model; needs the server. */
  'drafting.state': channel<DraftingState>()(nothing, screens),
  'drafting.ask': channel<ModelAnswer>()(ModelRequestSchema, screens),
  /** For administrators. The key goes there and never comes back. */
  'drafting.setup': channel<DraftingSetup>()(nothing, settingsOnly),
  'drafting.save': channel<DraftingSetup>()(DraftingInputSchema, settingsOnly),
  'drafting.remove': channel<DraftingSetup>()(nothing, settingsOnly),
  'drafting.test': channel<ModelAnswer>()(nothing, settingsOnly),
  'mail.state': channel<MailState>()(nothing, screens),
  /** For administrators: a mail to oneself. */
  'mail.test': channel<MailState>()(nothing, screens),
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
  /** A scheduled report at once, whatever its times say. */
  'reports.run': channel<RunReportAnswer>()(Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }), screens),
  /** Durable when it answers. All or nothing. */
  'journal.append': channel<readonly Operation[]>()(
    Type.Object({ ops: Type.Array(OperationDraftSchema, { maxItems: 20_000 }) }),
    hostOnly,
  ),
  'journal.pending': channel<readonly Operation[]>()(nothing, hostOnly),
  /** The mailboxes of this person on this computer, and what waits to be sent. */
  'mailbox.state': channel<MailboxState>()(nothing, screens),
  /** Signs in to both servers and changes nothing. `password` is left out where it is known. */
  'mailbox.try': channel<MailTrial>()(MailboxInput, screens),
  /** Keeps an account; the password goes to the keychain. Answers its id. */
  'mailbox.save': channel<string>()(MailboxInput, screens),
  /** Opens the browser of the system and answers when it is back; the account is kept then. Answers its id. */
  'mailbox.signIn': channel<string>()(MailboxInput, screens),
  'mailbox.cancelSignIn': channel<null>()(nothing, screens),
  /** With everything of it on this computer. What is kept with records stays. */
  'mailbox.remove': channel<null>()(Type.Object({ id: text(64) }), screens),
  'mailbox.chooseFolder': channel<null>()(Type.Object({ folder: Type.Integer(), on: Type.Boolean() }), screens),
  'mailbox.forgetFolder': channel<null>()(Type.Object({ folder: Type.Integer() }), screens),
  /** Looks now; `thorough` compares every number. */
  'mailbox.sync': channel<null>()(
    Type.Object({ id: text(64), folder: Type.Union([Type.Null(), Type.Integer()]), thorough: Type.Boolean() }),
    screens,
  ),
  'mailbox.threads': channel<MailPage>()(
    Type.Object({
      folder: Type.Integer(),
      offset: Type.Integer({ minimum: 0 }),
      limit: Type.Integer({ minimum: 1, maximum: 200 }),
      search: text(200),
    }),
    screens,
  ),
  /** All mails of the conversation of this one, the oldest first. */
  'mailbox.thread': channel<readonly OpenMail[]>()(Type.Object({ id: Type.Integer() }), screens),
  /** All of a mail whose beginning is here; needs the mail server. */
  'mailbox.fetchWhole': channel<null>()(Type.Object({ id: Type.Integer() }), screens),
  /** A mail that is kept with a record, by the id of its file. */
  'mailbox.readKept': channel<OpenMail['content']>()(Type.Object({ fileId: text(64) }), screens),
  'mailbox.attachment': channel<{ readonly name: string; readonly mediaType: string; readonly bytes: Uint8Array }>()(
    Type.Object({
      mail: Type.Union([Type.Object({ id: Type.Integer() }), Type.Object({ fileId: text(64) })]),
      index: Type.Integer({ minimum: 0 }),
    }),
    screens,
  ),
  /** Pictures of the network, when somebody asked for them: as data, without a sign of who asks. */
  'mailbox.pictures': channel<readonly { readonly url: string; readonly dataUrl: string | null }[]>()(
    Type.Object({ urls: Type.Array(text(2048), { maxItems: 100 }) }),
    screens,
  ),
  /** A piece of a file that goes with a letter; answers its id, which the next pieces name. */
  'mailbox.attach': channel<string>()(
    Type.Object({ id: Type.Union([Type.Null(), text(64)]), sizeBytes: Type.Integer({ minimum: 1 }), bytes: Bytes }),
    screens,
  ),
  'mailbox.saveDraft': channel<string>()(
    Type.Object({ id: Type.Union([Type.Null(), text(64)]), draft: MailDraftSchema }),
    screens,
  ),
  /** Refused with `invalid` when an address is none, or nobody is named. */
  'mailbox.send': channel<null>()(Type.Object({ id: text(64) }), screens),
  'mailbox.recall': channel<null>()(Type.Object({ id: text(64) }), screens),
  'mailbox.retry': channel<null>()(Type.Object({ id: text(64) }), screens),
  'mailbox.decide': channel<null>()(
    Type.Object({ id: text(64), was: Type.Union([Type.Literal('sent'), Type.Literal('notSent')]) }),
    screens,
  ),
  'mailbox.discard': channel<null>()(Type.Object({ id: text(64) }), screens),
  'attention.list': channel<readonly AttentionItem[]>()(nothing, everyone),
  'attention.discard': channel<null>()(Type.Object({ id: text(64) }), everyone),
  /** What the inbox holds for messages outside the windows. */
  'notifications.tell': channel<null>()(
    Type.Object({
      userId: text(64),
      unread: Type.Integer(),
      quietUntil: Type.Union([Type.String({ maxLength: 32 }), Type.Null()]),
      alerts: Type.Array(NotificationAlertSchema, { maxItems: 50 }),
    }),
    hostOnly,
  ),
  'host.answer': channel<null>()(
    Type.Object({ requestId: Type.Integer(), ok: Type.Boolean(), value: Type.Optional(Type.Unknown()) }),
    hostOnly,
  ),
  'host.ready': channel<null>()(nothing, hostOnly),
  'window.openSettings': channel<null>()(Type.Object({ section: text(64) }), [...screens, 'operations']),
  'window.openDoctor': channel<null>()(nothing, [...screens, 'operations']),
  /** What this computer does by itself; administrators see the jobs of the server beside it. */
  'window.openJobs': channel<null>()(nothing, [...screens, 'operations']),
  'localJobs.overview': channel<LocalJobsOverview>()(nothing, jobsOnly),
  /** Newest first. */
  'localJobs.list': channel<readonly LocalJob[]>()(LocalJobFilterSchema, jobsOnly),
  'localJobs.log': channel<readonly LocalJobLine[]>()(Type.Object({ id: text(64) }), jobsOnly),
  'localJobs.act': channel<null>()(
    Type.Object({ id: text(64), action: Type.Union([Type.Literal('retry'), Type.Literal('cancel')]) }),
    jobsOnly,
  ),
  /** `kind` null: all of them. */
  'localJobs.pause': channel<null>()(
    Type.Object({ kind: Type.Union([text(64), Type.Null()]), isPaused: Type.Boolean() }),
    jobsOnly,
  ),
  /** What is planned, now and once. */
  'localJobs.runPlan': channel<null>()(Type.Object({ name: text(200) }), jobsOnly),
  /** How the server does, for administrators. */
  'window.openOperations': channel<null>()(nothing, screens),
  'operations.health': channel<HealthDetail>()(nothing, operationsOnly),
  'operations.stats': channel<MonitoringStats>()(MonitoringQuerySchema, operationsOnly),
  'operations.errors': channel<MonitoringErrors>()(MonitoringQuerySchema, operationsOnly),
  'operations.usage': channel<MonitoringUsage>()(MonitoringQuerySchema, operationsOnly),
  'operations.jobs': channel<JobOverview>()(nothing, jobWindows),
  'operations.jobList': channel<JobList>()(JobQuerySchema, jobWindows),
  'operations.jobAction': channel<JobOverview>()(JobActionSchema, jobWindows),
  'operations.queue': channel<JobOverview>()(QueueChangeSchema, jobWindows),
  'operations.plan': channel<JobOverview>()(PlanChangeSchema, operationsOnly),
  'operations.runPlan': channel<JobOverview>()(PlanRunSchema, operationsOnly),
  'operations.alerts': channel<AlertOverview>()(nothing, operationsOnly),
  'operations.saveRule': channel<AlertOverview>()(AlertRuleSchema, operationsOnly),
  'operations.forgetRule': channel<AlertOverview>()(AlertIdSchema, operationsOnly),
  'operations.seeAlert': channel<AlertOverview>()(AlertIdSchema, operationsOnly),
  'operations.diagnosis': channel<Diagnosis>()(nothing, operationsOnly),
  /** Of the installation; shown to super administrators. */
  'window.openPlatform': channel<null>()(nothing, screens),
  /** The audit explorer; `path` says what it shows, such as `/audit/entries?entity=deal&id=…`. */
  'window.openAudit': channel<null>()(
    Type.Object({ path: Type.String({ pattern: '^/audit(/|$)', maxLength: 300 }) }),
    screens,
  ),
  /** Shows a record in a main window. */
  'window.showRecord': channel<null>()(
    Type.Object({
      path: Type.String({ maxLength: 128, pattern: '^/[a-z]{1,32}(/[0-9A-Za-z][0-9A-Za-z._-]{0,63})?$' }),
    }),
    doctorAndSettings,
  ),
  'doctor.snapshot': channel<DoctorSnapshot>()(nothing, doctorOnly),
  /** What only the server can tell; needs a connection. */
  'doctor.askServer': channel<ServerStanding>()(nothing, doctorOnly),
  /** Compares everything with the server and changes nothing; needs a connection. */
  'doctor.verify': channel<Verification>()(nothing, doctorOnly),
  /** Makes the local data what the server says; unsent work is not touched. Needs a connection. */
  'doctor.repair': channel<Repair>()(nothing, doctorOnly),
  /** The text of the report as it would be saved. */
  'doctor.report': channel<{ readonly text: string }>()(nothing, doctorOnly),
  'notification.show': channel<null>()(Type.Object({ title: text(200), body: text(1000), path: text(512) }), everyone),
  'shell.openExternal': channel<null>()(Type.Object({ url: text(2048) }), screens),
  'update.status': channel<UpdateStatus>()(nothing, screens),
  'update.check': channel<UpdateStatus>()(nothing, screens),
  'update.install': channel<null>()(nothing, screens),
  'preferences.get': channel<Preferences>()(nothing, everyone),
  'preferences.set': channel<Preferences>()(
    Type.Partial(
      Type.Object({
        theme: Type.Union([Type.Literal('system'), Type.Literal('light'), Type.Literal('dark')]),
        language: Type.Union([Type.Literal('system'), Type.Literal('en'), Type.Literal('de')]),
        keepFilesDays: Type.Integer({ minimum: KEEP_FILES_DAYS.least, maximum: KEEP_FILES_DAYS.most }),
        keepFilesMb: Type.Integer({ minimum: KEEP_FILES_MB.least, maximum: KEEP_FILES_MB.most }),
      }),
    ),
    screens,
  ),
} as const satisfies Record<ChannelName, Channel<TSchema, unknown>>;

/** The answer of the server, and the head it was compared with. */
export interface AuditCheck extends AuditVerification {
  /** The last head this computer verified before; null the first time. */
  readonly kept: { readonly no: number; readonly at: string } | null;
}

/** What belongs to this computer and person, not to the organization. Kept by main, announced to all windows. */
export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark';
  readonly language: 'system' | 'en' | 'de';
  /** Files attached within so many days are fetched before somebody asks; 0: none. */
  readonly keepFilesDays: number;
  /** Most that copies of files may take on this computer. */
  readonly keepFilesMb: number;
}

export type ChannelInput<Name extends ChannelName> = Static<(typeof channels)[Name]['input']>;
export type ChannelOutput<Name extends ChannelName> =
  (typeof channels)[Name] extends Channel<TSchema, infer Output> ? Output : never;

/** Announcements of main to windows. */
export interface EventPayloads extends Record<EventName, unknown> {
  'session.changed': SessionState;
  /** Somebody opened the link of an invitation: `invitation.opened` says which. */
  'invitation.came': null;
  'sync.changed': SyncStatus;
  'attention.changed': { readonly count: number };
  /** Content came, went or moved. */
  'files.changed': { readonly ids: readonly string[] };
  'preferences.changed': Preferences;
  /** Mail came, or something about a mailbox or the outbox changed. */
  'mailbox.changed': null;
  'update.changed': UpdateStatus;
  'presence.changed': { readonly online: readonly string[] | null };
  /** `fresh`: what was not there before, in the order in which it happened. */
  'events.changed': { readonly recent: readonly LiveEvent[]; readonly fresh: readonly LiveEvent[] };
  'maintenance.changed': MaintenancePlan;
  /** Ask again; comes a few times a second at most. */
  'localJobs.changed': null;
  /** What became of a file that a window handed over. `failed`: a full disk, or a folder nobody may write to. */
  'file.saved': { readonly name: string; readonly outcome: 'saved' | 'cancelled' | 'failed' };
  /** How far a comparison with the server is. */
  'doctor.progress': { readonly done: number; readonly total: number };
  /** A menu item, tray item, notification or deep link wants a screen: a route path such as `/deals/123`. */
  navigate: { readonly path: string };
  /** An application command chosen in a menu, e.g. `palette`, `newDeal`. */
  'menu.command': { readonly command: string };
  'host.request': { readonly requestId: number; readonly request: HostRequest };
}

/** What every invoke answers: a value, or an error as data. */
export type Envelope<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: ErrorData };

/** The frozen object preload puts on `window`. */
export interface OutpostBridge {
  invoke<Name extends ChannelName>(name: Name, input: ChannelInput<Name>): Promise<Envelope<ChannelOutput<Name>>>;
  /** Returns the function that ends the subscription. */
  on<Name extends EventName>(name: Name, listener: (payload: EventPayloads[Name]) => void): () => void;
}
