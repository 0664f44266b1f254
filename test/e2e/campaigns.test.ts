// A campaign from the first word to its figures, in the application's own windows, through a real mail server: written offline,
// counted, looked at, sent, opened, clicked, and left with one click.
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { readList, request } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { startDovecot, type Dovecot } from '#test/support/dovecot.ts';
import { goTo, setWorkOffline } from '#test/support/drive-screens.ts';
import { lookAtScreen, openSettings } from '#test/support/look-at-screen.ts';
import { createSendGridCalls, type ProviderCall } from '#test/support/provider-calls.ts';
import { quickJobs } from '#test/support/report-world.ts';
import { recipientOf, startSmtp, type TestSmtp } from '#test/support/smtp-server.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { textOf } from '#shared/kernel/text-of.ts';

const NAME = 'News of the autumn';
const MAILBOX_PASSWORD = 'a password of a mailbox';
let smtp: TestSmtp;
let dovecot: Dovecot;
let server: TestServer;
let admin: Device;
let people: readonly { readonly id: string; readonly name: string; readonly email: string }[];

beforeAll(async () => {
  await buildIfNeeded();
  smtp = await startSmtp();
  dovecot = await startDovecot(['bounces'], MAILBOX_PASSWORD);
  const allowPrivate = `127.0.0.1:${String(dovecot.port)}`;
  server = await startServer({ isDemo: true, mail: smtp.settings, jobTimes: quickJobs, allowPrivate });
  admin = new Device({ serverUrl: server.url });
  await admin.start();
  await admin.enterDemo('org_admin');
  await admin.waitUntilExchanged();
  const { rows } = await readList(admin.page, 'contact', { limit: 200 });
  people = rows
    .filter((row) => textOf(row['email'] ?? '').includes('@') && row['emailOptOut'] !== true)
    .slice(0, 3)
    .map((row) => ({ id: row.id, name: textOf(row['name']), email: textOf(row['email']).toLowerCase() }));
  if (people.length < 3) throw new Error('the demo company knows fewer than three people with an address');
}, 240_000);

afterAll(async () => {
  await admin.remove();
  await server.remove();
  await smtp.stop();
  await dovecot.stop();
});

async function pick(page: Page, label: string, name: string): Promise<void> {
  const field = page.getByRole('combobox', { name: label }).or(page.getByLabel(label)).first();
  await field.fill(name);
  await page.getByRole('option', { name }).first().click();
  await page.keyboard.press('Escape');
}

/** First with a password that is refused, then with the right one. */
async function nameMailbox(settings: Page): Promise<void> {
  await settings.getByRole('switch', { name: 'Read returned mail from a mailbox' }).click();
  const form = settings.getByRole('form', { name: 'Returned mail' });
  await form.getByLabel('Address').fill('bounces@example.test');
  await form.getByLabel('IMAP server').fill('127.0.0.1');
  await form.getByLabel('Encryption').selectOption('none');
  await form.getByLabel('Port').fill(String(dovecot.port));
  await form.getByLabel('User name').fill('bounces');
  await form.getByRole('textbox', { name: 'Password' }).fill('wrong');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText('The mail server refuses this user name or password.').waitFor();
  await lookAtScreen(admin, settings, 'settings-returned-refused');
  await form.getByRole('textbox', { name: 'Password' }).fill(MAILBOX_PASSWORD);
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText('No mail came back so far.').waitFor();
  await lookAtScreen(admin, settings, 'settings-returned');
}

/** SendGrid calls: first signed by somebody else, then with the key that was entered. */
async function hearSendGrid(settings: Page): Promise<void> {
  const sendGrid = createSendGridCalls();
  await settings.getByLabel('Sent by').selectOption('sendgrid');
  await settings.getByLabel('From: address').fill('news@example.test');
  await settings.getByRole('textbox', { name: 'Secret key' }).fill('SG.a-key');
  await settings.getByRole('button', { name: 'Save' }).first().click();
  const form = settings.getByRole('form', { name: 'What SendGrid tells' });
  const address = (await form.locator('code').textContent()) ?? '';
  const post = async (call: ProviderCall) => (await fetch(address, { method: 'POST', ...call })).status;
  await form.getByRole('textbox', { name: 'Verification key' }).fill('no key');
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText('This is not the key the provider shows for this.').waitFor();
  await form.getByRole('textbox', { name: 'Verification key' }).fill(sendGrid.key);
  await form.getByRole('button', { name: 'Save' }).click();
  await form.getByText('SendGrid has not called yet.').waitFor();
  expect(await post(createSendGridCalls().call([], Date.now()))).toBe(403);
  await form.locator('[data-trouble="signature"]').waitFor();
  await lookAtScreen(admin, settings, 'settings-reports-refused');
  expect(await post(sendGrid.call([], Date.now()))).toBe(204);
  await form.getByText('It has told of no mail of a campaign so far.').waitFor();
  await lookAtScreen(admin, settings, 'settings-reports');
}

