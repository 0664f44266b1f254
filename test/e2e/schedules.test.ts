// A manager has a report mailed: scheduled from the pivot, run at once, delivered, and told when somebody did not get it.
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { readList } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { goTo, setWorkOffline } from '#test/support/drive-screens.ts';
import { lookAtScreen, openSettings } from '#test/support/look-at-screen.ts';
import { quickJobs } from '#test/support/report-world.ts';
import { recipientOf, startSmtp, type TestSmtp } from '#test/support/smtp-server.ts';
import { startServer, type TestServer } from '#test/support/start-server.ts';

let smtp: TestSmtp;
let server: TestServer;
let device: Device;
let page: Page;

beforeAll(async () => {
  await buildIfNeeded();
  smtp = await startSmtp();
  server = await startServer({ isDemo: true, mail: smtp.settings, jobTimes: quickJobs });
  device = new Device({ serverUrl: server.url });
  page = await device.start();
  await device.enterDemo('manager');
  await device.waitUntilExchanged();
});

afterAll(async () => {
  await device.remove();
  await server.remove();
  await smtp.stop();
});

const card = () => page.getByTestId('report-schedule');

test('ANA-13 a report is scheduled from the pivot by keyboard, offline, and the server has it when the network is back', async () => {
  await setWorkOffline(page, true);
  await goTo(page, '/analytics/pivot');
  await page.getByTestId('pivot-grid').waitFor();
  await page.getByRole('button', { name: 'Save as …' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Open by stage');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Report saved.').waitFor();
  await page.getByRole('button', { name: 'Open by stage', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Schedule …' }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'New schedule for “Open by stage”' });
  await dialog.waitFor();
  await lookAtScreen(device, page, 'schedule-form');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Monday pipeline');
  await dialog.getByRole('combobox', { name: 'Time', exact: true }).fill('06:45');
  await dialog.getByRole('button', { name: 'Save', exact: true }).focus();
  await page.keyboard.press('Enter');
  await card().waitFor();
  expect(await card().textContent()).toContain('every Monday at 06:45');
  expect(await card().textContent()).toContain('Did not run yet');
  expect(await card().getByRole('button', { name: 'Run now' }).isDisabled()).toBe(true);
  await setWorkOffline(page, false);
  await device.waitUntilExchanged();
});

test('ANA-13 run now mails it, and the history says to whom', async () => {
  await waitFor('the button', () => card().getByRole('button', { name: 'Run now' }).isEnabled());
  await card().getByRole('button', { name: 'Run now' }).click();
  await page.locator('[data-testid="report-run"][data-state="done"]').waitFor();
  expect(await card().textContent()).toContain('Sent to 1 of 1 person');
  const [mail] = smtp.mails;
  expect(mail?.attachments[0]?.filename).toMatch(/^Open by stage \d{4}-\d\d-\d\d\.xlsx$/);
  expect(mail?.subject).toContain('Open by stage');
  await lookAtScreen(device, page, 'schedules');
});

test('ANA-13 a mail of which nobody knows whether it arrived is told, and its owner sends it again, in German, too', async () => {
  const unconfirmed = page.locator('[data-testid="report-run"][data-state="unconfirmed"]');
  const [before] = smtp.mails;
  const address = before === undefined ? '' : recipientOf(before);
  const reports = () => smtp.mailsTo(address).filter(({ attachments }) => attachments.length > 0);
  smtp.silent.add(address);
  server.clock.advance(60_000);
  await card().getByRole('button', { name: 'Run now' }).click();
  await waitFor('the mail without an answer', () => Promise.resolve(reports().length === 2));
  smtp.silent.delete(address);
  smtp.cut();
  await unconfirmed.waitFor();
  expect(await unconfirmed.textContent()).toContain('Unknown whether it arrived');
  await lookAtScreen(device, page, 'schedules-unconfirmed');
  await goTo(page, '/attention');
  await device.invoke('preferences.set', { language: 'de' });
  const told = page.getByTestId('failed-run');
  await told.getByText('unbekannt, ob die E-Mail ankam').waitFor();
  await lookAtScreen(device, page, 'attention-unconfirmed-de');
  await told.getByRole('button', { name: /^Erneut an .* senden$/ }).focus();
  await page.keyboard.press('Enter');
  await told.waitFor({ state: 'hidden' });
  await waitFor('the mail again', () => Promise.resolve(reports().length === 3));
  await device.invoke('preferences.set', { language: 'en' });
  await goTo(page, '/analytics/schedules');
  await card().getByRole('button', { name: 'History' }).click();
  await unconfirmed.waitFor({ state: 'hidden' });
});

test('ANA-13 whoever does not see the report is named with the reason, in the history and in Attention', async () => {
  await card().getByRole('button', { name: 'Edit', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Scheduled report “Monday pipeline”' });
  await dialog
    .getByRole('combobox', { name: 'Recipients' })
    .or(dialog.getByRole('textbox', { name: 'Recipients' }))
    .first()
    .click();
  const other = page.getByRole('option').first();
  const name = (await other.textContent()) ?? '';
  await other.click();
  await dialog.getByText('This report is visible to you alone').waitFor();
  await page.keyboard.press('Tab');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await dialog.waitFor({ state: 'hidden' });
  await device.waitUntilExchanged();
  // The later run is the one that counts.
  server.clock.advance(60_000);
  await card().getByRole('button', { name: 'Run now' }).click();
  await page.locator('[data-testid="report-run"][data-state="partial"]').waitFor();
  expect(await page.locator('[data-testid="report-run"][data-state="partial"]').textContent()).toContain(
    `${name}Not sent: does not see this report`,
  );
  await lookAtScreen(device, page, 'schedules-partial');
  await goTo(page, '/attention');
  await page.getByTestId('failed-run').getByText(`${name}: does not see this report`).waitFor();
  await lookAtScreen(device, page, 'attention-failed-run');
  await page.getByTestId('failed-run').getByRole('button', { name: 'Open history' }).click();
  await card().waitFor();
});

test('ANA-13 a schedule is paused, deleted, and comes back when that is taken back, in German, too', async () => {
  await device.invoke('preferences.set', { language: 'de' });
  await card().getByRole('button', { name: 'Anhalten' }).click();
  await card().getByRole('button', { name: 'Fortsetzen' }).waitFor();
  await lookAtScreen(device, page, 'schedules-de');
  await card().getByRole('button', { name: 'Löschen' }).click();
  await card().waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Rückgängig' }).click();
  await card().waitFor();
  expect((await readList(page, 'reportSchedule', { limit: 5 })).rows[0]?.['isActive']).toBe(false);
  await device.invoke('preferences.set', { language: 'en' });
});

test('ANA-13 an administrator sees whether mail is set up and tries it', async () => {
  const admin = new Device({ serverUrl: server.url });
  try {
    await admin.start();
    await admin.enterDemo('org_admin');
    await admin.waitUntilExchanged();
    const settings = await openSettings(admin, 'mail');
    await settings.getByText('Mail is set up. It comes from Outpost <crm@outpost.test>.').waitFor();
    await settings.getByRole('button', { name: 'Send a mail to me' }).click();
    await settings.getByText('The mail server has taken a mail to').waitFor();
    // In the language of their profile.
    expect(smtp.mails.at(-1)?.subject).toBe('E-Mail von Outpost funktioniert');
    await lookAtScreen(admin, settings, 'settings-mail');
  } finally {
    await admin.remove();
  }
});
