// What may break on a person's computer, seen on the screens of the whole application: nothing saved is lost, what
// cannot be saved is told and stays in the form, and everything goes on when the cause is gone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readList, request } from '#test/support/ask-data.ts';
import { Device, waitFor } from '#test/support/device.ts';
import { choose, goTo, setWorkOffline } from '#test/support/drive-screens.ts';
import { startFrontServer, type FrontServer } from '#test/support/front-server.ts';
import {
  call,
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';
import { openVault } from '#main/secrets/vault.ts';
import type { TenantId } from '#shared/kernel/ids.ts';

const passphrase = 'a passphrase for these tests';
let server: TestServer;
let front: FrontServer;
let tenantId: TenantId;
let device: Device;

beforeAll(async () => {
  server = await startServer();
  front = await startFrontServer(server.url);
  tenantId = await createOrganizationWith(server, 'faults', [{ id: 'rene', role: 'sales_rep' }]);
  device = new Device({ serverUrl: null, passphrase });
  await device.start();
  await device.signIn(front.url, { email: emailOf('rene'), password: testPassword });
  await device.waitUntilExchanged();
}, 120_000);
afterEach(() => {
  front.answer = () => null;
});
afterAll(async () => {
  await device.remove();
  await front.close();
  await server.remove();
});

async function saveAccount(name: string): Promise<void> {
  await request(device.page, 'execute', { command: 'createRecord', input: { entity: 'account', values: { name } } });
}

async function readNames(): Promise<readonly string[]> {
  const { rows } = await readList(device.page, 'account');
  return rows.map((row) => String(row['name'])).toSorted();
}

/** Names of the accounts the server has, with repetitions. */
async function readServerNames(): Promise<readonly string[]> {
  return server.database.inTenant(tenantId, async (session) => {
    const rows = await session.query<{ name: string }>(
      `SELECT data->>'name' AS name FROM record WHERE kind = 'account' AND NOT deleted`,
      [],
    );
    return rows.map((row) => row.name).toSorted();
  });
}

function findFiles(pattern: RegExp): readonly string[] {
  return readdirSync(device.userData, { recursive: true, withFileTypes: true })
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => pattern.test(file));
}

/** Files of the browser's database; there must be some, or the damage would prove nothing. */
function findDatabaseFiles(): readonly string[] {
  const files = findFiles(/indexeddb\.leveldb[\\/][^\\/]+$/);
  expect(files.length).toBeGreaterThan(2);
  return files;
}

