// Getting in: passwords, factors, providers, invitations, the lease.
import { Type } from 'typebox';
import { channel, everyone, mainOnly, nothing, screens, settingsOnly, text } from '#shared/ipc/channel.ts';
import type { SessionState } from '#shared/ipc/session-state.ts';
import type { InvitationLink } from '#shared/sync/invitation-link.ts';
import type { DemoGrant, SessionList } from '#shared/sync/messages.ts';
import {
  type OwnFactors,
  ProofSchema,
  ProveAgainSchema,
  type RecoveryCodes,
  type SignInHistory,
  type TotpSetup,
} from '#shared/sync/sign-in-messages.ts';
import {
  type AddressWays,
  AskMetadataSchema,
  type FoundMetadata,
  type Provider,
  ProviderInputSchema,
  type SsoOverview,
  type SsoTrial,
} from '#shared/sync/sso-messages.ts';

const AtProvider = { serverUrl: text(2048), email: text(254), providerId: text(64) };

export const identityChannels = {
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
  'factors.addPasskey': channel<RecoveryCodes>()(nothing, screens),
  'session.cancelPasskey': channel<null>()(nothing, screens),
  'factors.own': channel<OwnFactors>()(nothing, screens),
  'factors.prove': channel<null>()(ProveAgainSchema, screens),
  /** In the browser of the system, like adding one. */
  'factors.proveByPasskey': channel<null>()(nothing, screens),
  'factors.beginTotp': channel<TotpSetup>()(nothing, screens),
  'factors.confirmTotp': channel<RecoveryCodes>()(Type.Object({ code: text(64) }), screens),
  'factors.remove': channel<null>()(Type.Object({ id: text(64) }), screens),
  'factors.renewCodes': channel<RecoveryCodes>()(nothing, screens),
  'factors.signIns': channel<SignInHistory>()(nothing, screens),
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
  /** What a SAML provider publishes, by its address or from a file; nothing is kept. */
  'sso.readMetadata': channel<FoundMetadata>()(Type.Object({ asked: AskMetadataSchema }), settingsOnly),
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
  /** Needs the server. Refused with `wrong_credentials` when the current one is wrong; every other session of the person ends. */
  'session.changePassword': channel<null>()(
    Type.Object({ currentPassword: text(1024), newPassword: text(1024) }),
    screens,
  ),
  'session.list': channel<SessionList>()(nothing, screens),
  'session.end': channel<null>()(Type.Object({ sessionId: text(64) }), screens),
  /** What a pasted link says; null for one that is no invitation. */
  'invitation.read': channel<InvitationLink | null>()(Type.Object({ text: text(2000) }), mainOnly),
  /** The link that was opened last, once. */
  'invitation.opened': channel<InvitationLink | null>()(nothing, mainOnly),
} as const;
