// A representative connects a mailbox of a real mail server, reads what a customer wrote, and answers without a network; what belongs to
// a customer is with the record, for whoever may read it there.
import { globSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { readList } from '#test/support/ask-data.ts';
import { damageFile } from '#test/support/damage-file.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { startDovecot, type Dovecot } from '#test/support/dovecot.ts';
import { choose, goTo, setWorkOffline } from '#test/support/drive-screens.ts';
import { lookAtScreen, openSettings } from '#test/support/look-at-screen.ts';
import { startPostfix, type Postfix } from '#test/support/postfix.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';
import { textOf } from '#shared/kernel/text-of.ts';

const password = 'a pass word';
let dovecot: Dovecot;
let postfix: Postfix;
let server: TestServer;
let rep: Device;
let admin: Device;
let customer: { readonly id: string; readonly name: string; readonly email: string };

function letter(html: string, subject: string, id: string): string {
  return [
    `From: ${customer.name} <${customer.email}>`,
    'To: Ada <ada@example.test>',
    `Subject: ${subject}`,
    `Date: ${new Date(Date.now() - 3_600_000).toUTCString()}`,
    `Message-ID: <${id}@customer.example>`,
    'MIME-Version: 1.0',
    'Content-Type: text/html; charset=utf-8',
    '',
    html,
  ].join('\r\n');
}
const hostile = `<p style="font-size:15px">Dear Ada,</p><p>we like your offer and have <b>two questions</b> about delivery.</p>
<script>document.title='owned'</script><img src="https://tracker.example/pixel.gif" onerror="parent.document.title='owned'" width="1" height="1">
<form action="https://phish.example"><input name="password"></form><iframe src="https://phish.example"></iframe>
<a href="javascript:parent.document.title='owned'">bad</a> <a href="https://customer.example/questions">Our questions</a>
<div style="position:fixed;inset:0;background:url(https://tracker.example/b.png)">cover</div><p>Kind regards</p>`;

async function put(mail: string): Promise<void> {
  const phone = await dovecot.connect('ada', password);
  await phone.append('INBOX', mail);
  phone.close();
}

beforeAll(async () => {
  await buildIfNeeded();
  dovecot = await startDovecot(['ada', 'bob'], password);
  postfix = await startPostfix({ mailboxes: path.join(dovecot.directory, 'mail'), users: ['ada', 'bob'] });
  server = await startServer({ isDemo: true });
  admin = new Device({ serverUrl: server.url });
  await admin.start();
  const credentials = (await admin.enterDemo('org_admin')).get('sales_rep');
  if (credentials === undefined) throw new Error('the demo company has no representative');
  rep = new Device({ serverUrl: null });
  await rep.start();
  await rep.signIn(server.url, credentials);
  await rep.waitUntilExchanged();
  await admin.waitUntilExchanged();
  const { rows } = await readList(rep.page, 'contact', { limit: 200 });
  const found = rows.find((row) => textOf(row['email']).includes('@'));
  if (found === undefined) throw new Error('the representative knows nobody with an address');
  customer = { id: found.id, name: textOf(found['name']), email: textOf(found['email']) };
  await put(letter(hostile, 'Two questions about your offer', 'first'));
}, 240_000);

afterAll(async () => {
  await rep.remove();
  await admin.remove();
  await server.remove();
  postfix.stop();
  await dovecot.stop();
});

/** What lies in Bob's mailbox with this subject. */
const arrivedAtBob = (subject: string) =>
  waitFor('a letter', async () => {
    const phone = await dovecot.connect('bob', password);
    await phone.mailboxOpen('INBOX', { readOnly: true });
    const all =
      phone.mailbox !== false && phone.mailbox.exists > 0
        ? await phone.fetchAll('1:*', { envelope: true, source: true })
        : [];
    phone.close();
    const found = all.filter(({ envelope }) => envelope?.subject === subject);
    return found.length > 0 ? found : undefined;
  });

const outgoing = (page: Page, state: string) => page.locator(`[data-testid="outgoing"][data-state="${state}"]`);

test('EML-12 EML-14 a mailbox is connected once both servers were tried, and the meter says that everything is here', async () => {
  await goTo(rep.page, '/mail');
  await rep.page.getByText('No mailbox yet').waitFor();
  await lookAtScreen(rep, rep.page, 'mail-empty');
  const page = await openSettings(rep, 'mailboxes');
  await page.getByRole('button', { name: 'Connect a mailbox' }).click();
  await page.getByLabel('E-mail address').fill('ada@example.test');
  await page.getByLabel('Your name').fill('Ada');
  await page.getByRole('textbox', { name: 'Password' }).fill('a wrong one');
  await page.getByLabel('User name').fill('ada');
  await page.getByLabel('In our own network').check();
  for (const [kind, port] of [
    ['Incoming mail (IMAP)', dovecot.port],
    ['Outgoing mail (SMTP)', postfix.port],
  ] as const) {
    await page.getByLabel(`${kind}: host`).fill('127.0.0.1');
    await page.getByLabel(`${kind}: port`).fill(String(port));
    await page.getByRole('combobox', { name: `${kind}: encryption` }).click();
    await page.getByRole('option', { name: 'None (this computer)' }).click();
  }
  await page.getByLabel('Everybody who sees the record').check();
  await page.getByRole('button', { name: 'Try and connect' }).click();
  await page.getByText(/The password is not accepted/).waitFor();
  await lookAtScreen(rep, page, 'mailbox-form');
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Try and connect' }).click();
  await page.locator('[data-testid="meter-row"][data-folder="INBOX"]').getByText('Complete').waitFor();
  await lookAtScreen(rep, page, 'mailboxes');
});

test('EML-12 Home tells of mail nobody read, leads to it, and tells of it no more', async () => {
  const { page } = rep;
  await goTo(page, '/home');
  const news = page.getByTestId('new-mail');
  await news.getByText(customer.name).waitFor();
  await lookAtScreen(rep, page, 'mail-home');
  await news.getByRole('link', { name: 'Two questions about your offer' }).click();
  await page.getByTestId('reader').getByRole('heading', { name: 'Two questions about your offer' }).waitFor();
  await goTo(page, '/home');
  await page.getByTestId('my-day').waitFor();
  await news.waitFor({ state: 'hidden' });
  await goTo(page, '/mail');
});

test('C8 what a customer wrote is shown in a frame that runs nothing and asks nobody, and is kept with the contact', async () => {
  const { page } = rep;
  await page.getByTestId('threads').getByText('Two questions about your offer').click();
  const frame = page.frameLocator('[data-testid="reader"] iframe');
  await frame.getByText('two questions').waitFor();
  await page.getByText('1 picture of the internet is not shown.').waitFor();
  expect(await frame.locator('script, form, input, iframe, [onerror], [src^="http"]').count()).toBe(0);
  expect(await frame.locator('a[href^="javascript"]').count()).toBe(0);
  expect(await page.title()).not.toContain('owned');
  await page.getByText('Kept with').waitFor();
  await lookAtScreen(rep, page, 'mail-reading');
  // Read here, unread there: a mailbox is looked at and never changed.
  const phone = await dovecot.connect('ada', password);
  await phone.mailboxOpen('INBOX', { readOnly: true });
  const [message] = await phone.fetchAll('1:*', { flags: true });
  phone.close();
  expect(message?.flags?.has('\\Seen')).toBe(false);
});

test('EML-13 OFF-01 an answer written without a network waits, goes out once with it, and what was sent is kept, too', async () => {
  const { page } = rep;
  await setWorkOffline(page, true);
  await page.getByRole('button', { name: 'Answer', exact: true }).click();
  const dialog = page.getByRole('dialog');
  // A draft is written above the mail that is answered, and the subject of the answer stays.
  await dialog.getByRole('button', { name: 'Draft', exact: true }).click();
  await page.getByRole('button', { name: 'Follow-up', exact: true }).click();
  const written = dialog.getByRole('textbox', { name: 'Text' });
  expect(await written.innerText()).toMatch(/^\S[\s\S]+\nDear Ada/);
  await written.locator('blockquote').getByText('Dear Ada').waitFor();
  expect(await dialog.getByLabel('Subject').inputValue()).toBe('Re: Two questions about your offer');
  await dialog.getByRole('textbox', { name: 'Text' }).fill('Dear customer,\n\ndelivery takes two weeks.\n\nAda');
  await dialog.getByLabel('To', { exact: true }).fill('bob@example.test');
  await dialog.getByLabel('To', { exact: true }).press('Enter');
  await lookAtScreen(rep, page, 'mail-compose');
  // Nothing but the one address this mail server delivers to.
  await dialog
    .locator('.mantine-Pill-root', { hasText: customer.email })
    .getByRole('button', { includeHidden: true })
    .click();
  await dialog.getByRole('button', { name: 'Send', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: /Outbox/ }).click();
  await outgoing(page, 'queued').getByText('Goes out once you no longer work offline.').waitFor();
  await setWorkOffline(page, false);
  await outgoing(page, 'sent').waitFor({ timeout: 60_000 });
  await lookAtScreen(rep, page, 'mail-outbox');
  const arrived = await arrivedAtBob('Re: Two questions about your offer');
  expect(arrived).toHaveLength(1);
  expect(arrived[0]?.envelope?.inReplyTo).toBe('<first@customer.example>');
  // Nobody gave it looks: it is text, and nothing else.
  const source = arrived[0]?.source?.toString() ?? '';
  expect(source).toContain('Content-Type: text/plain');
  expect(source).not.toContain('text/html');
  expect(source).toContain('Dear customer,\r\n\r\ndelivery takes two weeks.\r\n\r\nAda');
});

test('EML-13 bold, lists and links of a letter are kept in its draft, sent as markup with a plain twin, and shown in the copy of what was sent', async () => {
  const { page } = rep;
  await goTo(page, '/mail');
  await page.getByRole('button', { name: 'Write', exact: true }).click();
  const dialog = page.getByTestId('compose');
  await dialog.getByLabel('To', { exact: true }).fill('bob@example.test');
  await dialog.getByLabel('To', { exact: true }).press('Enter');
  await dialog.getByLabel('Subject').fill('Our prices');
  const text = dialog.getByRole('textbox', { name: 'Text' });
  const { keyboard } = page;
  await text.focus();
  await keyboard.type('Dear ');
  await keyboard.press('Control+b');
  await keyboard.type('Bob');
  await keyboard.press('Control+b');
  await keyboard.type(',');
  await keyboard.press('Enter');
  await keyboard.press('Enter');
  // The bar is one stop of the Tab key, and arrows move in it.
  await keyboard.press('Shift+Tab');
  await keyboard.press('ArrowRight');
  await keyboard.press('ArrowRight');
  await keyboard.press('ArrowRight');
  await keyboard.press('Enter');
  await keyboard.type('pumps');
  await keyboard.press('Enter');
  await keyboard.type('valves');
  await keyboard.press('Enter');
  await keyboard.press('Enter');
  // Every key was taken by the text itself: what the browser makes of one by itself comes late and may lack an item.
  expect(rep.pageErrors).toEqual([]);
  // A button of the bar gives the keyboard back at once: what is typed next is never lost.
  const bar = dialog.getByRole('toolbar');
  const typesInto = await bar.getByRole('button', { name: 'Italic' }).evaluate((button: HTMLElement) => {
    button.focus();
    button.click();
    const role = document.activeElement?.getAttribute('role');
    button.click();
    return role;
  });
  expect(typesInto).toBe('textbox');
  await keyboard.type('See our prices');
  // As on a computer that is busy: what is selected is told to the editor only when the address is asked for already.
  await text.evaluate((element) => {
    const selection = getSelection();
    const holdBack = (event: Event): void => event.stopImmediatePropagation();
    window.addEventListener('selectionchange', holdBack, true);
    element.addEventListener(
      'blur',
      () => setTimeout(() => window.removeEventListener('selectionchange', holdBack, true)),
      {
        once: true,
      },
    );
    for (const _letter of 'prices') selection?.modify('extend', 'backward', 'character');
    element.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true, cancelable: true }));
  });
  const link = page.getByRole('dialog', { name: 'Link' });
  await link.getByLabel('Web or e-mail address').fill('javascript:alert(1)');
  await keyboard.press('Enter');
  await link.getByText('This is no address.').waitFor();
  await link.getByLabel('Web or e-mail address').fill('example.com/prices');
  await lookAtScreen(rep, page, 'mail-compose-link');
  await keyboard.press('Enter');
  await link.waitFor({ state: 'hidden' });
  await keyboard.press('End');
  // The editor hears of a moved cursor with the next frame; nobody's fingers are quicker.
  await text.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  await keyboard.press('Enter');
  // Of what is pasted comes what a letter can have, and nothing that asks the network.
  await text.evaluate((element) => {
    const pasted = new DataTransfer();
    pasted.setData(
      'text/html',
      '<h1 onclick="x()" style="color:red">Terms</h1><p><img src="https://tracker.example/p.gif"><i>net</i> 30</p><script>document.title="owned"</script>',
    );
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData: pasted, bubbles: true, cancelable: true }));
  });
  await text.locator('em').getByText('net').waitFor();
  expect(await text.locator('h1, img, script, [style], [onclick]').count()).toBe(0);
  await lookAtScreen(rep, page, 'mail-compose-looks');
  // Closed and opened again it is as it was.
  await page.getByRole('button', { name: 'Close' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: /Outbox/ }).click();
  await outgoing(page, 'draft').getByRole('button', { name: 'Go on writing' }).click();
  await text.locator('a[href="https://example.com/prices"]').getByText('prices').waitFor();
  expect(await text.locator('strong').allInnerTexts()).toEqual(['Bob']);
  expect(await text.locator('li').allInnerTexts()).toEqual(['pumps', 'valves']);
  await text.focus();
  await keyboard.press('Control+Enter');
  await dialog.waitFor({ state: 'hidden' });
  const source = ((await arrivedAtBob('Our prices'))[0]?.source?.toString() ?? '').replaceAll('=\r\n', '');
  expect(source).toContain('multipart/alternative');
  expect(source).toContain(
    'Dear Bob,\r\n\r\n=E2=80=A2 pumps\r\n=E2=80=A2 valves\r\nSee our prices (https://example.com/prices)\r\nTerms\r\n\r\nnet 30',
  );
  expect(source).toContain('<strong>Bob</strong>');
  expect(source).not.toContain('tracker');
  await page.getByRole('button', { name: /^Sent/ }).click();
  await page.getByTestId('threads').getByText('Our prices', { exact: true }).click();
  const frame = page.frameLocator('[data-testid="reader"] iframe');
  await frame.locator('strong').getByText('Bob').waitFor();
  expect(await frame.locator('li').allInnerTexts()).toEqual(['pumps', 'valves']);
  await lookAtScreen(rep, page, 'mail-sent-looks');
  await page.getByRole('button', { name: /Inbox/ }).first().click();
});

