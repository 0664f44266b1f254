import { createHash } from 'node:crypto';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';
import type { OwnFactors, PageAddress, RecoveryCodes, SignInChallenge } from '#shared/sync/sign-in-messages.ts';
import { TICKET_LIFETIME_MS } from '#server/identity/passkeys/page-ticket.ts';
import { PROOF_LIFETIME_MS } from '#server/identity/session-proof.ts';
import {
  openPasskeyBrowser,
  startLoopback,
  type Loopback,
  type PasskeyBrowser,
} from '#test/support/passkey-browser.ts';
import { answer, begin, requireFactor } from '#test/support/second-factor.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  saveUser,
  signIn,
  startServer,
  type Answer,
  type TestServer,
} from '#test/support/start-server.ts';

let server: TestServer;
let tenantId: TenantId;
let browser: PasskeyBrowser;
let loopback: Loopback;

beforeAll(async () => {
  server = await startServer();
  tenantId = await createOrganizationWith(server, 'passkeys', [
    { id: 'vera', role: 'viewer' },
    { id: 'vito', role: 'viewer' },
    { id: 'petra', role: 'viewer' },
    { id: 'nora', role: 'viewer' },
    { id: 'rene', role: 'sales_rep' },
    { id: 'mona', role: 'manager' },
    { id: 'anna', role: 'org_admin' },
  ]);
  browser = await openPasskeyBrowser();
  loopback = await startLoopback();
}, 60_000);
afterAll(async () => {
  await browser.close();
  loopback.stop();
  await server.remove();
});

function beginAdd(grant: SessionGrant): Promise<Answer> {
  return call(server, '/api/v1/auth/factors/passkey', { token: grant.accessToken, body: { back: loopback.back } });
}

const urlOf = (begun: Answer): string => (begun.body as PageAddress).url;

async function add(id: string, name: string): Promise<SessionGrant> {
  const grant = await signIn(server, id);
  const begun = await beginAdd(grant);
  expect(begun.status, begun.text).toBe(200);
  await browser.follow(urlOf(begun), name);
  const kept = await keep(grant, loopback.codes.at(-1) ?? '');
  expect(kept.status, kept.text).toBe(200);
  return grant;
}

function keep(grant: SessionGrant, pageCode: string): Promise<Answer> {
  return call(server, '/api/v1/auth/factors/passkey/keep', { token: grant.accessToken, body: { pageCode } });
}

async function refresh({ refreshToken }: SessionGrant, deviceId: string): Promise<SessionGrant> {
  const renewed = await call(server, '/api/v1/auth/refresh', { body: { refreshToken, deviceId } });
  return renewed.body as SessionGrant;
}

const factorsOf = async (grant: SessionGrant): Promise<OwnFactors> =>
  (await call(server, '/api/v1/auth/factors', { token: grant.accessToken })).body as OwnFactors;

const verifier = 'a secret of the computer that began';
const verifierHash = createHash('sha256').update(verifier).digest('base64url');

function beginEnter(deviceId: string): Promise<Answer> {
  const body = { deviceId, deviceName: 'Test computer', verifierHash, back: loopback.back };
  return call(server, '/api/v1/auth/passkey', { body });
}

/** The key that came back to this computer. */
async function enter(deviceId: string): Promise<string> {
  await browser.follow(urlOf(await beginEnter(deviceId)));
  return loopback.codes.at(-1) ?? '';
}

