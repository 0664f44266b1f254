import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromium, type Browser, type Page } from 'playwright';
import { AxeBuilder } from '@axe-core/playwright';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SessionGrant, SignInWays } from '#shared/sync/messages.ts';
import type { SentInvitation } from '#shared/sync/people-messages.ts';
import { ONE_TIME_LIFETIME_MS } from '#server/identity/one-time-passwords.ts';
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
  type Answer,
  type TestServer,
} from '#test/support/start-server.ts';

const publicUrl = 'https://crm.example.test';
const ownPassword = 'a password of my own';
let smtp: TestSmtp;
let server: TestServer;
let tenantId: TenantId;
let admin: SessionGrant;

beforeAll(async () => {
  smtp = await startSmtp();
  server = await startServer({ mail: smtp.settings, publicUrl });
  tenantId = await createOrganizationWith(server, 'inviting', [
    { id: 'ada', role: 'org_admin' },
    { id: 'mara', role: 'manager' },
    { id: 'known', role: 'sales_rep' },
  ]);
  await createOrganizationWith(server, 'elsewhere', [{ id: 'eve', role: 'org_admin' }]);
  admin = await signIn(server, 'ada');
}, 60_000);
afterAll(async () => {
  await server.remove();
  await smtp.stop();
});

/** Somebody whose record is there and who has no way in. */
async function add(id: string, values: Readonly<Record<string, unknown>> = {}): Promise<void> {
  await saveUser(server, tenantId, { id, role: 'sales_rep', ...values });
}

function ask(userId: string, byMail = true, token = admin.accessToken): Promise<Answer> {
  return call(server, `/api/v1/users/${userId}/invitation`, {
    body: { byMail },
    token,
    headers: { 'x-forwarded-host': 'evil.example' },
  });
}

async function invite(userId: string, byMail = true): Promise<SentInvitation> {
  const answer = await ask(userId, byMail);
  expect(answer.status, answer.text).toBe(200);
  return answer.body as SentInvitation;
}

interface Link {
  readonly url: string;
  readonly email: string;
  readonly code: string;
}

function readLink(text: string): Link {
  const url = /https?:\/\/\S+/.exec(text)?.[0] ?? '';
  const parts = new URLSearchParams(new URL(url).hash.slice(1));
  return { url, email: parts.get('email') ?? '', code: parts.get('code') ?? '' };
}

/** Invites by mail and reads the newest mail. */
async function inviteByMail(userId: string): Promise<Link> {
  expect(await invite(userId)).toMatchObject({ isMailed: true, code: null, link: null, hindrance: null });
  return readLink(smtp.mailsTo(emailOf(userId)).at(-1)?.text ?? '');
}

function accept({ email, code }: Pick<Link, 'email' | 'code'>, newPassword = ownPassword): Promise<Answer> {
  return call(server, '/api/v1/auth/accept-invitation', { body: { email, code, newPassword } });
}

function enter(email: string, password: string): Promise<Answer> {
  return call(server, '/api/v1/auth/sign-in', { body: { email, password, deviceId: 'new', deviceName: 'New' } });
}

async function wayOf(userId: string) {
  const { users } = (await call(server, '/api/v1/users/sign-in-ways', { token: admin.accessToken })).body as SignInWays;
  return users.find((user) => user.userId === userId);
}

async function auditOf(userId: string) {
  return server.database.inTenant(tenantId, (session) =>
    session.query<{ command: string; outcome: string; actor: string }>(
      'SELECT command, outcome, actor FROM audit WHERE tenant = $1 AND id = $2 ORDER BY no',
      [tenantId, userId],
    ),
  );
}