async function makeCampaign(page: Page, values: Readonly<Record<string, unknown>>): Promise<string> {
  const input = { entity: 'campaign', values };
  const { recordId } = await request(page, 'execute', { command: 'createRecord', input });
  if (recordId === null) throw new Error('the campaign was not made');
  return recordId;
}

const figureOf = async (page: Page, name: string): Promise<number> =>
  Number(await page.locator(`[data-figure="${name}"]`).getAttribute('data-count'));

test('EML-01 a template names a variable nobody fills in, and is saved once it is mended', async () => {
  const { page } = admin;
  await page.getByRole('navigation', { name: 'Main navigation' }).getByRole('link', { name: 'Campaigns' }).click();
  await page.getByText('No campaigns yet').waitFor();
  await lookAtScreen(admin, page, 'campaigns-empty');
  await page.getByText('Templates', { exact: true }).click();
  await page.getByRole('button', { name: 'New template' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Newsletter');
  await dialog.getByRole('textbox', { name: 'Subject' }).fill('News for {frist_name|you}');
  await dialog.getByRole('textbox', { name: 'Content' }).fill('Dear ,\n\nsee https://example.com/autumn today.');
  await dialog.getByText('There is nothing to fill in for {frist_name}.').waitFor();
  expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
  await dialog.getByRole('textbox', { name: 'Subject' }).fill('News for {first_name|you}');
  await dialog.getByRole('textbox', { name: 'Content' }).focus();
  await page.keyboard.press('Control+Home');
  for (const _letter of 'Dear ') await page.keyboard.press('ArrowRight');
  await dialog.getByRole('button', { name: 'Insert a variable' }).click();
  await page.getByRole('menuitem', { name: /Full name/ }).click();
  await waitFor('the variable to stand in the text', async () =>
    (await dialog.getByRole('textbox', { name: 'Content' }).inputValue()).startsWith('Dear {name},'),
  );
  await lookAtScreen(admin, page, 'template');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Newsletter', exact: true }).waitFor();
  await lookAtScreen(admin, page, 'templates');
});

test('EML-02 a campaign is written offline, waits as a draft, and is counted and looked at person by person', async () => {
  const { page } = admin;
  // What fades away has no contrast of its own.
  await page.getByText('Template saved').waitFor({ state: 'detached' });
  await setWorkOffline(page, true);
  await goTo(page, '/campaigns');
  await page.getByRole('button', { name: 'New campaign' }).first().click();
  await page.getByText('No connection: what you write').waitFor();
  await page.getByRole('textbox', { name: 'Name' }).fill(NAME);
  await pick(page, 'Template', 'Newsletter');
  for (const { name } of people) await pick(page, 'Single contacts', name);
  const preview = page.getByTestId('mail-preview');
  await preview.getByText(/News for/).waitFor();
  expect(await page.getByRole('button', { name: 'Publish …' }).isDisabled()).toBe(true);
  await page.locator('[data-saved="true"]').waitFor();
  await lookAtScreen(admin, page, 'campaign-offline');
  await setWorkOffline(page, false);
  await page.locator('[data-recipients="3"]').waitFor();
  const first = await preview.innerText();
  await page.getByRole('button', { name: 'Next recipient' }).click();
  await waitFor('the next person', async () => (await preview.innerText()) !== first);
  await page.getByRole('button', { name: 'Leave out' }).click();
  await page.locator('[data-recipients="2"] [data-reason="excluded"]').waitFor();
  await page.getByRole('button', { name: 'Take back in' }).click();
  await page.locator('[data-recipients="3"]').waitFor();
  await page.getByRole('switch', { name: 'Compare two subjects first' }).click();
  await page.getByRole('textbox', { name: 'Second subject' }).fill('Autumn at {company_name|your company}');
  await lookAtScreen(admin, page, 'campaign-editor');
  await page.getByRole('switch', { name: 'Compare two subjects first' }).click();
  await page.locator('[data-saved="true"]').waitFor();
});

test('EML-04 EML-07 it is tested, published with numbers, reaches everybody once, and its figures and links are told', async () => {
  const { page } = admin;
  const before = smtp.mails.length;
  await page.getByRole('button', { name: 'Send a test to me' }).click();
  await waitFor('the test', () => Promise.resolve(smtp.mails.length === before + 1));
  const [lost] = people;
  if (lost === undefined) throw new Error('nobody to write to');
  smtp.refused.add(lost.email);
  await page.getByRole('button', { name: 'Publish …' }).click();
  await page.getByRole('dialog').getByText('3 people get it').waitFor();
  await lookAtScreen(admin, page, 'campaign-publish');
  await page.getByRole('button', { name: 'Send to 3 people' }).click();
  await page.locator('[data-figure="sent"]').waitFor();
  await waitFor('the campaign to be sent', async () => (await figureOf(page, 'sent')) >= 2, 60_000);
  const [, reached, other] = people;
  if (reached === undefined || other === undefined) throw new Error('too few people');
  expect(
    [smtp.mailsTo(reached.email), smtp.mailsTo(other.email), smtp.mailsTo(lost.email)].map((l) => l.length),
  ).toEqual([1, 1, 0]);
  const mail = smtp.mailsTo(reached.email)[0];
  const html = typeof mail?.html === 'string' ? mail.html : '';
  const link = /href="([^"]+)"[^>]*>https:\/\/example\.com\/autumn/.exec(html)?.[1]?.replaceAll('&amp;', '&');
  if (link === undefined) throw new Error(`no counted link in ${html}`);
  const answer = await fetch(link, { redirect: 'manual', headers: { 'user-agent': 'Mozilla/5.0' } });
  expect(answer.headers.get('location')).toBe('https://example.com/autumn');
  await waitFor('the click to be counted', async () => (await figureOf(page, 'clicked')) === 1, 30_000);
  await page.locator('[data-link="https://example.com/autumn"]').waitFor();
  await page.locator(`[data-recipient="${lost.id}"]`).waitFor();
  await lookAtScreen(admin, page, 'campaign-report');
});

