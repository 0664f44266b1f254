// An authenticator app for tests, and a person who signs in with it.
import { codeOfStep, stepOf, STEP_MS } from '#server/identity/factors/totp.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';
import type { Proof, SignInChallenge, TotpSetup } from '#shared/sync/sign-in-messages.ts';
import { call, emailOf, testPassword, type Answer, type TestServer } from '#test/support/start-server.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The code that an app shows which was given this secret, `steps` of thirty seconds from now. */
export function codeOf({ secret }: Pick<TotpSetup, 'secret'>, nowMs: number, steps = 0): string {
  const bits = Array.from(secret, (letter) => BASE32.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const bytes = Uint8Array.from({ length: Math.floor(bits.length / 8) }, (_, index) =>
    Number.parseInt(bits.slice(index * 8, index * 8 + 8), 2),
  );
  return codeOfStep(bytes, stepOf(nowMs) + steps);
}

export function begin(
  server: { readonly url: string },
  personId: string,
  { deviceId = `device-of-${personId}`, password = testPassword } = {},
): Promise<Answer> {
  const body = { email: emailOf(personId), password, deviceId, deviceName: 'Test computer' };
  return call(server, '/api/v1/auth/sign-in', { body });
}

export function answer(
  server: { readonly url: string },
  challenge: Pick<SignInChallenge, 'challenge'>,
  proof: Proof,
  deviceId: string,
): Promise<Answer> {
  return call(server, '/api/v1/auth/challenge', { body: { challenge: challenge.challenge, deviceId, proof } });
}

export interface WithFactor {
  readonly totp: TotpSetup;
  readonly recoveryCodes: readonly string[];
  readonly grant: SessionGrant;
}

/** Signs in somebody whose role needs a factor and who has none. The clock moves on, so that the next code is another. */
export async function setUpFactor(server: TestServer, personId: string): Promise<WithFactor> {
  const deviceId = `device-of-${personId}`;
  const challenge = (await begin(server, personId)).body as SignInChallenge;
  const place = { challenge: challenge.challenge, deviceId };
  const totp = (await call(server, '/api/v1/auth/challenge/totp', { body: place })).body as TotpSetup;
  const code = codeOf(totp, server.clock.now());
  const kept = (await answer(server, challenge, { kind: 'totp', code }, deviceId)).body as SignInChallenge;
  const done = await answer(server, challenge, { kind: 'codesKept' }, deviceId);
  if (done.status !== 200) throw new Error(`the factor was not set up: ${done.text}`);
  server.clock.advance(2 * STEP_MS);
  return { totp, recoveryCodes: kept.recoveryCodes ?? [], grant: done.body as SessionGrant };
}

export function requireFactor(server: TestServer, admin: SessionGrant, roles: readonly string[]): Promise<Answer> {
  return call(server, '/api/v1/organization/settings', {
    method: 'PUT',
    token: admin.accessToken,
    body: { offlineLeaseDays: 14, secondFactorRoles: roles },
  });
}