describe('an invitation by mail', () => {
  it('IDT-17 leads to an own password, which opens the account with the role it was made with; the code is in the mail alone', async () => {
    await add('nora', { name: 'Nora\u0007 Nord' });
    const link = await inviteByMail('nora');
    expect(link.url.startsWith(`${publicUrl}/join#`)).toBe(true);
    expect(link.email).toBe(emailOf('nora'));
    const [mail] = smtp.mailsTo(emailOf('nora'));
    expect(mail?.subject).toBe('Your invitation to Company inviting in Outpost');
    expect(mail?.text).toContain('Person ada invites you to Company inviting');
    expect(await wayOf('nora')).toMatchObject({ state: 'oneTime', mailedTo: emailOf('nora') });
    expect(codeOf(await enter(link.email, link.code))).toBe('password_change_required');

    expect(codeOf(await accept(link, 'short'))).toBe('invalid');
    expect(codeOf(await accept(link, link.code))).toBe('invalid');
    expect((await accept(link)).status).toBe(200);
    expect((await enter(link.email, ownPassword)).body).toMatchObject({ actor: { userId: 'nora', role: 'sales_rep' } });
    expect(await wayOf('nora')).toMatchObject({ state: 'own', invitedAt: null, mailedTo: null });
    expect(await auditOf('nora')).toMatchObject([
      { command: 'user.invite', outcome: 'applied', actor: 'ada' },
      { command: 'user.accept', outcome: 'applied', actor: 'nora' },
      { command: 'signIn', outcome: 'applied', actor: 'nora' },
    ]);
    expect(server.logText()).not.toContain(link.code);
  });

  it('IDT-17 is written in the language of whoever is invited', async () => {
    await add('dora', { locale: 'de-AT', timeZone: 'Europe/Vienna' });
    await inviteByMail('dora');
    expect(smtp.mailsTo(emailOf('dora'))[0]?.subject).toBe('Ihre Einladung zu Company inviting in Outpost');
  });

  it('IDT-17 that cannot be delivered is passed on by hand, and says why', async () => {
    await add('lost');
    smtp.refused.add(emailOf('lost'));
    const sent = await invite('lost');
    expect(sent).toMatchObject({ isMailed: false, hindrance: 'refused', email: emailOf('lost') });
    const link = readLink(sent.link ?? '');
    expect(link.code).toBe(sent.code);
    expect(await wayOf('lost')).toMatchObject({ state: 'oneTime', mailedTo: null });
    expect((await accept(link)).status).toBe(200);
  });

  it('IDT-17 is for administrators, of people without a password, in the own organization', async () => {
    await add('waiting');
    const manager = await signIn(server, 'mara');
    const stranger = await signIn(server, 'eve');
    expect(codeOf(await ask('waiting', false, manager.accessToken))).toBe('action_forbidden');
    expect(codeOf(await ask('waiting', false, stranger.accessToken))).toBe('not_visible');
    const refused = await ask('known');
    expect(codeOf(refused)).toBe('invalid');
    expect(refused.text).toContain('signIn:hasPassword');
    expect(await enter(emailOf('known'), 'correct horse battery staple')).toMatchObject({ status: 200 });
  });
});