test('EML-09 a follow-up goes to whoever did not open it, and says so before it goes out, in its report and in the list', async () => {
  const { page } = admin;
  await goTo(page, '/campaigns');
  await page.getByRole('button', { name: 'New campaign' }).first().click();
  await page.getByRole('textbox', { name: 'Name' }).fill('A reminder');
  await pick(page, 'Template', 'Newsletter');
  await page.getByText('Follow-up of a campaign', { exact: true }).click();
  await pick(page, 'Campaign it follows', NAME);
  // One of the two it reached has clicked.
  await page.locator('[data-recipients="1"]').waitFor();
  await page.locator('[data-saved="true"]').waitFor();
  await lookAtScreen(admin, page, 'campaign-follow-up');
  await page.getByRole('button', { name: 'Publish …' }).click();
  await page.getByRole('dialog').getByText(`3 days after “${NAME}”, to those who did not open it`).waitFor();
  await lookAtScreen(admin, page, 'campaign-follow-up-publish');
  await page.getByRole('button', { name: 'Schedule it' }).click();
  await page.getByText(/^It goes out on/).waitFor();
  await lookAtScreen(admin, page, 'campaign-follow-up-report');
  await page.getByRole('link', { name: `3 days after “${NAME}”` }).click();
  await page.locator('[data-follower]').getByRole('link', { name: 'A reminder' }).waitFor();
});

test('EML-04 of a campaign to a hundred thousand the figures are there, and reading on in the list is not taken back by news', async () => {
  const { page } = admin;
  const id = page.url().split('/').at(-1) ?? '';
  const [reached] = people;
  const tenants = await server.database.asOwner((session) =>
    session.query<{ tenant: TenantId }>('SELECT tenant FROM campaign_run WHERE campaign = $1', [id]),
  );
  const tenant = tenants[0]?.tenant;
  if (tenant === undefined || reached === undefined) throw new Error('the campaign is not there');
  const add = (from: number, to: number) =>
    server.database.inTenant(tenant, (session) =>
      session.query(
        `INSERT INTO campaign_recipient (tenant, campaign, no, entity, record_id, address, state, sent_at)
         SELECT $1, $2, n, 'contact', $3, 'c' || n || '@example.com', 'sent', 1764268000000 FROM generate_series($4::int, $5::int) n`,
        [tenant, id, reached.id, from, to],
      ),
    );
  await add(4, 100_000);
  await page.locator('[data-figure="sent"][data-count="99999"]').waitFor();
  await page.getByText('200 of 100,000').waitFor();
  await lookAtScreen(admin, page, 'campaign-report-many');
  await page.getByRole('button', { name: 'Show more' }).click();
  await page.getByText('400 of 100,000').waitFor();
  await add(100_001, 100_010);
  await page.locator('[data-figure="sent"][data-count="100009"]').waitFor();
  await page.getByText('400 of 100,010').waitFor();
});

