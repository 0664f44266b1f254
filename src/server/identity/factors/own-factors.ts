// What people do with their own second factors. Every change asks for a fresh proof of who they are, stands in the audit, and
// leaves nobody without what the role asks for, or with a password that is too short to stand alone.
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Clock, RandomSource } from '#shared/kernel/ports.ts';
import type { OwnFactors, TotpSetup } from '#shared/sync/sign-in-messages.ts';
import { isFactorRequired } from '#server/identity/factors/is-factor-required.ts';
import { readCredentials } from '#server/identity/accounts.ts';
import { describeTotp } from '#server/identity/admission.ts';
import { beginTotp, confirmTotp, readFactors, removeFactor } from '#server/identity/factors/factor-store.ts';
import {
  countRecoveryCodes,
  forgetRecoveryCodes,
  renewRecoveryCodes,
} from '#server/identity/factors/recovery-codes.ts';
import { leastLengthIn } from '#server/identity/password-choice.ts';
import { openMade } from '#server/identity/passkeys/page-ticket.ts';
import { savePasskey } from '#server/identity/passkeys/passkey-store.ts';
import type { Principal } from '#server/identity/principal.ts';
import { assertProved, placeOf, readProvedUntil } from '#server/identity/session-proof.ts';
import { noteOwn } from '#server/identity/sign-in-history.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

export interface OwnFactorStore {
  describe(principal: Principal): Promise<OwnFactors>;
  /** All others throw `proof_required`. */
  beginTotp(principal: Principal): Promise<TotpSetup>;
  /** Recovery codes with the first factor. Throws `wrong_code`. */
  confirmTotp(principal: Principal, code: string): Promise<readonly string[]>;
  /** The passkey that came back from its page; recovery codes with the first factor. Throws `wrong_code`. */
  keepPasskey(principal: Principal, pageCode: string): Promise<readonly string[]>;
  /** Throws `not_found`, `factor_needed`, `invalid` for a password that is too short to stand alone. */
  remove(principal: Principal, factorId: string): Promise<void>;
  renewRecoveryCodes(principal: Principal): Promise<readonly string[]>;
}

export interface FactorDependencies {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly random: RandomSource;
}

/** With the first factor a person gets recovery codes. */
export async function codesWithFirst(
  session: SqlSession,
  principal: Pick<Principal, 'actor'>,
  { clock, random }: FactorDependencies,
): Promise<readonly string[]> {
  const place = placeOf(principal);
  if ((await countRecoveryCodes(session, place)) > 0) return [];
  return renewRecoveryCodes(session, place, random, clock.now());
}

async function assertMayGoWithout(session: SqlSession, principal: Principal): Promise<void> {
  const place = placeOf(principal);
  if (await isFactorRequired(session, place, principal.actor.role))
    throw new OutpostError('factor_needed', 'Your role signs in with a second factor: set up another one first.');
  const { isShort } = await readCredentials(session, place, true);
  if (isShort)
    throw new OutpostError('invalid', 'Choose a longer password first.', { problems: ['password:shortAlone'] });
}

export function createOwnFactors(dependencies: FactorDependencies): OwnFactorStore {
  const { database, clock, random } = dependencies;

  /** One change of the own factors, in one transaction. */
  function change<Value>(
    principal: Principal,
    command: string | null,
    work: (session: SqlSession) => Promise<Value>,
  ): Promise<Value> {
    const place = placeOf(principal);
    return database.inTenant(place.tenantId, async (session) => {
      await assertProved(session, principal, clock.now());
      const value = await work(session);
      if (command !== null) await noteOwn(session, place, clock.now(), { command, device: principal.deviceId });
      return value;
    });
  }

  return {
    describe(principal) {
      const place = placeOf(principal);
      return database.inTenant(place.tenantId, async (session) => {
        const factors = await readFactors(session, place);
        const untilMs = await readProvedUntil(session, { ...place, sessionId: principal.sessionId }, clock.now());
        return {
          factors: factors.map(({ factorId, kind, name, createdAt, lastUsedAt }) => ({
            id: factorId,
            kind,
            name,
            createdAt: toInstant(createdAt),
            lastUsedAt: lastUsedAt === null ? null : toInstant(lastUsedAt),
          })),
          recoveryCodesLeft: await countRecoveryCodes(session, place),
          isRequired: await isFactorRequired(session, place, principal.actor.role),
          hasPassword: (await readCredentials(session, place, false)).passwordHash !== null,
          leastLength: await leastLengthIn(session, place, principal.actor.role),
          provedUntil: untilMs === null ? null : toInstant(untilMs),
        };
      });
    },

    beginTotp: (principal) =>
      change(principal, null, async (session) => {
        const secret = await beginTotp(session, placeOf(principal), random, clock.now());
        return describeTotp(secret, principal);
      }),

    confirmTotp: (principal, code) =>
      change(principal, 'factor.add', async (session) => {
        if (!(await confirmTotp(session, placeOf(principal), code, clock.now())))
          throw new OutpostError('wrong_code', 'This code is wrong.');
        return codesWithFirst(session, principal, dependencies);
      }),

    keepPasskey: (principal, pageCode) =>
      change(principal, 'factor.add', async (session) => {
        const asked = { ...placeOf(principal), askedBy: principal.sessionId };
        const made = await openMade(session, pageCode, asked, clock.now());
        if (made === null || !(await savePasskey(session, asked, made, clock.now())))
          throw new OutpostError('wrong_code', 'This passkey was not taken.');
        return codesWithFirst(session, principal, dependencies);
      }),

    remove: (principal, factorId) =>
      change(principal, 'factor.remove', async (session) => {
        const place = placeOf(principal);
        const factors = await readFactors(session, place);
        if (!factors.some((factor) => factor.factorId === factorId))
          throw new OutpostError('not_found', 'There is no such factor.');
        if (factors.length === 1) await assertMayGoWithout(session, principal);
        await removeFactor(session, place, factorId);
        if (factors.length === 1) await forgetRecoveryCodes(session, place);
      }),

    renewRecoveryCodes: (principal) =>
      change(principal, 'recoveryCodes.renew', async (session) => {
        const place = placeOf(principal);
        if ((await readFactors(session, place)).length === 0)
          throw new OutpostError('not_found', 'Recovery codes stand in for a second factor: set one up first.');
        return renewRecoveryCodes(session, place, random, clock.now());
      }),
  };
}