describe('faults of this computer', () => {
  it('SYNC-54 a local database that was cut, overwritten or lost is filled again, and unsent work is in it at once', async () => {
    await saveAccount('Known to the server');
    await device.waitUntilExchanged();
    const damages: readonly (() => void)[] = [
      () => {
        for (const file of findDatabaseFiles()) truncateSync(file, Math.floor(statSync(file).size / 2));
      },
      () => {
        for (const file of findDatabaseFiles()) if (/\.(log|ldb)$/.test(file)) writeFileSync(file, 'not a database');
      },
      () => {
        for (const file of findDatabaseFiles()) rmSync(file);
      },
    ];
    for (const [index, damage] of damages.entries()) {
      await setWorkOffline(device.page, true);
      await saveAccount(`Unsent before damage ${index}`);
      await device.quit();
      damage();
      await device.start();
      await device.page.getByTestId('sync-chip').waitFor();
      await waitFor('the unsent account in the view', async () =>
        (await readNames()).includes(`Unsent before damage ${index}`),
      );
      await setWorkOffline(device.page, false);
      await device.waitUntilExchanged();
      expect(await readNames()).toEqual(await readServerNames());
    }
    expect(await readServerNames()).toEqual([
      'Known to the server',
      'Unsent before damage 0',
      'Unsent before damage 1',
      'Unsent before damage 2',
    ]);
  });

  it('SYNC-4 one unreadable row of the journal is told on the screen, and everything around it is sent', async () => {
    await setWorkOffline(device.page, true);
    for (const name of ['Row one', 'Row two', 'Row three']) await saveAccount(name);
    await device.quit();
    const [file = ''] = findFiles(/journal\.sqlite$/);
    const journal = new DatabaseSync(file);
    const middle = 'SELECT op_no FROM ops ORDER BY op_no LIMIT 1 OFFSET 1';
    expect(journal.prepare(`UPDATE ops SET sealed = zeroblob(80) WHERE op_no = (${middle})`).run().changes).toBe(1);
    journal.close();
    const page = await device.start();
    await page.getByTestId('sync-chip').waitFor();
    await setWorkOffline(page, false);
    await device.waitUntilExchanged();
    const names = await readServerNames();
    expect(names).toEqual(expect.arrayContaining(['Row one', 'Row three']));
    expect(names).not.toContain('Row two');
    await goTo(page, '/attention');
    const card = page.getByTestId('damage');
    await card.waitFor();
    expect(await card.textContent()).toContain('Check what you entered last');
    await page.getByRole('button', { name: 'I have checked it' }).click();
    await card.waitFor({ state: 'hidden' });
    expect((await device.status()).attentionCount).toBe(0);
  });

  it('SYNC-4 a full disk is told, what was typed stays in the form, and saving works when there is room again', async () => {
    const { page } = device;
    await device.launched.mainEvaluate(() => {
      const { StatementSync } = process.getBuiltinModule('node:sqlite');
      const original = Object.getOwnPropertyDescriptor(StatementSync.prototype, 'run') ?? {};
      const full = Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
      StatementSync.prototype.run = () => {
        throw full;
      };
      const makeRoom = () => Object.defineProperty(StatementSync.prototype, 'run', original);
      Object.assign(globalThis, { makeRoom });
    });
    await choose(page, 'New account', 'New account');
    const dialog = page.getByRole('dialog').filter({ has: page.locator('form') });
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Typed on a full disk');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('The disk is full').first().waitFor();
    expect(await dialog.getByRole('textbox', { name: 'Name', exact: true }).inputValue()).toBe('Typed on a full disk');
    expect(await readNames()).not.toContain('Typed on a full disk');
    await device.launched.mainEvaluate(() => {
      (globalThis as unknown as { makeRoom(): void }).makeRoom();
    });
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog.waitFor({ state: 'hidden' });
    await device.waitUntilExchanged();
    expect((await readServerNames()).filter((name) => name === 'Typed on a full disk')).toHaveLength(1);
  });

  it('SYNC-14 starting Outpost a second time shows the first window and touches no data', async () => {
    const executable = await device.launched.mainEvaluate(({ app }) => app.getPath('exe'));
    const second = spawn(executable, [`--user-data-dir=${device.userData}`, '.', 'outpost://open/pipeline'], {
      env: { ...process.env, OUTPOST_HEADLESS: '1', OUTPOST_PASSPHRASE: passphrase },
    });
    const [code] = (await once(second, 'exit')) as [number | null];
    expect(code).toBe(0);
    await saveAccount('Saved beside a second start');
    await device.waitUntilExchanged();
    expect(await readServerNames()).toContain('Saved beside a second start');
    expect(device.launched.app.windows().filter((page) => page.url().includes('/index.html'))).toHaveLength(1);
  });
});

describe('faults of the other side', () => {
  it('SYNC-51 a server of another version is told on the screen, and asking again helps when it was updated', async () => {
    const { page } = device;
    const error = { code: 'too_old_protocol', message: 'Too old.', details: {}, correlationId: 'c-1' };
    front.answer = (url) => (url.startsWith('/sync/') ? { status: 426, body: { error } } : null);
    await saveAccount('Typed before the update');
    const chip = page.getByTestId('sync-chip');
    await page.locator('[data-testid="sync-chip"][data-tone="warn"]').waitFor();
    await chip.click();
    await page.getByText('do not fit together').waitFor();
    expect((await device.status()).pendingCount).toBe(1);
    front.answer = () => null;
    await page.getByRole('button', { name: 'Sync now' }).click();
    await page.keyboard.press('Escape');
    await device.waitUntilExchanged();
    expect((await readServerNames()).filter((name) => name === 'Typed before the update')).toHaveLength(1);
  });

  it('C2 after a stolen sign-in Outpost asks to sign in again, says why, and then sends what was kept', async () => {
    const { page } = device;
    await setWorkOffline(page, true);
    await saveAccount('Kept through the sign-out');
    const [accounts = ''] = findFiles(/accounts\.json$/);
    const profileId = path.basename(path.dirname(findFiles(/journal\.sqlite$/)[0] ?? accounts));
    const vault = await openVault(path.join(device.userData, 'secrets.vault'), passphrase);
    const refreshToken = await vault.get(`refresh-token:${profileId}`);
    const theft = await call(server, '/api/v1/auth/refresh', { body: { refreshToken, deviceId: 'the-thief' } });
    expect(theft.status).toBe(401);
    await setWorkOffline(page, false);
    const password = page.getByRole('textbox', { name: 'Password' });
    await password.waitFor({ timeout: 30_000 });
    expect(await page.getByRole('alert').first().textContent()).toMatch(/sign in again/i);
    await password.fill(testPassword);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByTestId('sync-chip').waitFor();
    await device.waitUntilExchanged();
    expect((await readServerNames()).filter((name) => name === 'Kept through the sign-out')).toHaveLength(1);
    expect(await readNames()).toEqual(await readServerNames());
  });
});
