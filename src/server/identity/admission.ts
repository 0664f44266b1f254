// The one door. Whoever showed a first proof of who they are (a password, the word of an identity provider, an invitation, a
// passkey) comes here; this decides what is still owed, opens the session when nothing is, and gives a challenge otherwise.
// Rights, factors and rules are those of the transaction that decides, and every answer is judged in one of its own: a proof
// that is taken back meanwhile (password changed, person switched off) opens nothing.
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { isId, type TenantId, type UserId } from '#shared/kernel/ids.ts';
import type { Clock, RandomSource } from '#shared/kernel/ports.ts';
import type { OrganizationSettings } from '#shared/sync/messages.ts';
import type {
  Admission,
  ChallengeAnswer,
  FactorWay,
  Proof,
  SignInChallenge,
  SignInNeed,
  TotpSetup,
} from '#shared/sync/sign-in-messages.ts';
import type { AddressGate } from '#server/access/address-gate.ts';
import { readSettingsIn } from '#server/admin/organization-settings.ts';
import { type AccountPlace, replacePasswordHash, toOneLine } from '#server/identity/accounts.ts';
import type { AttemptLimits } from '#server/identity/attempt-limits.ts';
import {
  type Challenge,
  CHALLENGE_LIFETIME_MS,
  closeChallenge,
  countWrongAnswer,
  isPageDone,
  lockChallenge,
  openChallenge,
  setNeeds,
} from '#server/identity/challenges.ts';
import { tellWipe } from '#server/identity/device-wipes.ts';
import { beginTotp, confirmTotp, readWays, useTotp } from '#server/identity/factors/factor-store.ts';
import { renewRecoveryCodes, useRecoveryCode } from '#server/identity/factors/recovery-codes.ts';
import { toBase32, totpUri } from '#server/identity/factors/totp.ts';
import type { Grants, OpenedSession } from '#server/identity/grants.ts';
import { type LoadedActor, readActor } from '#server/identity/load-actor.ts';
import { type ChosenPassword, leastLengthIn, type PasswordChoice } from '#server/identity/password-choice.ts';
import type { NewDevice } from '#server/identity/new-devices.ts';
import { openMade } from '#server/identity/passkeys/page-ticket.ts';
import { savePasskey } from '#server/identity/passkeys/passkey-store.ts';
import { createRefreshToken, hashRefreshToken, tenantOfRefreshToken } from '#server/identity/refresh-tokens.ts';
import { revokeSessionsOf } from '#server/identity/sessions.ts';
import { noteOwn, noteSignIn } from '#server/identity/sign-in-history.ts';
import type { ProvedBy, SignInFrom } from '#server/identity/sign-in-from.ts';
import { assertOpen, isExempt } from '#server/platform/gate.ts';
import { isFactorRequired } from '#server/identity/factors/is-factor-required.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

export interface FirstProof {
  readonly place: AccountPlace;
  readonly by: ProvedBy;
  /** What was shown is two factors already: a passkey with its owner verified, a provider that says so. */
  readonly isStrong: boolean;
  readonly from: SignInFrom;
  /** The password that was shown opens the door once more, for a better one. */
  readonly isNewPasswordDue?: boolean;
  /** In the transaction that decides: throws when the proof does not hold any more, writes what it brought. */
  readonly confirm?: (session: SqlSession) => Promise<void>;
}

/** A challenge and who answers it. */
export interface ChallengeKey {
  readonly challenge: string;
  readonly deviceId: string;
}

export interface Door {
  /** Throws `address_not_allowed`, `account_deactivated`, `organization_suspended`, `under_maintenance`, `device_wiped`, and what `confirm` throws. */
  admit(proof: FirstProof): Promise<Admission>;
  /** Throws `challenge_over`, `wrong_code`, `too_many_attempts`, `account_deactivated`, `invalid`. */
  answer(request: ChallengeAnswer & { readonly address: string }): Promise<Admission>;
  /** Begins to set up an authenticator app, where that is owed. */
  beginTotp(key: ChallengeKey): Promise<TotpSetup>;
}