describe('the link of an invitation', () => {
  it('C5 works once, also for two at the same instant', async () => {
    await add('twice');
    const link = await inviteByMail('twice');
    const answers = await Promise.all(['the first own one', 'the second own one'].map((own) => accept(link, own)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401]);
    expect(codeOf(await accept(link))).toBe('wrong_credentials');
  });

  it('C5 ends after its time, with another one, when it is withdrawn, and with the address it was sent to', async () => {
    for (const id of ['late', 'again', 'withdrawn', 'moved']) await add(id);
    const late = await inviteByMail('late');
    server.clock.advance(ONE_TIME_LIFETIME_MS);
    admin = await signIn(server, 'ada');
    expect(codeOf(await accept(late))).toBe('one_time_expired');
    expect(await wayOf('late')).toMatchObject({ state: 'expired' });

    const first = await inviteByMail('again');
    const second = await inviteByMail('again');
    expect(codeOf(await accept(first))).toBe('wrong_credentials');
    expect((await accept(second)).status).toBe(200);

    const withdrawn = await inviteByMail('withdrawn');
    const path = '/api/v1/users/withdrawn/invitation';
    const stranger = await signIn(server, 'eve');
    const manager = await signIn(server, 'mara');
    expect(codeOf(await call(server, path, { method: 'DELETE', token: stranger.accessToken }))).toBe('not_visible');
    expect(codeOf(await call(server, path, { method: 'DELETE', token: manager.accessToken }))).toBe('action_forbidden');
    expect((await call(server, path, { method: 'DELETE', token: admin.accessToken })).status).toBe(200);
    expect(codeOf(await call(server, path, { method: 'DELETE', token: admin.accessToken }))).toBe('not_found');
    expect(codeOf(await accept(withdrawn))).toBe('wrong_credentials');
    expect(await wayOf('withdrawn')).toMatchObject({ state: 'none' });

    const moved = await inviteByMail('moved');
    const operation = {
      opId: 'op-moved',
      opNo: 1,
      txn: null,
      kind: 'patch',
      entity: 'user',
      recordId: 'moved',
      command: 'test',
      baseRev: 1_000_000,
      changes: [{ group: 'email', base: { email: moved.email }, to: { email: 'other@example.test' } }],
      dependsOn: [],
      captured: { wall: '2026-03-02T08:00:00.000Z', sinceBootMs: 1 },
      schema: 1,
    };
    const pushed = await call(server, '/sync/v1/push', {
      token: admin.accessToken,
      body: { protocol: 1, epoch: admin.actor.epoch, ops: [operation] },
    });
    expect(pushed.body).toMatchObject({ verdicts: [{ status: 'applied' }] });
    expect(codeOf(await accept(moved))).toBe('wrong_credentials');
  });

  it('C5 a withdrawn or unknown code answers like a wrong one, and of an own password nothing is told', async () => {
    const wrong = await accept({ email: emailOf('known'), code: 'correct-horse' });
    const nobody = await accept({ email: 'nobody@example.test', code: 'correct-horse' });
    const own = await accept({ email: emailOf('known'), code: 'correct horse battery staple' });
    for (const answer of [wrong, nobody, own]) expect(codeOf(answer)).toBe('wrong_credentials');
    expect(JSON.stringify(wrong.body).replace(/"correlationId":"[^"]*"/, '')).toBe(
      JSON.stringify(nobody.body).replace(/"correlationId":"[^"]*"/, ''),
    );
  });

  it('IDT-17 C3 a link is asked about before a password is typed, stays, and whoever guesses that way is stopped', async () => {
    await add('looked');
    const link = await inviteByMail('looked');
    const check = (code: string) =>
      call(server, '/api/v1/auth/accept-invitation/check', { body: { email: link.email, code } });
    for (let count = 0; count < 9; count += 1) expect((await check(link.code)).text).toBe('{}');
    expect((await accept(link)).status).toBe(200);
    expect(codeOf(await check(link.code))).toBe('wrong_credentials');
    const codes: string[] = [];
    for (let attempt = 0; attempt < 9; attempt += 1) codes.push(codeOf(await check(`guess-${attempt}`)));
    expect(codes.at(-1)).toBe('too_many_attempts');
  });

  it('C3 cannot be guessed: attempts are counted', async () => {
    await add('guessed');
    await inviteByMail('guessed');
    const codes: string[] = [];
    for (let attempt = 0; attempt < 9; attempt += 1)
      codes.push(codeOf(await accept({ email: emailOf('guessed'), code: `guess-${attempt}` })));
    expect(codes.at(-1)).toBe('too_many_attempts');
  });
});

