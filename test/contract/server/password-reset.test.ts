import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import { giveSignInName } from '#server/identity/accounts.ts';
import { RESET_LIFETIME_MS } from '#server/identity/password-reset.ts';
import { findChromium } from '#test/support/run-in-chromium.ts';
import { startSmtp, type TestSmtp } from '#test/support/smtp-server.ts';
import {
  call,
  codeOf,
  createOrganizationWith,
  emailOf,
  saveUser,
  signIn,
  startServer,
  testPassword,
  type Answer,
  type TestServer,
} from '#test/support/start-server.ts';

const publicUrl = 'https://crm.example.test';
const newPassword = 'a boat on a calm lake';
let smtp: TestSmtp;
let server: TestServer;
let tenantId: TenantId;

beforeAll(async () => {
  smtp = await startSmtp();
  server = await startServer({ mail: smtp.settings, publicUrl });
  const ids = ['ada', 'mara', 'rene', 'lena', 'gone', 'paul', 'otto', 'olga'];
  tenantId = await createOrganizationWith(
    server,
    'reset',
    ids.map((id) => ({ id, role: 'sales_rep' })),
  );
  await createOrganizationWith(server, 'elsewhere', [{ id: 'eve', role: 'org_admin' }]);
}, 60_000);
afterAll(async () => {
  await server.remove();
  await smtp.stop();
});

function ask(email: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return call(server, '/api/v1/auth/reset', { body: { email }, headers });
}

/** The link that was mailed last. */
async function linkFor(id: string, headers: Readonly<Record<string, string>> = {}): Promise<URL> {
  const before = smtp.mailsTo(emailOf(id)).length;
  expect((await ask(emailOf(id), headers)).status).toBe(200);
  await vi.waitFor(() => expect(smtp.mailsTo(emailOf(id))).toHaveLength(before + 1));
  const text = smtp.mailsTo(emailOf(id)).at(-1)?.text ?? '';
  return new URL(/https?:\/\/\S+/.exec(text)?.[0] ?? '');
}

const codeIn = (link: URL): string => new URLSearchParams(link.hash.slice(1)).get('code') ?? '';

function complete(code: string, chosen = newPassword): Promise<Answer> {
  return call(server, '/api/v1/auth/reset/complete', { body: { code, newPassword: chosen } });
}

function enter(id: string, password: string): Promise<Answer> {
  const body = { email: emailOf(id), password, deviceId: `other-${id}`, deviceName: 'Other' };
  return call(server, '/api/v1/auth/sign-in', { body });
}

function check(code: string): Promise<Answer> {
  return call(server, '/api/v1/auth/reset/check', { body: { code } });
}

const withoutId = (answer: Answer): string => answer.text.replace(/"correlationId":"[^"]+"/, '');