export interface DoorDependencies {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly limits: AttemptLimits;
  readonly grants: Grants;
  readonly choice: PasswordChoice;
  /** Whether a passkey can be made here. */
  readonly hasPasskeys: () => boolean;
  /** From where people are let in; absent: from anywhere. */
  readonly addresses?: Pick<AddressGate, 'assertAllowed'>;
  /** Told once it is durable. */
  readonly onNewDevice?: (device: NewDevice) => void;
}

type Decision = { readonly opened: OpenedSession; readonly standing: Standing } | { readonly owed: SignInChallenge };

const deactivated = () =>
  new OutpostError('account_deactivated', 'This account was deactivated by your administrator.');
const challengeOver = () => new OutpostError('challenge_over', 'This took too long. Sign in once more.');
const wrongCode = () => new OutpostError('wrong_code', 'This code is wrong, or was used before.');

interface Standing {
  readonly loaded: LoadedActor;
  readonly ways: readonly FactorWay[];
  readonly settings: Required<OrganizationSettings>;
  readonly isFactorRequired: boolean;
}

/** Who it is, with which factors, and whether the role needs one. Null for somebody who is switched off. */
async function readStanding(session: SqlSession, place: AccountPlace): Promise<Standing | null> {
  const loaded = await readActor(session, place.tenantId, place.userId);
  if (loaded === null) return null;
  const ways = await readWays(session, place);
  const settings = await readSettingsIn(session, place.tenantId);
  const isRequired = await isFactorRequired(session, place, loaded.actor.role, settings);
  return { loaded, ways, settings, isFactorRequired: isRequired };
}

/** What is owed after a first proof, the next first. */
export function needsOf(facts: {
  readonly isStrong: boolean;
  readonly hasFactor: boolean;
  readonly isFactorRequired: boolean;
  readonly isNewPasswordDue: boolean;
}): readonly SignInNeed[] {
  const needs: SignInNeed[] = [];
  if (facts.hasFactor && !facts.isStrong) needs.push('secondFactor');
  if (facts.isFactorRequired && !facts.hasFactor && !facts.isStrong) needs.push('setUpFactor');
  if (facts.isNewPasswordDue) needs.push('newPassword');
  return needs;
}