describe('the page of an invitation', () => {
  let browser: Browser;
  let local: TestServer;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: findChromium() });
    // Without a configured address, on this computer alone, the server knows where it is; without mail the link is passed on.
    local = await startServer();
    await createOrganizationWith(local, 'local', [{ id: 'ada', role: 'org_admin' }]);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await local.remove();
  });

  async function open(
    link: string,
    locale: string,
    colorScheme: 'light' | 'dark',
  ): Promise<{ page: Page; faults: string[] }> {
    const context = await browser.newContext({ locale, colorScheme });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(local.url)) faults.push(request.url());
    });
    await page.goto(link);
    return { page, faults };
  }

  async function look(page: Page, name: string): Promise<void> {
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html ?? ''}`)).toEqual([]);
    const folder = process.env['OUTPOST_TEST_PICTURES'];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
  }

  async function invitationOf(id: string): Promise<string> {
    const { accessToken } = await signIn(local, 'ada');
    await saveUser(local, 'local' as TenantId, { id, role: 'viewer' });
    const answer = await call(local, `/api/v1/users/${id}/invitation`, { body: { byMail: true }, token: accessToken });
    expect(answer.body).toMatchObject({ isMailed: false, hindrance: 'notSetUp' });
    const { link } = answer.body as SentInvitation;
    expect(link?.startsWith(`${local.url}/join#`)).toBe(true);
    return link ?? '';
  }

  it('C5 takes the code out of its address, loads nothing from elsewhere and may run no other script', async () => {
    const { headers } = await call(local, '/join');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-frame-options')).toBe('DENY');
    const { page, faults } = await open(await invitationOf('paula'), 'en-GB', 'light');
    expect(page.url()).toBe(`${local.url}/join`);
    expect(await page.locator('#choose').textContent()).toContain(emailOf('paula'));
    expect(faults).toEqual([]);
    await look(page, 'join-en-light');
    await page.context().close();
  });

  it('IDT-17 sets the own password by keyboard alone, says what is wrong before, and where to go on after', async () => {
    const { page, faults } = await open(await invitationOf('peter'), 'de-DE', 'dark');
    await page.getByLabel('Neues Passwort', { exact: true }).focus();
    await page.keyboard.type('short');
    await page.keyboard.press('Enter');
    expect(await page.locator('#problem').textContent()).toContain('8');
    await page.keyboard.press('Control+A');
    await page.keyboard.type(ownPassword);
    await page.keyboard.press('Tab');
    await page.keyboard.type('something else');
    await page.keyboard.press('Enter');
    expect(await page.locator('#problem').textContent()).toContain('verschieden');
    await look(page, 'join-de-dark-error');
    await page.keyboard.press('Control+A');
    await page.keyboard.type(ownPassword);
    await page.keyboard.press('Enter');
    await page.locator('#done').waitFor({ state: 'visible' });
    const next = new URL((await page.locator('#open-app').getAttribute('href')) ?? '');
    expect([
      next.protocol,
      next.searchParams.get('server'),
      next.searchParams.get('email'),
      next.searchParams.get('code'),
    ]).toEqual(['outpost:', local.url, emailOf('peter'), null]);
    await look(page, 'join-de-dark-done');
    expect(faults).toEqual([]);
    expect(
      (
        await call(local, '/api/v1/auth/sign-in', {
          body: { email: emailOf('peter'), password: ownPassword, deviceId: 'd', deviceName: 'd' },
        })
      ).status,
    ).toBe(200);
    await page.context().close();
  });

  it('IDT-09 says why a password that was chosen cannot be taken', async () => {
    const { page } = await open(await invitationOf('paula'), 'en-GB', 'light');
    const refusalOf = async (password: string): Promise<string> => {
      for (const name of ['New password', 'New password again'])
        await page.getByLabel(name, { exact: true }).fill(password);
      const answered = page.waitForResponse('**/accept-invitation');
      await page.getByRole('button', { name: 'Set the password' }).click();
      await answered;
      await page.locator('#problem:not(:empty)').waitFor();
      return (await page.locator('#problem').textContent()) ?? '';
    };
    expect(await refusalOf('eleven char')).toContain('15');
    expect(await refusalOf('passwordpassword')).not.toBe('This password cannot be used. Choose another one.');
    await page.context().close();
  });

  it('IDT-17 says when a link is not complete, and when it was used', async () => {
    const link = await invitationOf('petra');
    const { page } = await open(`${local.url}/join`, 'en-GB', 'light');
    await page.locator('#incomplete').waitFor({ state: 'visible' });
    expect(await page.locator('#choose').isVisible()).toBe(false);
    const { email, code } = readLink(link);
    await call(local, '/api/v1/auth/accept-invitation', { body: { email, code, newPassword: ownPassword } });
    // Before anything is typed.
    const used = await open(link, 'en-GB', 'light');
    await used.page.locator('#over', { hasText: 'does not work any more' }).waitFor();
    expect(await used.page.locator('#first').isVisible()).toBe(false);
    expect((await new AxeBuilder({ page: used.page }).analyze()).violations).toEqual([]);
    await page.context().close();
    await used.page.context().close();
  });
});
