// Passkeys (WebAuthn). A passkey belongs to a web address, which a desktop application has not: so a page of this server, opened in
// the browser of the system, makes and uses them, under the name of the server's public address. What the page did comes back to
// the computer it happened on, through its own loopback address: whoever lures somebody to such a page gets nothing from it.
// Attestation is not asked for, the owner has to be verified, and a passkey counts as two factors.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { Clock, RandomSource } from '#shared/kernel/ports.ts';
import {
  PASSKEY_PATH,
  type BrowserBack,
  type PageAddress,
  type PasskeyForChallenge,
  type PasskeySignIn,
  type SignInNeed,
} from '#shared/sync/sign-in-messages.ts';
import type { PublicAddress } from '#server/http/public-address.ts';
import { type AccountPlace, toOneLine } from '#server/identity/accounts.ts';
import { lockChallenge, openChallenge, setPageDone } from '#server/identity/challenges.ts';
import { readWays } from '#server/identity/factors/factor-store.ts';
import { loadActor, readActor } from '#server/identity/load-actor.ts';
import {
  openTicket,
  sealMade,
  sealProof,
  sealTicket,
  TICKET_LIFETIME_MS,
  type NamedPasskey,
  type PageTicket,
} from '#server/identity/passkeys/page-ticket.ts';
import {
  findPasskeyOwner,
  lockPasskey,
  notePasskeyUse,
  readPasskeys,
} from '#server/identity/passkeys/passkey-store.ts';
import type { Principal } from '#server/identity/principal.ts';
import { createRefreshToken, hashRefreshToken, tenantOfRefreshToken } from '#server/identity/refresh-tokens.ts';
import { assertProved, placeOf } from '#server/identity/session-proof.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

export interface PasskeyDependencies {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly publicAddress: PublicAddress;
}

/** What the browser sends back; checked by the library, byte by byte. */
export interface PageAnswer {
  readonly ticket: string;
  readonly credential: RegistrationResponseJSON | AuthenticationResponseJSON;
  readonly name: string;
  readonly address: string;
}

export interface PageOptions {
  /** Whether a passkey is made or used. */
  readonly kind: 'make' | 'use';
  /** For `navigator.credentials`, as JSON. */
  readonly options: object;
}

export interface Passkeys {
  /** Throws `proof_required`. */
  beginAdd(principal: Principal, back: BrowserBack): Promise<PageAddress>;
  /** To show once more who one is; the code that comes back is for this session alone. */
  beginProve(principal: Principal, back: BrowserBack): Promise<PageAddress>;
  /** Throws `challenge_over`. */
  beginConfirm(request: PasskeyForChallenge): Promise<PageAddress>;
  beginEnter(request: PasskeySignIn): Promise<PageAddress>;
  /** For the page. Throws `link_over`. */
  readOptions(ticket: string): Promise<PageOptions>;
  /** Where the browser goes then. Throws `link_over`, `wrong_code` for a passkey that is not the right one. */
  finish(answer: PageAnswer): Promise<{ readonly redirect: string }>;
}

type SessionTicket = Extract<PageTicket, { readonly sessionId: string }>;
type ChallengeTicket = Extract<PageTicket, { readonly keyHash: string }>;

interface RelyingParty {
  readonly id: string;
  readonly origin: string;
}

/** What the page does for what a challenge asks. */
const kindOfNeed: Readonly<Partial<Record<SignInNeed, 'setUp' | 'confirm'>>> = {
  setUpFactor: 'setUp',
  secondFactor: 'confirm',
};

const refused = (cause?: unknown) => new OutpostError('wrong_code', 'This passkey was not taken.', {}, { cause });
const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** Passkeys know names, no numbers: this computer is `localhost` to them. */
function relyingPartyOf(publicAddress: PublicAddress): RelyingParty {
  const origin = publicAddress();
  if (origin === null)
    throw new OutpostError('not_found', 'Passkeys need the public address of the server. Ask your administrator.');
  const url = new URL(origin);
  if (url.hostname === '127.0.0.1' || url.hostname === '[::1]') url.hostname = 'localhost';
  return { id: url.hostname, origin: url.origin };
}

function backTo({ port, secret }: BrowserBack, code: string): string {
  return `http://127.0.0.1:${String(port)}/${encodeURIComponent(secret)}?code=${encodeURIComponent(code)}`;
}