describe('a forgotten password', () => {
  it('IDT-10 is replaced with the mailed link, ends every session and opens none', async () => {
    const { accessToken } = await signIn(server, 'mara');
    const code = codeIn(await linkFor('mara'));
    const done = await complete(code);
    expect([done.status, done.text]).toEqual([200, '{}']);
    expect((await call(server, '/api/v1/sessions', { token: accessToken })).status).toBe(401);
    expect((await enter('mara', testPassword)).status).toBe(401);
    expect((await enter('mara', newPassword)).status).toBe(200);
  });

  it('IDT-10 keeps the link for another try when the new password is not good enough', async () => {
    const code = codeIn(await linkFor('ada'));
    expect((await complete(code, 'short')).body).toMatchObject({
      error: { code: 'invalid', details: { problems: ['newPassword:tooShort'], leastLength: 15 } },
    });
    expect((await complete(code, 'Person-ada-reset')).body).toMatchObject({
      error: { details: { problems: ['newPassword:contextPassword'] } },
    });
    expect((await complete(code)).status).toBe(200);
  });

  it('IDT-10 keeps nobody out who needs many tries to find a password that is good enough', async () => {
    const code = codeIn(await linkFor('ada'));
    for (let count = 0; count < 9; count += 1) expect((await complete(code, 'short')).status).toBe(400);
    expect((await complete(code, 'a bridge over a small river')).status).toBe(200);
  });

  it('C3 answers known, unknown and deactivated addresses alike, and mails only the known', async () => {
    await saveUser(server, tenantId, { id: 'gone', role: 'sales_rep', isActive: false });
    const answers = [await ask(emailOf('rene')), await ask('nobody@example.test'), await ask(emailOf('gone'))];
    expect(new Set(answers.map((answer) => `${String(answer.status)} ${withoutId(answer)}`)).size).toBe(1);
    await vi.waitFor(() => expect(smtp.mailsTo(emailOf('rene'))).toHaveLength(1));
    expect([...smtp.mailsTo('nobody@example.test'), ...smtp.mailsTo(emailOf('gone'))]).toEqual([]);
  });

  it('C3 limits how often a link is asked for, known address or not', async () => {
    for (const email of [emailOf('paul'), 'stranger@example.test']) {
      const codes: string[] = [];
      for (let count = 0; count < 6; count += 1) codes.push(codeOf(await ask(email)));
      expect(codes.at(-1), email).toBe('too_many_attempts');
      expect(codes.slice(0, 5), email).toEqual(Array<string>(5).fill('status 200 without code'));
    }
    server.clock.advance(15 * 60_000);
  });

  it('C5 works once, also for two at the same instant, and the next link replaces it', async () => {
    const [first, second] = [codeIn(await linkFor('lena')), codeIn(await linkFor('lena'))];
    expect(codeOf(await complete(first))).toBe('link_over');
    const both = await Promise.all([complete(second), complete(second, 'a horse in a green field')]);
    expect(both.map(({ status }) => status).sort((one, other) => one - other)).toEqual([200, 410]);
    expect(codeOf(await complete(second))).toBe('link_over');
  });

  it('C5 is over after half an hour', async () => {
    const code = codeIn(await linkFor('otto'));
    server.clock.advance(RESET_LIFETIME_MS);
    expect(codeOf(await complete(code))).toBe('link_over');
  });

  it('IDT-10 is asked about before a password is typed, stays, and whoever guesses is stopped', async () => {
    const code = codeIn(await linkFor('lena'));
    for (let count = 0; count < 9; count += 1) expect((await check(code)).text).toBe('{}');
    expect((await complete(code)).status).toBe(200);
    const [used, made, broken] = [await check(code), await check(code.replace(/.$/, '')), await check('nothing')];
    expect(new Set([used, made, broken].map((answer) => `${String(answer.status)} ${withoutId(answer)}`)).size).toBe(1);
    expect(codeOf(used)).toBe('link_over');
    const codes: string[] = [];
    for (let count = 0; count < 12; count += 1) codes.push(codeOf(await check(code)));
    expect(codes.at(-1)).toBe('too_many_attempts');
    server.clock.advance(15 * 60_000);
  });

  it('C5 is void once the address of the account is another one', async () => {
    const code = codeIn(await linkFor('otto'));
    await server.database.inTenant(tenantId, (session) =>
      giveSignInName(session, { tenantId, userId: 'otto' as UserId }, 'otto.new@example.test'),
    );
    expect(codeOf(await complete(code))).toBe('link_over');
  });

  it('C5 is worth nothing in another organization', async () => {
    const code = codeIn(await linkFor('olga'));
    expect(codeOf(await complete(code.replace(/^[^~]+/, 'elsewhere')))).toBe('link_over');
    expect(codeOf(await complete('elsewhere'))).toBe('link_over');
    expect((await complete(code)).status).toBe(200);
  });

  it('C5 leads to the configured address, whatever the request says about its host', async () => {
    server.clock.advance(15 * 60_000);
    const forged = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http', forwarded: 'host=evil.example' };
    const link = await linkFor('rene', forged);
    expect(link.origin).toBe(publicUrl);
    expect(smtp.mailsTo(emailOf('rene')).every(({ text }) => text?.includes('evil') !== true)).toBe(true);
  });

  it('C1 refuses the code of a link as access token and as refresh token', async () => {
    server.clock.advance(15 * 60_000);
    const code = codeIn(await linkFor('rene'));
    expect((await call(server, '/api/v1/sessions', { token: code })).status).toBe(401);
    const body = { refreshToken: code, deviceId: 'device-of-rene' };
    expect((await call(server, '/api/v1/auth/refresh', { body })).status).toBe(401);
    expect(server.logText()).not.toContain(code);
  });

  it('IDT-10 says alike to everybody that a server without mail cannot help', async () => {
    const silent = await startServer();
    await createOrganizationWith(silent, 'silent', [{ id: 'ada', role: 'org_admin' }]);
    for (const email of [emailOf('ada'), 'nobody@example.test'])
      expect(codeOf(await call(silent, '/api/v1/auth/reset', { body: { email } }))).toBe('mail_not_set_up');
    await silent.remove();
  });
});

describe('the page of a forgotten password', () => {
  it('IDT-10 sets the new password by keyboard alone, says what is wrong before, and axe finds nothing', async () => {
    const local = await startServer({ mail: smtp.settings });
    const place = await createOrganizationWith(local, 'local', [{ id: 'petra', role: 'viewer' }]);
    const browser = await chromium.launch({ executablePath: findChromium() });
    try {
      expect(place).toBe('local');
      expect((await call(local, '/api/v1/auth/reset', { body: { email: emailOf('petra') } })).status).toBe(200);
      await vi.waitFor(() => expect(smtp.mailsTo(emailOf('petra'))).toHaveLength(1));
      const link = /https?:\/\/\S+/.exec(smtp.mailsTo(emailOf('petra'))[0]?.text ?? '')?.[0] ?? '';
      const page = await (await browser.newContext({ locale: 'de-DE', colorScheme: 'dark' })).newPage();
      const faults: string[] = [];
      page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
      await page.goto(link);
      expect(page.url()).toBe(`${local.url}/reset`);
      const first = page.getByLabel('Neues Passwort', { exact: true });
      const hasFocus = () => first.evaluate((element) => element === document.activeElement);
      expect(await hasFocus()).toBe(true);
      await first.fill('passwort2026');
      await page.getByLabel('Neues Passwort noch einmal').fill('passwort2026');
      await page.keyboard.press('Enter');
      await expect.poll(() => page.locator('#problem').textContent()).toContain('mindestens 15 Zeichen');
      // It stands where the other one is typed.
      expect([await hasFocus(), await first.getAttribute('aria-invalid')]).toEqual([true, 'true']);
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      await first.fill(newPassword);
      await page.getByLabel('Neues Passwort noch einmal').fill(newPassword);
      await page.keyboard.press('Enter');
      await page.locator('#done').waitFor({ state: 'visible' });
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      // The refused attempt is the only thing a browser complains about.
      expect(faults.filter((fault) => !fault.includes('400'))).toEqual([]);
      const folder = process.env['OUTPOST_TEST_PICTURES'];
      if (folder !== undefined) await page.screenshot({ path: `${folder}/reset-de-dark.png` });
      // Whoever opens the used link is told at once.
      await page.goto('about:blank');
      await page.goto(link);
      await page.getByRole('alert').filter({ hasText: 'Dieser Link wurde schon benutzt' }).waitFor();
      expect(await first.isVisible()).toBe(false);
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      if (folder !== undefined) await page.screenshot({ path: `${folder}/reset-over-de-dark.png` });
    } finally {
      await browser.close();
      await local.remove();
    }
  });
});
