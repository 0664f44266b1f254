// Access tokens are JWTs that live ten minutes and name a session, not a person and not rights: those are read from the
// records at each request. They travel with every request, so they say nothing else. Exactly one algorithm, one type, one
// set of claims and one key are accepted; what a token says about its own key (`jwk`, `jku`, `kid`, another `alg`) is never
// looked at. A token that was found good once is not computed again, only its end is looked at.
import { createSecretKey } from 'node:crypto';
import { SignJWT, errors, jwtVerify } from 'jose';
import { OutpostError } from '#shared/kernel/errors.ts';
import { isId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';

export const ACCESS_TOKEN_SECONDS = 600;
const ALGORITHM = 'HS256';
const TYPE = 'at+jwt';
/** Everything a token says, no more and no less. */
const CLAIMS = 'exp sid tid';
/** Good tokens that are remembered; the oldest goes. */
const MOST_KNOWN = 10_000;

/** The session a token belongs to. `expiresAtMs` is an instant of the server. */
export interface AccessClaims {
  readonly tenantId: string;
  readonly sessionId: string;
  readonly expiresAtMs: number;
}

export interface AccessTokens {
  sign(claims: Omit<AccessClaims, 'expiresAtMs'>): Promise<string>;
  /** Throws `session_expired` for every token that is not exactly ours and of now, whatever is wrong with it. */
  verify(token: string): Promise<AccessClaims>;
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Stands before an id that is written as it is; no id begins with it. */
const PLAIN = '~';

function shorten(id: string): string {
  return uuidPattern.test(id) ? Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url') : `${PLAIN}${id}`;
}

/** Null for what `shorten` did not write. */
function lengthen(short: unknown): string | null {
  if (typeof short !== 'string') return null;
  const hex = Buffer.from(short, 'base64url').toString('hex');
  const id = short.startsWith(PLAIN)
    ? short.slice(PLAIN.length)
    : [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  return isId(id) && shorten(id) === short ? id : null;
}

/** @param secret 32 random bytes that only this installation knows. */
export function createAccessTokens(secret: Uint8Array, clock: Clock): AccessTokens {
  const key = createSecretKey(secret);
  const known = new Map<string, AccessClaims>();
  const refusal = () => new OutpostError('session_expired', 'Sign in again to continue.');

  async function open(token: string): Promise<AccessClaims> {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [ALGORITHM],
        typ: TYPE,
        currentDate: new Date(clock.now()),
      });
      const [tenantId, sessionId] = [lengthen(payload['tid']), lengthen(payload['sid'])];
      if (Object.keys(payload).sort().join(' ') !== CLAIMS || tenantId === null || sessionId === null) throw refusal();
      return { tenantId, sessionId, expiresAtMs: (payload.exp ?? 0) * 1000 };
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof TypeError) throw refusal();
      throw error;
    }
  }

  return {
    sign(claims) {
      return new SignJWT({ tid: shorten(claims.tenantId), sid: shorten(claims.sessionId) })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
        .setExpirationTime(Math.floor(clock.now() / 1000) + ACCESS_TOKEN_SECONDS)
        .sign(key);
    },
    async verify(token) {
      const claims = known.get(token) ?? (await open(token));
      const leftMs = claims.expiresAtMs - clock.now();
      // A lifetime longer than ours was not written by us, even if the signature holds.
      const isOfNow = leftMs > 0 && leftMs <= ACCESS_TOKEN_SECONDS * 1000;
      known.delete(token);
      if (!isOfNow) throw refusal();
      known.set(token, claims);
      const [oldest] = known.keys();
      if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
      return claims;
    },
  };
}
