// Getting in with a second factor, and everything a person and an administrator do about it, with the screens as people use them.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { STEP_MS } from '#server/identity/factors/totp.ts';
import { Device } from '#test/support/device.ts';
import { lookAtScreen, openSettings } from '#test/support/look-at-screen.ts';
import { goTo } from '#test/support/drive-screens.ts';
import { codeOf } from '#test/support/second-factor.ts';
import { startSmtp, type TestSmtp } from '#test/support/smtp-server.ts';
import {
  createManualClock,
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';

const clock = createManualClock();
let smtp: TestSmtp;
let server: TestServer;
let device: Device;
let secret = '';

beforeAll(async () => {
  await buildIfNeeded();
  smtp = await startSmtp();
  server = await startServer({ clock, mail: smtp.settings });
  await createOrganizationWith(server, 'factors', [
    { id: 'ada', role: 'org_admin', name: 'Ada Berger' },
    { id: 'mara', role: 'manager', name: 'Mara Lind' },
  ]);
  device = new Device({ serverUrl: null });
  await device.start();
});
afterAll(async () => {
  await device.remove();
  await server.remove();
  await smtp.stop();
});

const main = (): Page => device.page;

async function showSignIn(): Promise<void> {
  const connect = main().getByRole('button', { name: 'Connect to a server' });
  const server_ = main().getByRole('textbox', { name: 'Server address' });
  await connect.or(server_).first().waitFor();
  if (await connect.isVisible()) await connect.click();
}

async function enter(id: string): Promise<void> {
  await showSignIn();
  await main().getByRole('textbox', { name: 'Server address' }).fill(server.url);
  await main().getByRole('textbox', { name: 'E-mail' }).fill(emailOf(id));
  await main().getByRole('textbox', { name: 'Password' }).fill(testPassword);
  await main().keyboard.press('Enter');
}

const nextCode = (): string => {
  clock.advance(2 * STEP_MS);
  return codeOf({ secret }, clock.now());
};

test('IDT-10 somebody who forgot the password asks for a link and is told the same for every address', async () => {
  await showSignIn();
  await main().getByRole('textbox', { name: 'Server address' }).fill(server.url);
  await main().getByRole('button', { name: 'Forgot the password?' }).click();
  await main().getByRole('textbox', { name: 'E-mail' }).fill(emailOf('mara'));
  await main().keyboard.press('Enter');
  await main().getByText('a mail with a link is on its way').waitFor();
  await lookAtScreen(device, main(), 'forgot-password');
  await vi.waitFor(() => expect(smtp.mailsTo(emailOf('mara'))).toHaveLength(1));
  await main().getByRole('button', { name: 'Back' }).click();
  await main().getByRole('textbox', { name: 'Server address' }).fill('http://127.0.0.1:9');
  await main().getByRole('button', { name: 'Forgot the password?' }).click();
  await main().getByRole('textbox', { name: 'E-mail' }).fill(emailOf('mara'));
  await main().keyboard.press('Enter');
  await main().getByRole('alert').filter({ hasText: 'There is no answer from this address.' }).waitFor();
  await main().getByRole('button', { name: 'Back' }).click();
});

test('IDT-12 an administrator has managers sign in with a second factor, and computers lock by themselves', async () => {
  await enter('ada');
  await device.waitUntilExchanged();
  const page = await openSettings(device, 'signInRules');
  await page.setViewportSize({ width: 1100, height: 1000 });
  await page.getByRole('checkbox', { name: 'Manager' }).check();
  await page.getByRole('button', { name: 'Save: Second factor' }).click();
  await page.getByText('It holds from the next sign-in on.').waitFor();
  await page.getByRole('textbox', { name: 'Minutes without a key or a click' }).fill('30');
  await page.getByRole('button', { name: 'Save: Lock by itself' }).click();
  await page.getByText('Every computer learns of it').waitFor();
  await lookAtScreen(device, page, 'sign-in-rules');
  await device.invoke('session.signOut', { unsent: 'discard' });
});

test('IDT-12 whoever needs a factor sets it up, puts the codes away and is in', async () => {
  await enter('mara');
  await main().getByText('You need a second factor to sign in. Set it up now').waitFor();
  const shown = await main().getByTestId('totp-secret').textContent();
  secret = (shown ?? '').replaceAll(' ', '');
  await lookAtScreen(device, main(), 'set-up-factor');
  await main().getByRole('textbox', { name: 'Code' }).fill('000000');
  await main().keyboard.press('Enter');
  await main().getByText('This code is wrong').waitFor();
  await main().getByRole('textbox', { name: 'Code' }).fill(nextCode());
  await main().keyboard.press('Enter');
  await main().getByTestId('recovery-codes').waitFor();
  await lookAtScreen(device, main(), 'recovery-codes');
  await main().getByRole('checkbox', { name: 'I have put them away' }).check();
  await main().getByRole('button', { name: 'Sign in', exact: true }).click();
  await device.waitUntilExchanged();
  expect(device.pageErrors).toEqual([]);
});

test('IDT-11 IDT-12 a person sees the own factors and sign-ins, and confirms before anything changes', async () => {
  const page = await openSettings(device, 'security');
  await page.setViewportSize({ width: 1100, height: 1000 });
  await page.getByTestId('factor').waitFor();
  await page.getByText('10 recovery codes are left.').waitFor();
  await page.getByTestId('sign-in-history').waitFor();
  await lookAtScreen(device, page, 'security');
  clock.advance(11 * 60_000);
  await page.getByRole('button', { name: 'New recovery codes' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'New recovery codes' }).click();
  await page.getByTestId('prove').waitFor();
  await page.getByRole('textbox', { name: 'Present password' }).fill(testPassword);
  await page.getByRole('textbox', { name: 'Code' }).fill(nextCode());
  await lookAtScreen(device, page, 'prove');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'New recovery codes' }).click();
  await page.getByTestId('recovery-codes').waitFor();
  await page.getByRole('checkbox', { name: 'I have put them away' }).check();
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Remove: Authenticator app' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByText('You need a second factor to sign in: set up another one first.').waitFor();
  await page.keyboard.press('Escape');
});

