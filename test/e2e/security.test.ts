// What a page could try if it were taken over, tried in every window of the running application.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type Electron from 'electron';
import type { Page } from 'playwright';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import { request } from '#test/support/ask-data.ts';
import { Device } from '#test/support/device.ts';
import { goTo } from '#test/support/drive-screens.ts';
import {
  createOrganizationWith,
  emailOf,
  startServer,
  testPassword,
  type TestServer,
} from '#test/support/start-server.ts';
import type { ChannelName } from '#shared/ipc/channel-names.ts';

const device = new Device({ serverUrl: null });
const windowNames = ['main', 'settings', 'doctor', 'operations', 'dataHost'] as const;
const pages = new Map<string, Page>();
let server: TestServer;

beforeAll(async () => {
  await buildIfNeeded();
  server = await startServer();
  await createOrganizationWith(server, 'security', [{ id: 'ada', role: 'org_admin' }]);
  pages.set('main', await device.start());
  await device.signIn(server.url, { email: emailOf('ada'), password: testPassword });
  await device.waitUntilExchanged();
  await device.invoke('window.openSettings', { section: 'profile' });
  pages.set('settings', await device.launched.window('/settings/profile'));
  await device.invoke('window.openDoctor', {});
  pages.set('doctor', await device.launched.window('#/doctor'));
  await device.invoke('window.openOperations', {});
  pages.set('operations', await device.launched.window('#/operations/overview'));
  pages.set('dataHost', await device.launched.window('/data-host.html'));
});

afterAll(async () => {
  await device.remove();
  await server.remove();
});

function pageOf(name: string): Page {
  const page = pages.get(name);
  if (page === undefined) throw new Error(`no window ${name}`);
  return page;
}

test('D5 every window is isolated from Node and sandboxed', async () => {
  const preferences = await device.launched.mainEvaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((window) => {
      const { contextIsolation, sandbox, nodeIntegration, webSecurity, webviewTag } =
        // Electron leaves this method out of its types on purpose; tests of a window's preferences are what it is for.
        (window.webContents as unknown as { getLastWebPreferences(): Electron.WebPreferences }).getLastWebPreferences();
      return {
        contextIsolation,
        sandbox,
        nodeIntegration,
        webSecurity: webSecurity ?? true,
        webviewTag: webviewTag ?? false,
      };
    }),
  );
  expect(preferences).toHaveLength(windowNames.length);
  const safe = { contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true, webviewTag: false };
  for (const found of preferences) expect(found).toEqual(safe);
});

describe.each(windowNames)('window %s', (name) => {
  test('D5 nothing of Node is in reach and the bridge cannot be changed', async () => {
    const seen = await pageOf(name).evaluate(() => {
      const page = globalThis as unknown as Record<string, unknown>;
      const bridge = window.outpost;
      const { invoke: before } = bridge as { readonly invoke: unknown };
      let hasThrown = false;
      try {
        (bridge as unknown as Record<string, unknown>)['invoke'] = () => 'mine';
      } catch {
        hasThrown = true;
      }
      return {
        node: ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer', 'electron'].filter(
          (word) => page[word] !== undefined,
        ),
        isFrozen: Object.isFrozen(bridge),
        members: Object.keys(bridge).toSorted(),
        isUnchanged: (window.outpost as { readonly invoke: unknown }).invoke === before,
        hasThrown,
      };
    });
    expect(seen).toMatchObject({ node: [], isFrozen: true, members: ['invoke', 'on'], isUnchanged: true });
  });

  test('D2 opening a window and leaving the application are refused', async () => {
    const page = pageOf(name);
    const address = page.url();
    const count = device.launched.app.windows().length;
    const opened = await page.evaluate(() => window.open('https://example.com/') === null);
    expect(opened).toBe(true);
    await page.evaluate(() => {
      window.location.href = 'https://example.com/';
    });
    await page.waitForTimeout(400);
    expect(page.url()).toBe(address);
    expect(device.launched.app.windows()).toHaveLength(count);
  });

  test('D4 unknown channels, wrong inputs and channels of other windows are refused', async () => {
    const foreign: ChannelName = name === 'dataHost' ? 'session.signOut' : 'journal.append';
    const answers = await pageOf(name).evaluate(async (channel) => {
      const invoke = (name: string, input: unknown): Promise<unknown> =>
        window.outpost.invoke(name as ChannelName, input as never);
      const tell = (work: Promise<unknown>): Promise<unknown> => work.catch((error: Error) => error.message);
      return [
        await tell(invoke('fs.readFile', { path: '/etc/passwd' })),
        await tell(invoke('__proto__', {})),
        await tell(invoke(channel, channel === 'session.signOut' ? { unsent: 'discard' } : { ops: [] })),
        await tell(invoke('app.info', { extra: 'x' })),
      ];
    }, foreign);
    expect(answers[0]).toContain('unknown channel');
    expect(answers[1]).toContain('unknown channel');
    expect(answers[2]).toMatchObject({ ok: false, error: { code: 'action_forbidden' } });
    expect(answers[3]).toMatchObject({ ok: false, error: { code: 'invalid' } });
  });

  test('D1 pages come with a policy that runs only the scripts of the application', async () => {
    const header = await pageOf(name).evaluate(async () => {
      const answer = await fetch(window.location.href.replace(/#.*/, ''));
      return answer.headers.get('content-security-policy') ?? '';
    });
    const policy = new Map(header.split('; ').map((part) => [part.split(' ')[0], part.split(' ').slice(1).join(' ')]));
    expect(policy.get('default-src')).toBe("'none'");
    expect(policy.get('script-src')).toBe("'self'");
    for (const directive of ['object-src', 'frame-src', 'base-uri', 'form-action'])
      expect(policy.get(directive)).toBe("'none'");
  });
});

test('D6 nothing outside the pages is served', async () => {
  const codes = await pageOf('main').evaluate(async () => {
    const paths = ['/%2e%2e/main/index.js', '/..%2fpackage.json', '/assets/..%5c..%5cpackage.json', '/nothing.html'];
    return Promise.all(paths.map(async (path) => (await fetch(path)).status));
  });
  expect(codes).toEqual([404, 404, 404, 404]);
});

test('D3 only web and mail addresses leave for other programs', async () => {
  for (const url of ['file:///etc/passwd', 'smb://server/share', 'javascript:alert(1)', 'https://user:pw@example.com/'])
    await expect(device.invoke('shell.openExternal', { url })).rejects.toThrow();
});

test('D1 what a record says is shown as text and never run', async () => {
  const { page } = device;
  const attack = '<img src=x onerror="window.wasRun=1"><script>window.wasRun=1</script>';
  await page.evaluate(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      document.documentElement.dataset['violation'] = event.violatedDirective;
    });
  });
  const { recordId } = await request(page, 'execute', {
    command: 'createRecord',
    input: { entity: 'account', values: { name: attack, description: attack } },
  });
  for (const path of ['/accounts', `/accounts/${recordId ?? ''}`]) {
    await goTo(page, path);
    await page.getByText('<img src=x').first().waitFor();
  }
  const seen = await page.evaluate(() => ({
    wasRun: 'wasRun' in window,
    violation: document.documentElement.dataset['violation'] ?? null,
  }));
  expect(seen).toEqual({ wasRun: false, violation: null });
});
