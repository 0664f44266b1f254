// Access tokens are JWTs that live ten minutes and name a session, not rights: rights are read from the records at each
// request. Exactly one algorithm, one type, one audience and one key are accepted; what a token says about its own
// key (`jwk`, `jku`, `kid`, another `alg`) is never looked at.
import { SignJWT, errors, jwtVerify } from 'jose';
import { OutpostError } from '#shared/kernel/errors.ts';
import { isId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';

export const ACCESS_TOKEN_SECONDS = 600;
const ALGORITHM = 'HS256';
const TYPE = 'at+jwt';
const AUDIENCE = 'outpost';

/** Where a token belongs. `expiresAtMs` is an instant of the server. */
export interface AccessClaims {
  readonly tenantId: string;
  readonly userId: string;
  readonly sessionId: string;
  readonly deviceId: string;
  readonly expiresAtMs: number;
}

export interface AccessTokens {
  sign(claims: Omit<AccessClaims, 'expiresAtMs'>): Promise<string>;
  /** Throws `session_expired` for every token that is not exactly ours and of now, whatever is wrong with it. */
  verify(token: string): Promise<AccessClaims>;
}

/** @param secret 32 random bytes that only this installation knows. */
export function createAccessTokens(secret: Uint8Array, clock: Clock): AccessTokens {
  const refusal = () => new OutpostError('session_expired', 'Sign in again to continue.');
  return {
    sign(claims) {
      const issuedAt = Math.floor(clock.now() / 1000);
      return new SignJWT({ tid: claims.tenantId, sid: claims.sessionId, did: claims.deviceId })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
        .setSubject(claims.userId)
        .setAudience(AUDIENCE)
        .setIssuedAt(issuedAt)
        .setNotBefore(issuedAt)
        .setExpirationTime(issuedAt + ACCESS_TOKEN_SECONDS)
        .sign(secret);
    },
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, secret, {
          algorithms: [ALGORITHM],
          typ: TYPE,
          audience: AUDIENCE,
          requiredClaims: ['sub', 'tid', 'sid', 'did', 'exp', 'iat', 'nbf'],
          // A lifetime longer than ours was not written by us, even if the signature holds.
          maxTokenAge: ACCESS_TOKEN_SECONDS,
          currentDate: new Date(clock.now()),
        });
        const { sub: userId, tid: tenantId, sid: sessionId, did: deviceId, exp } = payload;
        if (!isId(userId) || !isId(tenantId) || !isId(sessionId) || !isId(deviceId)) throw refusal();
        return { userId, tenantId, sessionId, deviceId, expiresAtMs: (exp ?? 0) * 1000 };
      } catch (error) {
        if (error instanceof errors.JOSEError || error instanceof TypeError) throw refusal();
        throw error;
      }
    },
  };
}
