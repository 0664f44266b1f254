// An administrator writes field rules in the settings; a representative, signed in before, sees a masked field and no
// trace of a hidden one: on the screens, in the local database, in what is asked of it, and in the files of the profile.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { readList, readRecord, request } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { editField, goTo } from '#test/support/drive-screens.ts';
import {
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';
import { seededRecord } from '#test/support/sync-world.ts';
import { entityNames } from '#shared/entities/define-entity.ts';
import { seedRecords } from '#server/sync/apply-records.ts';

const MASKED = 'canary.erika@secret.example';
const HIDDEN = '1984-03-17';
let server: TestServer;
let admin: Device;
let rep: Device;

async function settingsOf(device: Device, section: string): Promise<Page> {
  await device.invoke('window.openSettings', { section });
  const page = await waitFor('the settings window', () =>
    Promise.resolve(device.launched.app.windows().find((window) => window.url().includes('#/settings/'))),
  );
  await goTo(page, `/settings/${section}`);
  await page.locator('h1').waitFor();
  return page;
}

async function findViolations(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => `${id} at ${node.target.join(' ')}`));
}

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer();
  const tenantId = await createOrganizationWith(server, 'fields', [
    { id: 'ada', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
  ]);
  const contact = { name: 'Erika Muster', jobTitle: 'Head of purchasing', email: MASKED, birthday: HIDDEN };
  await seedRecords(server.database, tenantId, [seededRecord('contact', 'c1', { ...contact, ownerId: 'rene' })]);
  [admin, rep] = [new Device({ serverUrl: null }), new Device({ serverUrl: null })];
  for (const [device, id] of [
    [rep, 'rene'],
    [admin, 'ada'],
  ] as const) {
    await device.start();
    await device.signIn(server.url, { email: emailOf(id), password: testPassword });
    await device.waitUntilExchanged();
  }
});

afterAll(async () => {
  await admin.remove();
  await rep.remove();
  await server.remove();
});

test('PER-16 an administrator writes field rules and registers personal data in the settings', async () => {
  expect(await readRecord(rep.page, 'contact', 'c1')).toMatchObject({ email: MASKED, birthday: HIDDEN });
  const page = await settingsOf(admin, 'fields');
  await page.getByLabel('Birthday for Sales representative').selectOption('hidden');
  // First it is said whom that concerns.
  await page.getByText('Birthday (Change → Hidden)').waitFor();
  await page.getByRole('button', { name: 'Save the change' }).click();
  await page.locator('td[data-mode="hidden"]').getByLabel('Birthday for Sales representative').waitFor();
  await page.getByText('Personal data', { exact: true }).first().click();
  await page.getByLabel('How E-mail is masked').selectOption('partial');
  await page.getByText('er*****').first().waitFor();
  await page.getByRole('switch', { name: 'E-mail is personal data', exact: true }).click({ force: true });
  await page.getByRole('button', { name: 'Save the change' }).click();
  await admin.waitUntilExchanged();
  expect(await findViolations(page)).toEqual([]);
});

test('SYNC-22 the representative loses what the rules take away, on every way to it', async () => {
  const { page } = rep;
  await waitFor('the rules to arrive', async () => {
    const record = await readRecord(page, 'contact', 'c1');
    return record !== null && !('birthday' in record) && typeof record['email'] === 'object' ? record : null;
  });
  await rep.waitUntilExchanged();
  expect(await readRecord(page, 'contact', 'c1')).toMatchObject({ email: { $masked: 'ca*****' } });
  for (const entity of entityNames) {
    const { rows } = await readList(page, entity);
    expect(JSON.stringify(rows), entity).not.toMatch(/canary\.erika|1984-03-17/);
  }
  expect((await request(page, 'search', { text: 'canary', limit: 10 })).hits).toEqual([]);
  const sort = [{ field: 'email', direction: 'asc' as const }];
  await expect(readList(page, 'contact', { sort })).rejects.toThrow(/no such field/i);
  const filter = { field: 'birthday', op: 'eq', value: HIDDEN } as const;
  await expect(readList(page, 'contact', { filter })).rejects.toThrow(/no such field/i);
});