test('D15 a covered window shows and answers nothing, keeps what was typed, and opens with the password', async () => {
  await goTo(main(), '/home');
  await main().keyboard.press('Control+k');
  const palette = main()
    .getByRole('combobox')
    .or(main().getByRole('searchbox'))
    .or(main().getByRole('textbox'))
    .first();
  await palette.fill('half a thought');
  await device.invoke('session.lock', {});
  await main().getByTestId('lock-cover').waitFor();
  expect(await main().title()).toBe('Outpost');
  expect(await main().getByText('half a thought').isVisible()).toBe(false);
  await lookAtScreen(device, main(), 'lock-cover');
  await main().keyboard.press('Control+n');
  await main().keyboard.press('Escape');
  await main().getByRole('textbox', { name: 'Password' }).fill('not it');
  await main().keyboard.press('Enter');
  await main().getByRole('alert').filter({ hasText: 'The password is wrong. After ten wrong ones' }).waitFor();
  await main().getByRole('textbox', { name: 'Password' }).fill(testPassword);
  await main().keyboard.press('Enter');
  await main().getByTestId('lock-cover').waitFor({ state: 'detached' });
  expect(await palette.inputValue()).toBe('half a thought');
  // Ctrl+N, pressed at the cover, opened nothing below it.
  expect(await main().getByRole('dialog').count()).toBe(1);
  expect(device.pageErrors).toEqual([]);
});

test('UI-14 the same in German', async () => {
  const texts = JSON.parse(readFileSync('resources/translations/de.json', 'utf8')) as { factors: { title: string } };
  await device.invoke('preferences.set', { language: 'de' });
  const page = await openSettings(device, 'security');
  await page.getByRole('heading', { name: texts.factors.title }).waitFor();
  await lookAtScreen(device, page, 'security-de');
  await device.invoke('preferences.set', { language: 'en' });
});

test('IDT-12 whoever enters wrong codes too often is back at the sign-in, reads why, and types the address once', async () => {
  await device.invoke('session.signOut', { unsent: 'discard' });
  await enter('mara');
  const ask = main().getByTestId('second-factor');
  const why = main().getByText('the codes were wrong too often. Sign in once more.');
  await ask.waitFor();
  for (let tries = 0; tries < 6; tries += 1) {
    await main().getByRole('textbox', { name: 'Code' }).fill('000000');
    await main().keyboard.press('Enter');
    await main().getByText('This code is wrong').or(why).first().waitFor();
    if (await why.isVisible()) break;
    await main().getByRole('button', { name: 'use a recovery code' }).click();
    expect(await main().getByText('This code is wrong').count()).toBe(0);
    await main().getByRole('button', { name: 'Use the authenticator app' }).click();
  }
  await why.waitFor();
  expect(await main().getByRole('textbox', { name: 'E-mail' }).inputValue()).toBe(emailOf('mara'));
  await lookAtScreen(device, main(), 'challenge-over');
});
