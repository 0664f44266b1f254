// The application's part of a sign-in in the browser: a secret kept here, its challenge sent ahead, the exchange at the end.
import { createHash, randomBytes } from 'node:crypto';
import type { BegunSso } from '#shared/sync/sso-messages.ts';
import { call, type Answer } from '#test/support/start-server.ts';

export const BACK = 'http://127.0.0.1:9/aaaaaaaaaaaaaaaaaaaaaa';

export interface SsoAttempt {
  readonly verifier: string;
  readonly leave: string;
}

export function createVerifier(): { readonly verifier: string; readonly challenge: string } {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

export async function beginSso(
  server: { readonly url: string },
  path: string,
  body: Readonly<Record<string, string>>,
  token?: string,
): Promise<SsoAttempt> {
  const { verifier, challenge } = createVerifier();
  const whole = { ...body, redirectUri: BACK, codeChallenge: challenge };
  const answer = await call(server, path, { body: whole, ...(token === undefined ? {} : { token }) });
  if (answer.status !== 200) throw new Error(`${path} answered ${String(answer.status)}: ${answer.text}`);
  const { flow } = answer.body as BegunSso;
  return { verifier, leave: `${server.url}/sso/leave?flow=${encodeURIComponent(flow)}` };
}

export function finishSso(
  server: { readonly url: string },
  code: string,
  codeVerifier: string,
  deviceId = 'laptop',
): Promise<Answer> {
  return call(server, '/api/v1/auth/sso/finish', { body: { code, codeVerifier, deviceId, deviceName: 'Laptop' } });
}