test('EML-12 users-want 11 a colleague who sees the contact reads the mail, until its owner keeps it to the participants', async () => {
  const readers = async () => (await readList(admin.page, 'mailContent', { limit: 10 })).rows.length;
  await waitFor('the mail', async () => ((await readers()) > 0 ? true : undefined));
  const { page } = rep;
  const told = admin.page.locator('li[data-type="email"]', { hasText: /Two questions about your offer|An e-mail/ });
  await goTo(admin.page, `/contacts/${customer.id}`);
  await told.getByRole('button', { name: 'Read', exact: true }).first().click();
  await told.frameLocator('iframe').getByText('two questions').waitFor();
  await lookAtScreen(admin, admin.page, 'mail-timeline');
  await page.getByRole('button', { name: /Inbox/ }).click();
  await page.getByTestId('threads').getByText('Two questions about your offer').first().click();
  // The own answer is the newest; what the customer wrote is folded above it.
  await page.getByTestId('reader').locator('button[aria-expanded="false"]').first().click();
  await page.getByRole('button', { name: 'Everybody who sees the record' }).first().click();
  await page.getByRole('menuitem', { name: /Who and when/ }).click();
  // That there was a mail is still told, and nothing of what stood in it.
  await told.filter({ hasText: 'An e-mail' }).waitFor();
  await lookAtScreen(admin, admin.page, 'mail-timeline-metadata');
  await waitFor('that its text is gone', async () => ((await readers()) === 0 ? true : undefined));
  await page.getByRole('button', { name: 'Who and when', exact: true }).first().click();
  await page.getByRole('menuitem', { name: /Participants only/ }).click();
  await waitFor('that it is gone', async () => ((await told.count()) === 0 ? true : undefined));
});

