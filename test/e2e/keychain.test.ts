// Where keys are kept, seen on the screens: in the keychain where there is one, under a passphrase where there is none.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { Device } from '#test/support/device.ts';
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
    expect(device.launched.readStderr()).not.toContain('keys are not kept');
  });

  test('D10 the next start needs nobody to say anything', async () => {
    await device.quit();
    const page = await device.start();
    await page.getByTestId('sync-chip').filter({ hasText: 'Up to date' }).waitFor();
    await device.waitUntilExchanged();
  });
});

test('D10 without a keychain Outpost says why, asks for a passphrase and keeps its keys under it', async () => {
  const device = new Device({ serverUrl: null, passphrase: null });
  const page = await device.start();
  await page.getByText('This computer offers no keychain').waitFor();
  expect(device.launched.readStderr()).toMatch(/keys are not kept in keychain: .*does not answer/);
  await page.getByLabel('Passphrase').fill('a passphrase instead of a keychain');
  await page.getByRole('button', { name: 'Protect this computer' }).click();
  await device.signIn(server.url, { email: emailOf('ada'), password: testPassword });
  expect(await readPlaceOfKeys(device)).toBe('a vault under your passphrase');
  await device.remove();
});