export function createDoor(dependencies: DoorDependencies): Door {
  const { database, clock, random, limits, grants, choice, hasPasskeys, addresses, onNewDevice } = dependencies;

  const waysToSetUp = (): FactorWay[] => (hasPasskeys() ? ['totp', 'passkey'] : ['totp']);

  async function describeOwed(
    session: SqlSession,
    key: string,
    place: AccountPlace,
    { needs, ways, role, expiresAtMs, codes }: Owed,
  ): Promise<SignInChallenge> {
    const [need = 'secondFactor'] = needs;
    return {
      challenge: key,
      need,
      ways: need === 'setUpFactor' ? waysToSetUp() : need === 'secondFactor' ? [...ways] : [],
      expiresAt: toInstant(expiresAtMs),
      leastLength: await leastLengthIn(session, place, role),
      ...(codes === undefined ? {} : { recoveryCodes: [...codes] }),
    };
  }

  async function toAdmission(decision: Decision): Promise<Admission> {
    if ('owed' in decision) return decision.owed;
    const { standing, opened } = decision;
    const { tenantId, userId } = standing.loaded.actor;
    if (opened.isNewDevice)
      onNewDevice?.({ tenantId: tenantId as TenantId, userId: userId as UserId, sessionId: opened.sessionId });
    return grants.grant(standing.loaded, opened, standing.settings);
  }

  async function decide(session: SqlSession, proof: FirstProof): Promise<Decision> {
    const { place, by, isStrong, confirm } = proof;
    await confirm?.(session);
    const standing = await readStanding(session, place);
    if (standing === null) throw deactivated();
    await assertOpen(session, place.tenantId, clock.now(), isExempt(standing.loaded.actor.permissions));
    const from = { ...proof.from, deviceName: toOneLine(proof.from.deviceName) };
    const { loaded, ways } = standing;
    const isNewPasswordDue = proof.isNewPasswordDue ?? false;
    const needs = needsOf({
      isStrong,
      hasFactor: ways.length > 0,
      isFactorRequired: standing.isFactorRequired,
      isNewPasswordDue,
    });
    const nowMs = clock.now();
    if (needs.length === 0) return { standing, opened: await grants.open(session, { ...place, from, provedBy: by }) };
    const key = createRefreshToken(place.tenantId, random);
    await openChallenge(session, key, { ...place, from, provedBy: by, needs }, nowMs);
    const expiresAtMs = nowMs + CHALLENGE_LIFETIME_MS;
    return { owed: await describeOwed(session, key, place, { needs, ways, role: loaded.actor.role, expiresAtMs }) };
  }

  /** For somebody who has no other factor yet. False for a code that is none of this challenge. */
  async function keepFirstPasskey(
    session: SqlSession,
    challenge: Challenge,
    key: string,
    pageCode: string,
  ): Promise<boolean> {
    const nowMs = clock.now();
    if ((await readWays(session, challenge)).length > 0) return false;
    const { tenantId, userId } = challenge;
    const made = await openMade(session, pageCode, { tenantId, userId, askedBy: hashRefreshToken(key) }, nowMs);
    return made !== null && savePasskey(session, challenge, made, nowMs);
  }

  /** Whether the next thing that is owed was given. */
  async function take(
    session: SqlSession,
    challenge: Challenge,
    key: string,
    proof: Proof,
    chosen: ChosenPassword | null,
  ): Promise<boolean> {
    const nowMs = clock.now();
    switch (challenge.needs[0]) {
      case 'secondFactor':
        if (proof.kind === 'totp') return useTotp(session, challenge, proof.code, nowMs);
        if (proof.kind === 'recoveryCode') return useRecoveryCode(session, challenge, proof.code, nowMs);
        if (proof.kind === 'page') return isPageDone(session, challenge.tenantId, key, proof.code);
        break;
      case 'setUpFactor':
        if (proof.kind === 'totp') return confirmTotp(session, challenge, proof.code, nowMs);
        if (proof.kind === 'page') return keepFirstPasskey(session, challenge, key, proof.code);
        break;
      case 'keepCodes':
        if (proof.kind === 'codesKept') return true;
        break;
      case 'newPassword':
        if (chosen === null) break;
        await replacePasswordHash(session, challenge, chosen, nowMs);
        await revokeSessionsOf(session, challenge, 'password_changed', nowMs);
        return true;
      case undefined:
        break;
    }
    throw new OutpostError('invalid', 'This is not what is asked for.');
  }

  /** After a right answer: on to the next thing, or in. */
  async function goOn(session: SqlSession, challenge: Challenge, key: string, address: string): Promise<Decision> {
    const [done, ...rest] = challenge.needs;
    const standing = await readStanding(session, challenge);
    if (standing === null) throw deactivated();
    const { loaded, ways } = standing;
    const nowMs = clock.now();
    await assertOpen(session, challenge.tenantId, nowMs, isExempt(loaded.actor.permissions));
    const isSetUp = done === 'setUpFactor';
    const codes = isSetUp ? await renewRecoveryCodes(session, challenge, random, nowMs) : undefined;
    const needs: readonly SignInNeed[] = isSetUp ? ['keepCodes', ...rest] : rest;
    const { deviceId } = challenge.from;
    if (isSetUp) await noteOwn(session, challenge, nowMs, { command: 'factor.add', device: deviceId });
    if (done === 'newPassword')
      await noteOwn(session, challenge, nowMs, { command: 'changePassword', device: deviceId });
    if (needs.length > 0) {
      await setNeeds(session, challenge.tenantId, key, needs);
      const { expiresAtMs } = challenge;
      const owed = { needs, ways, role: loaded.actor.role, expiresAtMs, ...(codes === undefined ? {} : { codes }) };
      return { owed: await describeOwed(session, key, challenge, owed) };
    }
    await closeChallenge(session, challenge.tenantId, key);
    const from = { ...challenge.from, address };
    return { standing, opened: await grants.open(session, { ...challenge, from }) };
  }

  function inChallenge<Value>(
    key: ChallengeKey,
    work: (session: SqlSession, challenge: Challenge) => Promise<Value>,
  ): Promise<Value> {
    const tenantId = tenantOfRefreshToken(key.challenge);
    if (tenantId === null) throw challengeOver();
    return database.inTenant(tenantId, async (session) => {
      const challenge = await lockChallenge(session, tenantId, key, clock.now());
      if (challenge === null) throw challengeOver();
      return work(session, challenge);
    });
  }

  return {
    admit: async (proof) => {
      if (!isId(proof.from.deviceId))
        throw new OutpostError('invalid', 'deviceId must be letters, digits, dots, dashes or underscores.');
      const { place, from } = proof;
      const wipe = await tellWipe(database, place.tenantId, { ...from, userId: place.userId }, clock.now());
      if (wipe !== null) throw wipe;
      await addresses?.assertAllowed('devices', { ...place, address: from.address });
      return toAdmission(await database.inTenant(place.tenantId, (session) => decide(session, proof)));
    },

    async answer({ challenge: key, deviceId, proof, address }) {
      const place = await inChallenge({ challenge: key, deviceId }, (_session, found) => Promise.resolve(found));
      await addresses?.assertAllowed('devices', { tenantId: place.tenantId, userId: place.userId, address });
      const limited = `factor ${place.tenantId} ${place.userId}`;
      const isGuess = proof.kind === 'totp' || proof.kind === 'recoveryCode' || proof.kind === 'page';
      if (isGuess) await limits.begin(limited, address);
      const chosen = proof.kind === 'newPassword' ? await choice.choose(place, proof.newPassword) : null;
      const decision = await inChallenge({ challenge: key, deviceId }, async (session, challenge) => {
        if (await take(session, challenge, key, proof, chosen)) return goOn(session, challenge, key, address);
        await countWrongAnswer(session, challenge.tenantId, key);
        await noteSignIn(
          session,
          { ...challenge, from: { ...challenge.from, address }, outcome: 'wrongCode' },
          clock.now(),
        );
        return null;
      });
      // Thrown after the commit, so that it is counted.
      if (decision === null) throw wrongCode();
      if (isGuess) await limits.succeed(limited, address);
      return toAdmission(decision);
    },

    beginTotp: (key) =>
      inChallenge(key, async (session, challenge) => {
        if (challenge.needs[0] !== 'setUpFactor') throw new OutpostError('invalid', 'There is nothing to set up.');
        const standing = await readStanding(session, challenge);
        if (standing === null) throw deactivated();
        const secret = await beginTotp(session, challenge, random, clock.now());
        return describeTotp(secret, standing.loaded);
      }),
  };
}

interface Owed {
  readonly needs: readonly SignInNeed[];
  readonly ways: readonly FactorWay[];
  readonly role: string;
  readonly expiresAtMs: number;
  readonly codes?: readonly string[];
}

/** Of this account, as an authenticator app shows it. */
export function describeTotp(
  secret: Uint8Array,
  { actor, tenantName }: Pick<LoadedActor, 'actor' | 'tenantName'>,
): TotpSetup {
  return { secret: toBase32(secret), uri: totpUri(secret, `Outpost ${tenantName}`, actor.email) };
}