test('OBS-04 fetching and letters stand in the window of background jobs, with their log, and stay paused over a restart', async () => {
  await choose(rep.page, 'background', 'Open background jobs');
  const page = await rep.launched.window('#/jobs/list');
  page.setDefaultTimeout(20_000);
  await page.setViewportSize({ width: 1080, height: 740 });
  await page.locator('tr[data-kind="sendMail"][data-state="done"]').getByText('Re: Two questions').waitFor();
  await page.locator('tr[data-kind="fetchMail"]').getByRole('button', { name: 'Log' }).click();
  await page.getByText('INBOX: one new message is here').waitFor();
  await lookAtScreen(rep, page, 'jobs-mail');
  await page.getByRole('navigation').getByRole('link', { name: 'Kinds' }).click();
  await page.getByRole('button', { name: 'Pause Fetching mail' }).click();
  await page.locator('tr[data-kind="fetchMail"]').getByText('Paused').waitFor();
  await rep.quit();
  for (const file of globSync('**/mail/outbox.sqlite', { cwd: rep.userData }))
    damageFile(path.join(rep.userData, file), 'head');
  await rep.start();
  await rep.waitUntilExchanged();
  await choose(rep.page, 'background', 'Open background jobs');
  const again = await rep.launched.window('#/jobs/list');
  await again.locator('tr[data-kind="fetchMail"]').getByText('Paused').waitFor();
});

test('EML-13 whoever wrote letters is told that their file was damaged, among what needs attention and in the outbox, until it was seen', async () => {
  const { page } = rep;
  await goTo(page, '/attention');
  const card = page.getByTestId('damaged-outbox');
  await card.getByText('No letter could be brought back').waitFor();
  await lookAtScreen(rep, page, 'attention-outbox');
  await goTo(page, '/mail');
  await page.getByRole('button', { name: /Outbox/ }).click();
  await card.waitFor();
  await lookAtScreen(rep, page, 'mail-outbox-damaged');
  await card.getByRole('button', { name: 'I have checked it' }).click();
  await card.waitFor({ state: 'hidden' });
  await goTo(page, '/attention');
  await page.getByText('Nothing waits for you').waitFor();
  expect(await card.count()).toBe(0);
});