test('EML-07 EML-09 who unsubscribes stands in the list and cannot be put back, an address suppressed by hand can', async () => {
  const { page } = admin;
  const reached = people[1];
  const mail = smtp.mails.find((each) => recipientOf(each) === reached?.email);
  if (reached === undefined || mail === undefined) throw new Error('nobody was reached');
  const list = mail.headers.get('list') as { readonly unsubscribe?: { readonly url?: string } } | undefined;
  const url = list?.unsubscribe?.url;
  if (url === undefined) throw new Error('the mail cannot be left with one click');
  const left = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  });
  expect(left.ok).toBe(true);
  await waitFor('it to be counted', async () => (await figureOf(page, 'unsubscribed')) === 1, 30_000);
  await goTo(page, '/campaigns/suppressions');
  const row = page.locator(`[data-address="${reached.email}"][data-reason="unsubscribed"]`);
  await row.waitFor();
  expect(await row.getByRole('button').count()).toBe(0);
  await page.getByLabel('Suppress an address').fill('nobody@example.com');
  await page.getByRole('button', { name: 'Suppress', exact: true }).click();
  await page.getByRole('button', { name: 'Allow nobody@example.com again' }).waitFor();
  await lookAtScreen(admin, page, 'suppressions');
  await page.getByRole('button', { name: 'Allow nobody@example.com again' }).click();
  await page.locator('[data-address="nobody@example.com"]').waitFor({ state: 'detached' });
  await goTo(page, '/campaigns');
  await page.locator('tr[data-campaign][data-state="sent"]').waitFor();
  await lookAtScreen(admin, page, 'campaigns');
});

test('EML-07 C8 how campaigns are sent is checked, reports of the provider are heard, and a mailbox for returned mail is named', async () => {
  const { page } = admin;
  const settings = await openSettings(admin, 'campaigns');
  await settings.getByText('Mail comes from crm@outpost.test.').waitFor();
  await settings.getByRole('button', { name: 'Check the connection' }).click();
  await settings.getByText('The provider lets this server in.').waitFor();
  await lookAtScreen(admin, settings, 'settings-campaigns');
  await hearSendGrid(settings);
  await nameMailbox(settings);
  await admin.invoke('preferences.set', { language: 'de' });
  await settings.getByText('Kampagnenversand').first().waitFor();
  await lookAtScreen(admin, settings, 'settings-campaigns-de');
  await page.getByText('Kampagnen').first().waitFor();
  await page.getByRole('link', { name: NAME }).click();
  await page.locator('[data-link="https://example.com/autumn"]').waitFor();
  await lookAtScreen(admin, page, 'campaign-report-de');
});

test('EML-09 a follow-up of what has not gone out is listed with about when it goes, and ends with the other one, which says so before', async () => {
  const { page } = admin;
  await admin.invoke('preferences.set', { language: 'en' });
  const nextYear = new Date().getFullYear() + 1;
  const shared = {
    subject: 'News',
    body: 'Hello',
    audience: { parts: [{ entity: 'contact', filter: { and: [] } }], without: [] },
  };
  const first = await makeCampaign(page, {
    ...shared,
    name: 'Spring news',
    scheduledAt: `${String(nextYear)}-03-01T09:00:00.000Z`,
  });
  const second = await makeCampaign(page, {
    ...shared,
    name: 'Spring reminder',
    followsId: first,
    followsWhen: 'notOpened',
    followsDays: 2,
  });
  await admin.waitUntilExchanged();
  for (const id of [first, second]) {
    await goTo(page, `/campaigns/${id}`);
    await page.getByRole('button', { name: 'Publish …' }).click();
    await page.getByRole('button', { name: 'Schedule it' }).click();
    await page.getByText(/^It goes out/).waitFor();
  }
  await goTo(page, '/campaigns');
  await page
    .locator(`[data-campaign="${second}"]`)
    .getByText(`About Mar 3, ${String(nextYear)}`)
    .waitFor();
  await lookAtScreen(admin, page, 'campaigns-scheduled');
  await goTo(page, `/campaigns/${first}`);
  await page.getByRole('button', { name: 'Cancel campaign', exact: true }).click();
  await page.getByText('Its follow-up “Spring reminder” is cancelled with it.').waitFor();
  await lookAtScreen(admin, page, 'campaign-cancel-follow-up');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel campaign', exact: true }).click();
  await page.locator('[data-follower]').getByText('Cancelled').waitFor();
  await goTo(page, `/campaigns/${second}`);
  await page.getByText('It was cancelled because the campaign it follows was cancelled.').waitFor();
  await lookAtScreen(admin, page, 'campaign-cancelled-with-other');
});