export function createPasskeys({ database, clock, random, publicAddress }: PasskeyDependencies): Passkeys {
  const library = () => import('@simplewebauthn/server');
  const stamp = (back: BrowserBack) => ({
    nonce: randomBytes(32).toString('base64url'),
    expiresAtMs: clock.now() + TICKET_LIFETIME_MS,
    back,
  });

  async function addressOf(ticket: PageTicket): Promise<PageAddress> {
    const { origin } = relyingPartyOf(publicAddress);
    return { url: `${origin}${PASSKEY_PATH}#${await sealTicket(database, ticket)}` };
  }

  async function optionsToMake(place: AccountPlace, nonce: string): Promise<object> {
    const loaded = await loadActor(database, place.tenantId, place.userId);
    if (loaded === null) throw refused();
    const known = await database.inTenant(place.tenantId, (session) => readPasskeys(session, place));
    const { generateRegistrationOptions } = await library();
    return generateRegistrationOptions({
      rpName: `Outpost ${loaded.tenantName}`,
      rpID: relyingPartyOf(publicAddress).id,
      userName: loaded.actor.email,
      userDisplayName: loaded.actor.name,
      // The same person is the same account to the authenticator; the ids say nothing to anybody else.
      userID: new Uint8Array(createHash('sha256').update(`${place.tenantId} ${place.userId}`).digest()),
      challenge: Buffer.from(nonce, 'base64url'),
      attestationType: 'none',
      excludeCredentials: known.map(({ credentialId, transports }) => ({
        id: credentialId,
        transports: [...transports],
      })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
  }

  async function optionsToUse(
    ticket: Extract<PageTicket, { readonly kind: 'confirm' | 'enter' | 'prove' }>,
  ): Promise<object> {
    const { generateAuthenticationOptions } = await library();
    const allowed =
      ticket.kind !== 'enter'
        ? await database.inTenant(ticket.tenantId as TenantId, (session) =>
            readPasskeys(session, { tenantId: ticket.tenantId as TenantId, userId: ticket.userId as UserId }),
          )
        : [];
    return generateAuthenticationOptions({
      rpID: relyingPartyOf(publicAddress).id,
      challenge: Buffer.from(ticket.nonce, 'base64url'),
      userVerification: 'required',
      allowCredentials: allowed.map(({ credentialId, transports }) => ({
        id: credentialId,
        transports: [...transports],
      })),
    });
  }

  /** What the authenticator made, when it was made for this page. */
  async function readMade({ nonce }: PageTicket, { credential, name }: PageAnswer): Promise<NamedPasskey> {
    const party = relyingPartyOf(publicAddress);
    const { verifyRegistrationResponse } = await library();
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: credential as RegistrationResponseJSON,
      expectedChallenge: nonce,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
    }).catch((error: unknown) => {
      throw refused(error);
    });
    if (!verified) throw refused();
    const { id, publicKey, counter, transports = [] } = registrationInfo.credential;
    const oneLine = toOneLine(name).slice(0, 80);
    return { factorId: randomUUID(), credentialId: id, publicKey, counter, transports, name: oneLine };
  }

  /** Sealed for whoever opened the page; nothing is kept before they bring it. */
  async function make(ticket: SessionTicket | ChallengeTicket, answer: PageAnswer): Promise<string> {
    const place = { tenantId: ticket.tenantId as TenantId, userId: ticket.userId as UserId };
    const passkey = await readMade(ticket, answer);
    await database.inTenant(place.tenantId, async (session) => {
      if ((await readActor(session, place.tenantId, place.userId)) === null) throw refused();
      // A page that stayed open must not add one to somebody who has set up another way meanwhile.
      if (ticket.kind === 'setUp' && (await readWays(session, place)).length > 0) throw refused();
    });
    const askedBy = 'sessionId' in ticket ? ticket.sessionId : ticket.keyHash;
    return sealMade(database, { ...place, askedBy, expiresAtMs: ticket.expiresAtMs, passkey });
  }

  /** Checks the assertion against the row, in the transaction that decides. */
  async function assertPasskey(
    session: SqlSession,
    place: AccountPlace,
    nonce: string,
    credential: AuthenticationResponseJSON,
  ): Promise<void> {
    const kept = await lockPasskey(session, place, credential.id);
    if (kept === null || (await readActor(session, place.tenantId, place.userId)) === null) throw refused();
    const party = relyingPartyOf(publicAddress);
    const { verifyAuthenticationResponse } = await library();
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: credential,
      expectedChallenge: nonce,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      credential: { id: kept.credentialId, publicKey: new Uint8Array(kept.publicKey), counter: kept.counter },
    }).catch((error: unknown) => {
      throw refused(error);
    });
    if (!verified) throw refused();
    await notePasskeyUse(session, place, kept, authenticationInfo.newCounter, clock.now());
  }

  async function confirm(ticket: ChallengeTicket, credential: AuthenticationResponseJSON): Promise<string> {
    const place = { tenantId: ticket.tenantId as TenantId, userId: ticket.userId as UserId };
    const code = randomBytes(32).toString('base64url');
    await database.inTenant(place.tenantId, async (session) => {
      await assertPasskey(session, place, ticket.nonce, credential);
      if (!(await setPageDone(session, place.tenantId, ticket.keyHash, hashOf(code)))) throw refused();
    });
    return code;
  }

  /** Nothing of the session changes before the computer it is on shows what came back to it. */
  async function prove(ticket: SessionTicket, credential: AuthenticationResponseJSON): Promise<string> {
    const { tenantId, userId, sessionId } = ticket;
    const place = { tenantId: tenantId as TenantId, userId: userId as UserId };
    await database.inTenant(place.tenantId, (session) => assertPasskey(session, place, ticket.nonce, credential));
    return sealProof(database, { tenantId, sessionId, usedAtMs: clock.now() });
  }

  async function enter(
    ticket: Extract<PageTicket, { readonly kind: 'enter' }>,
    { credential, address }: PageAnswer,
  ): Promise<string> {
    const used = credential as AuthenticationResponseJSON;
    const place = await database.transaction((session) => findPasskeyOwner(session, used.id));
    if (place === null) throw refused();
    const key = createRefreshToken(place.tenantId, random);
    const { deviceId, deviceName } = ticket;
    await database.inTenant(place.tenantId, async (session) => {
      await assertPasskey(session, place, ticket.nonce, used);
      const from = { deviceId, deviceName: toOneLine(deviceName), address };
      await openChallenge(session, key, { ...place, from, provedBy: 'passkey', needs: ['secondFactor'] }, clock.now());
      await setPageDone(session, place.tenantId, hashRefreshToken(key), ticket.verifierHash);
    });
    return key;
  }

  function work(ticket: PageTicket, answer: PageAnswer): Promise<string> {
    switch (ticket.kind) {
      case 'add':
      case 'setUp':
        return make(ticket, answer);
      case 'prove':
        return prove(ticket, answer.credential as AuthenticationResponseJSON);
      case 'confirm':
        return confirm(ticket, answer.credential as AuthenticationResponseJSON);
      case 'enter':
        return enter(ticket, answer);
    }
  }

  return {
    async beginAdd(principal, back) {
      const { tenantId, userId } = placeOf(principal);
      const { sessionId } = principal;
      await database.inTenant(tenantId, (session) => assertProved(session, principal, clock.now()));
      return addressOf({ ...stamp(back), kind: 'add', tenantId, userId, sessionId });
    },

    beginProve(principal, back) {
      const { tenantId, userId } = placeOf(principal);
      return addressOf({ ...stamp(back), kind: 'prove', tenantId, userId, sessionId: principal.sessionId });
    },

    async beginConfirm({ challenge, deviceId, back }) {
      const tenantId = tenantOfRefreshToken(challenge);
      const found =
        tenantId === null
          ? null
          : await database.inTenant(tenantId, (session) =>
              lockChallenge(session, tenantId, { challenge, deviceId }, clock.now()),
            );
      const kind = found === null ? undefined : kindOfNeed[found.needs[0] ?? 'newPassword'];
      if (found === null || kind === undefined)
        throw new OutpostError('challenge_over', 'This took too long. Sign in once more.');
      const { userId } = found;
      const keyHash = hashRefreshToken(challenge);
      return addressOf({ ...stamp(back), kind, tenantId: found.tenantId, userId, keyHash });
    },

    beginEnter: ({ deviceId, deviceName, verifierHash, back }) =>
      addressOf({ ...stamp(back), kind: 'enter', deviceId, deviceName, verifierHash }),

    async readOptions(sealed) {
      const ticket = await openTicket(database, sealed, clock.now());
      if (ticket.kind === 'confirm' || ticket.kind === 'enter' || ticket.kind === 'prove')
        return { kind: 'use', options: await optionsToUse(ticket) };
      const place = { tenantId: ticket.tenantId as TenantId, userId: ticket.userId as UserId };
      return { kind: 'make', options: await optionsToMake(place, ticket.nonce) };
    },

    async finish(answer) {
      const ticket = await openTicket(database, answer.ticket, clock.now());
      const code = await work(ticket, answer);
      return { redirect: backTo(ticket.back, code) };
    },
  };
}