test('PER-15 the record says that a field is masked and why, and the rest of it is edited as ever', async () => {
  const { page } = rep;
  await goTo(page, '/contacts/c1');
  const email = page.locator('dl dd[data-field="email"]').last();
  await email.locator('[data-masked]').waitFor();
  expect(await page.locator('dd[data-field="birthday"]').count()).toBe(0);
  await email.getByRole('button', { name: 'Why can I not see E-mail?' }).click();
  await page.getByText('is masked for your role (Sales representative)').waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await editField(page, '/contacts/c1', { name: 'jobTitle', label: 'Job title' }, 'Managing director');
  await rep.waitUntilExchanged();
  await admin.waitUntilExchanged();
  expect(await readRecord(admin.page, 'contact', 'c1')).toMatchObject({
    jobTitle: 'Managing director',
    email: MASKED,
    birthday: HIDDEN,
  });
  await goTo(page, '/contacts');
  await page.locator('[row-id="c1"] [col-id="email"] [data-masked]').waitFor();
});

test('D14 neither the title of the window nor anything in the page that could be copied holds what is masked or hidden', async () => {
  const { page } = rep;
  for (const place of ['/contacts', '/contacts/c1']) {
    await goTo(page, place);
    await page.locator('[data-masked]').first().waitFor();
    expect(await page.title()).toBe('Outpost');
    // Names for screen readers, hints and attributes included.
    const content = await page.content();
    expect(content).toContain('Erika Muster');
    expect(content).not.toMatch(/canary\.erika|1984-03-17/);
  }
  expect(rep.launched.readStderr()).not.toMatch(/canary\.erika|1984-03-17|Erika/);
});

test('PER-24 an administrator looks at the application as the role, reads the reasoning, and changes nothing', async () => {
  const settings = await settingsOf(admin, 'roles');
  await settings.getByRole('button', { name: /Sales representative/ }).click();
  // What a built-in role may do is read, not ticked.
  const rights = settings.getByRole('region', { name: 'Permissions' });
  await settings.getByText('A built-in role: it cannot be changed.').waitFor();
  expect(await rights.getByRole('checkbox').count()).toBe(0);
  expect(
    await rights
      .getByRole('listitem')
      .filter({ hasText: /^Allowed: / })
      .count(),
  ).toBeGreaterThan(0);
  expect(
    await rights
      .getByRole('listitem')
      .filter({ hasText: /^Not allowed: / })
      .count(),
  ).toBeGreaterThan(0);
  await settings.getByRole('button', { name: 'View as this role' }).click();
  const { page } = admin;
  await page.getByTestId('role-banner').waitFor();
  await goTo(page, '/contacts/c1');
  const email = page.locator('dl dd[data-field="email"]').last();
  await email.locator('[data-masked]').waitFor();
  expect(await page.locator('dd[data-field="birthday"]').count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Edit Job title' }).count()).toBe(0);
  await email.getByRole('button', { name: 'Why can I not see E-mail?' }).click();
  await page.getByText('registered as personal data').waitFor();
  expect(await findViolations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Leave' }).click();
  await page.locator('dl dd[data-field="email"]').last().getByText(MASKED).waitFor();
});

test('SYNC-22 no file of the profile holds a byte of what is hidden or masked', async () => {
  await rep.quit();
  const files = readdirSync(rep.userData, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(rep.userData, name))
    .filter((file) => statSync(file).isFile());
  expect(files.length).toBeGreaterThan(10);
  for (const text of [MASKED, HIDDEN]) {
    const forms = [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')];
    const found = files.filter((file) => {
      const bytes = readFileSync(file);
      return forms.some((form) => bytes.includes(form));
    });
    expect(found).toEqual([]);
  }
});
