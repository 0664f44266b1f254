// Where keys are kept, seen on the screens: in the keychain where there is one, under a passphrase where there is none.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { readList, request } from '#test/support/ask-data.ts';
import { Device, waitFor, withoutKeychain } from '#test/support/device.ts';
import { startKeyring, type Keyring } from '#test/support/keyring.ts';
import {
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';

let server: TestServer;
beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer();
  await createOrganizationWith(server, 'keychain', [{ id: 'ada', role: 'org_admin' }]);
});
afterAll(() => server.remove());

async function readPlaceOfKeys(device: Device): Promise<string> {
  await device.invoke('window.openSettings', { section: 'about' });
  const settings = await device.launched.window('/settings/about');
  const line = settings.getByText('Keys are kept in').locator('xpath=following-sibling::dd');
  return (await line.textContent()) ?? '';
}

describe.runIf(process.platform === 'linux')('with a keychain', () => {
  let keyring: Keyring;
  let device: Device;
  beforeAll(async () => {
    keyring = await startKeyring({ isUnlocked: true });
    device = new Device({ serverUrl: null, passphrase: null, env: keyring.env });
  });
  afterAll(async () => {
    await device.remove();
    await keyring.stop();
  });

  test('D10 Outpost asks for no passphrase, keeps its keys there and says so', async () => {
    await device.start();
    await device.signIn(server.url, { email: emailOf('ada'), password: testPassword });
    await device.waitUntilExchanged();
    expect(await readPlaceOfKeys(device)).toBe('the keychain of the operating system');
    const files = ['secrets.vault', 'secrets.json'].filter((name) => existsSync(path.join(device.userData, name)));
    expect(files).toEqual([]);
  });

  test('D10 the next start needs nobody to say anything', async () => {
    await device.quit();
    const page = await device.start();
    await page.getByTestId('sync-chip').filter({ hasText: 'Up to date' }).waitFor();
    await device.waitUntilExchanged();
  });

  test('D10 SYNC-4 a keychain that does not answer at a start is waited for: no new keys are made, and unsent work is there', async () => {
    await device.invoke('sync.workOffline', { on: true });
    await request(device.page, 'execute', {
      command: 'createRecord',
      input: { entity: 'account', values: { name: 'Saved before the keychain was locked' } },
    });
    await device.quit();
    keyring.lock();
    const page = await device.start();
    await page.getByText("Your keys are in this computer's keychain").waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('alert').filter({ hasText: 'does not answer' }).waitFor();
    await page.getByRole('button', { name: 'Use a passphrase instead' }).click();
    await page.getByText('work that was not sent yet cannot be read').waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    await keyring.unlock();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByTestId('sync-chip').waitFor();
    await waitFor('the unsent account', async () => (await device.status()).pendingCount === 1);
    const { rows } = await readList(page, 'account');
    expect(rows.map((row) => row['name'])).toEqual(['Saved before the keychain was locked']);
    expect(existsSync(path.join(device.userData, 'secrets.vault'))).toBe(false);
  });

  test('D12 who signs out while the keychain is locked is signed out all the same', async () => {
    keyring.lock();
    const { status } = await device.invoke('session.signOut', { unsent: 'keep' });
    expect(status).toBe('signedOut');
    await device.page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
  });
});

/** The log of a start, up to and with the first line that carries these words. */
async function readLogOfStart(executable: string, words: string): Promise<string> {
  const userData = mkdtempSync(path.join(os.tmpdir(), 'outpost-log-'));
  const env = { ...process.env, OUTPOST_HEADLESS: '1', ...withoutKeychain };
  const app = spawn(executable, [`--user-data-dir=${userData}`, '.'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let found = '';
  for await (const line of createInterface({ input: app.stderr })) {
    found = line;
    if (line.includes(words)) break;
  }
  app.kill('SIGTERM');
  await once(app, 'exit');
  rmSync(userData, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  return found;
}

test('D10 without a keychain Outpost says why, asks for a passphrase and keeps its keys under it', async () => {
  const device = new Device({ serverUrl: null, passphrase: null });
  const page = await device.start();
  const executable = await device.launched.mainEvaluate(({ app }) => app.getPath('exe'));
  expect(await readLogOfStart(executable, 'keys are not kept')).toMatch(/in keychain: .*does not answer.*connect/);
  await page.getByText('This computer offers no keychain').waitFor();
  await device.choosePassphrase('a passphrase instead of a keychain');
  await device.signIn(server.url, { email: emailOf('ada'), password: testPassword });
  expect(await readPlaceOfKeys(device)).toBe('a vault under your passphrase');
  await device.remove();
});