describe('passkeys', () => {
  it('IDT-12 are made in the browser under the public name of the server, and let somebody in without a password', async () => {
    const grant = await add('vera', 'Work laptop');
    expect((await factorsOf(grant)).factors).toMatchObject([{ kind: 'passkey', name: 'Work laptop' }]);
    const challenge = await enter('other-computer');
    const done = await answer(server, { challenge }, { kind: 'page', code: verifier }, 'other-computer');
    expect(done.status, done.text).toBe(200);
    expect((done.body as SessionGrant).actor.userId).toBe('vera');
    const again = await answer(server, { challenge }, { kind: 'page', code: verifier }, 'other-computer');
    expect(codeOf(again)).toBe('challenge_over');
  });

  it('IDT-12 are the second factor after a password', async () => {
    const begun = await begin(server, 'vera');
    const challenge = begun.body as SignInChallenge;
    expect(challenge).toMatchObject({ need: 'secondFactor', ways: ['passkey', 'recoveryCode'] });
    const place = { challenge: challenge.challenge, deviceId: 'device-of-vera', back: loopback.back };
    const page = await call(server, '/api/v1/auth/challenge/passkey', { body: place });
    await browser.follow(urlOf(page));
    const code = loopback.codes.at(-1) ?? '';
    expect(codeOf(await answer(server, challenge, { kind: 'page', code: 'guessed' }, 'device-of-vera'))).toBe(
      'wrong_code',
    );
    expect((await answer(server, challenge, { kind: 'page', code }, 'device-of-vera')).status).toBe(200);
  });

  it('C4 whoever lured somebody to the page gets nothing without what came back to that computer, or the secret of this one', async () => {
    const challenge = await enter('lured');
    expect(codeOf(await answer(server, { challenge }, { kind: 'page', code: 'another secret' }, 'lured'))).toBe(
      'wrong_code',
    );
    expect(codeOf(await answer(server, { challenge }, { kind: 'page', code: verifier }, 'of-somebody-else'))).toBe(
      'challenge_over',
    );
  });

  it('C4 refuses a passkey that was used at another origin, and one of a person who is switched off', async () => {
    const url = new URL(urlOf(await beginEnter('phished')));
    const ticket = url.hash.slice(1);
    const asked = await call(server, '/api/v1/auth/passkey/options', { body: { ticket } });
    const { options } = asked.body as { readonly options: { readonly challenge: string } };
    const fake = await startServer();
    // The same page on another port is another origin; the browser signs what it really saw.
    await browser.page.goto('about:blank');
    await browser.page.goto(`${fake.url.replace('127.0.0.1', 'localhost')}/api/health`);
    const credential = await browser.page.evaluate(async (challenge) => {
      const nonce = atob(challenge.replaceAll('-', '+').replaceAll('_', '/'));
      const used = (await navigator.credentials.get({
        publicKey: {
          challenge: Uint8Array.from(nonce, (letter) => letter.charCodeAt(0)),
          rpId: 'localhost',
          userVerification: 'required',
        },
      })) as PublicKeyCredential;
      const response = used.response as AuthenticatorAssertionResponse;
      const text = (bytes: ArrayBuffer) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
      return {
        id: used.id,
        rawId: used.id,
        type: used.type,
        clientExtensionResults: {},
        response: {
          clientDataJSON: text(response.clientDataJSON).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
          authenticatorData: text(response.authenticatorData)
            .replaceAll('+', '-')
            .replaceAll('/', '_')
            .replaceAll('=', ''),
          signature: text(response.signature).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
        },
      };
    }, options.challenge);
    await fake.remove();
    const body = { ticket, credential, name: '' };
    expect(codeOf(await call(server, '/api/v1/auth/passkey/finish', { body }))).toBe('wrong_code');
    await saveUser(server, tenantId, { id: 'vera', role: 'viewer', isActive: false });
    await browser.follow(urlOf(await beginEnter('late')));
    expect(await browser.problem()).toContain('not taken');
    await saveUser(server, tenantId, { id: 'vera', role: 'viewer' });
  });

  it('C4 a page is over after five minutes, and no ticket can be made or changed', async () => {
    const url = urlOf(await beginEnter('slow'));
    const [place = '', ticket = ''] = url.split('#');
    await browser.follow(`${place}#${ticket.slice(0, -4)}AAAA`);
    expect(await browser.problem()).toContain('over');
    server.clock.advance(TICKET_LIFETIME_MS);
    await browser.follow(url);
    expect(await browser.problem()).toContain('over');
  });

  it('C4 adding and removing one asks for a fresh proof of who one is', async () => {
    const grant = await add('vito', 'Key ring');
    const [factor] = (await factorsOf(grant)).factors;
    server.clock.advance(PROOF_LIFETIME_MS);
    const renewed = await call(server, '/api/v1/auth/refresh', {
      body: { refreshToken: grant.refreshToken, deviceId: 'device-of-vito' },
    });
    const now = renewed.body as SessionGrant;
    expect(codeOf(await beginAdd(now))).toBe('proof_required');
    const path = `/api/v1/auth/factors/${factor?.id ?? ''}`;
    expect(codeOf(await call(server, path, { method: 'DELETE', token: now.accessToken }))).toBe('proof_required');
  });

  it('C4 IDT-12 one is a proof of who one is, on the computer it was shown at, for that session, once', async () => {
    // An authenticator of its own: one of Chromium holds three passkeys.
    const own = await openPasskeyBrowser();
    onTestFinished(() => own.close());
    const home = await signIn(server, 'petra', 'home');
    const work = await signIn(server, 'petra', 'work');
    await own.follow(urlOf(await beginAdd(home)), 'Of Petra');
    expect((await keep(home, loopback.codes.at(-1) ?? '')).status).toBe(200);
    server.clock.advance(PROOF_LIFETIME_MS);
    const [atHome, atWork] = [await refresh(home, 'home'), await refresh(work, 'work')];
    const provePage = (grant: SessionGrant) =>
      call(server, '/api/v1/auth/prove/passkey', { token: grant.accessToken, body: { back: loopback.back } });
    const show = (grant: SessionGrant, pageCode: string) =>
      call(server, '/api/v1/auth/prove', { token: grant.accessToken, body: { pageCode } });
    await own.follow(urlOf(await provePage(atHome)));
    const code = loopback.codes.at(-1) ?? '';
    // Showing it on the page alone changes nothing, and what came back from there is of no use to another session.
    expect(codeOf(await beginAdd(atHome))).toBe('proof_required');
    expect(codeOf(await show(atWork, code))).toBe('wrong_code');
    expect(codeOf(await show(atHome, `${code.slice(0, -4)}AAAA`))).toBe('wrong_code');
    expect((await show(atHome, code)).status).toBe(200);
    expect((await beginAdd(atHome)).status).toBe(200);
    expect(codeOf(await beginAdd(atWork))).toBe('proof_required');
    // Shown again it adds no time, and after five minutes it is nothing.
    const until = (await factorsOf(atHome)).provedUntil;
    server.clock.advance(60_000);
    expect((await show(atHome, code)).status).toBe(200);
    expect((await factorsOf(atHome)).provedUntil).toBe(until);
    server.clock.advance(TICKET_LIFETIME_MS);
    expect(codeOf(await show(atHome, code))).toBe('wrong_code');
  });

  it('IDT-12 IDT-10 one is kept when the application that asked brings it, not before: after Cancel there is none; with the first come recovery codes', async () => {
    const own = await openPasskeyBrowser();
    onTestFinished(() => own.close());
    const home = await signIn(server, 'nora', 'home');
    const work = await signIn(server, 'nora', 'work');
    const make = async (): Promise<string> => {
      await own.follow(urlOf(await beginAdd(home)), 'Of Nora');
      return loopback.codes.at(-1) ?? '';
    };
    // Whoever cancels in the application brings nothing, whatever the page did.
    const late = await make();
    expect(await factorsOf(home)).toMatchObject({ factors: [], recoveryCodesLeft: 0 });
    expect(codeOf(await keep(work, late))).toBe('wrong_code');
    expect(codeOf(await keep(home, `${late.slice(0, -4)}AAAA`))).toBe('wrong_code');
    server.clock.advance(TICKET_LIFETIME_MS);
    expect(codeOf(await keep(home, late))).toBe('wrong_code');
    expect((await factorsOf(home)).factors).toEqual([]);
    const code = await make();
    const kept = await keep(home, code);
    expect(kept.status, kept.text).toBe(200);
    const { recoveryCodes } = kept.body as RecoveryCodes;
    expect(recoveryCodes.length).toBeGreaterThan(0);
    expect(codeOf(await keep(home, code))).toBe('wrong_code');
    const now = await factorsOf(home);
    expect(now.factors).toMatchObject([{ kind: 'passkey', name: 'Of Nora' }]);
    expect(now.recoveryCodesLeft).toBe(recoveryCodes.length);
  });

  it('UI-14 axe finds nothing on the page', async () => {
    await browser.page.goto('about:blank');
    await browser.page.goto(urlOf(await beginAdd(await signIn(server, 'rene'))));
    await browser.page.getByRole('button', { name: 'Go on' }).waitFor();
    expect((await new AxeBuilder({ page: browser.page }).analyze()).violations).toEqual([]);
    const folder = process.env['OUTPOST_TEST_PICTURES'];
    if (folder !== undefined) await browser.page.screenshot({ path: `${folder}/passkey-page.png` });
  });

  // Last: the authenticator of this browser offers what it made last.
  it('IDT-12 are the factor that somebody whose role needs one begins with, once and for one who has none', async () => {
    const admin = await signIn(server, 'anna');
    expect((await requireFactor(server, admin, ['manager'])).status).toBe(200);
    const challenge = (await begin(server, 'mona')).body as SignInChallenge;
    expect(challenge).toMatchObject({ need: 'setUpFactor', ways: ['totp', 'passkey'] });
    const place = { challenge: challenge.challenge, deviceId: 'device-of-mona', back: loopback.back };
    const pages = await Promise.all([1, 2].map(() => call(server, '/api/v1/auth/challenge/passkey', { body: place })));
    expect(codeOf(await answer(server, challenge, { kind: 'page', code: 'guessed' }, 'device-of-mona'))).toBe(
      'wrong_code',
    );
    await browser.follow(urlOf(pages[0] as Answer), 'Field laptop');
    const code = loopback.codes.at(-1) ?? '';
    // Made, and not brought yet: nobody has a factor that they never heard of.
    expect((await begin(server, 'mona')).body).toMatchObject({ need: 'setUpFactor' });
    const kept = await answer(server, challenge, { kind: 'page', code }, 'device-of-mona');
    expect(kept.body, kept.text).toMatchObject({ need: 'keepCodes' });
    expect((kept.body as SignInChallenge).recoveryCodes?.length).toBeGreaterThan(0);
    const done = await answer(server, challenge, { kind: 'codesKept' }, 'device-of-mona');
    expect(done.status, done.text).toBe(200);
    expect((await factorsOf(done.body as SessionGrant)).factors).toMatchObject([
      { kind: 'passkey', name: 'Field laptop' },
    ]);
    // The other page of the same challenge adds nothing to somebody who has a factor now.
    const before = loopback.codes.length;
    await browser.follow(urlOf(pages[1] as Answer), 'Another one').catch(() => undefined);
    expect(loopback.codes).toHaveLength(before);
    expect((await factorsOf(done.body as SessionGrant)).factors).toHaveLength(1);
    expect((await begin(server, 'mona')).body).toMatchObject({ need: 'secondFactor' });
  });
});
