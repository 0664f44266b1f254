// What the app relies on from the desktop it runs in. The same assertions hold in Electron and in the Chromium host;
// they run in whichever of the two this machine has, driven by a tiny app of their own.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import { afterEach, describe, expect, it } from 'vitest';
import { isChromiumHost, launchApp, type LaunchedApp } from '#test/support/launch-app.ts';

type Api = {
  invoke(channel: string, ...args: unknown[]): Promise<unknown>;
  tell(...args: unknown[]): void;
  onNews(listener: (...args: unknown[]) => void): () => void;
  addNow(left: number, right: number): number;
  failNow(): void;
  askNow(): string;
  names: string[];
};
declare global {
  var api: Api;
  var news: unknown[][];
  var stopNews: () => void;
}

const appFolder = 'test/support/fixture-app';
const timeoutMs = 60_000;
const started: LaunchedApp[] = [];

async function start(userData?: string): Promise<{ host: LaunchedApp; page: Page }> {
  const host = await launchApp({ appFolder, ...(userData === undefined ? {} : { userData }) });
  started.push(host);
  return { host, page: await host.window('main') };
}

/** Processes whose command line names this user-data folder. */
function listProcesses(userData: string, alsoNaming = ''): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((processId) => {
      const file = `/proc/${processId}/cmdline`;
      try {
        const commandLine = readFileSync(file, 'utf8');
        return commandLine.includes(userData) && commandLine.includes(alsoNaming);
      } catch {
        // The process ended between listing and reading.
        return false;
      }
    });
}

async function waitFor(isDone: () => boolean | Promise<boolean>): Promise<boolean> {
  for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 50) {
    if (await isDone()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

afterEach(async () => {
  for (const host of started.splice(0)) await host.kill();
});

describe('desktop host: talk between page and main', { timeout: timeoutMs }, () => {
  it('HOST-1 an invoke carries values both ways as structured clone does, and a handler’s error as text', async () => {
    const { host, page } = await start();
    const seen = await page.evaluate(async () => {
      const sent = {
        at: new Date(86_400_000),
        nothing: undefined,
        bytes: new Uint8Array([1, 2, 255]),
        odd: [Number.NaN, -0, 10n],
        map: new Map([['a', new Set([1])]]),
      };
      const back = (await globalThis.api.invoke('echo', sent)) as typeof sent;
      const failure = await globalThis.api.invoke('boom').catch((error: unknown) => (error as Error).message);
      const unknown = await globalThis.api.invoke('nobody').catch((error: unknown) => (error as Error).message);
      let refusal = '';
      try {
        await globalThis.api.invoke('echo', Symbol('x'));
      } catch (error) {
        refusal = (error as Error).message;
      }
      return {
        at: back.at instanceof Date && back.at.getTime(),
        nothing: 'nothing' in back && back.nothing === undefined,
        bytes: back.bytes instanceof Uint8Array && [...back.bytes],
        odd: [Number.isNaN(back.odd[0]), Object.is(back.odd[1], -0), back.odd[2] === 10n],
        map: back.map instanceof Map && back.map.get('a')?.has(1),
        failure,
        unknown,
        refusal,
      };
    });
    expect(seen).toEqual({
      at: 86_400_000,
      nothing: true,
      bytes: [1, 2, 255],
      odd: [true, true, true],
      map: true,
      failure: "Error invoking remote method 'boom': Error: main exploded",
      unknown: "Error invoking remote method 'nobody': Error: No handler registered for 'nobody'",
      refusal: 'An object could not be cloned.',
    });
    expect(await page.evaluate(() => globalThis.api.invoke('sender'))).toBe('app://fixture/index.html#main');
    await host.close();
  });

  it('HOST-2 main sends to a page, and the page to main, in order', async () => {
    const { host, page } = await start();
    await page.evaluate(() => {
      globalThis.news = [];
      globalThis.stopNews = globalThis.api.onNews((...args) => globalThis.news.push(args));
      for (let count = 0; count < 50; count += 1) globalThis.api.tell(count);
    });
    await host.mainEvaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      for (let count = 0; count < 50; count += 1) window?.webContents.send('news', count);
    });
    const expected = Array.from({ length: 50 }, (_, count) => [count]);
    await waitFor(async () => (await page.evaluate(() => globalThis.news.length)) === 50);
    expect(await page.evaluate(() => globalThis.news)).toEqual(expected);
    expect(await host.mainEvaluate(() => globalThis.fixture.received)).toEqual(expected);
    await page.evaluate(() => globalThis.stopNews());
    await host.mainEvaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.send('news', 'late'));
    await page.evaluate(() => globalThis.api.invoke('echo', 1));
    expect(await page.evaluate(() => globalThis.news.length)).toBe(50);
  });

  it('HOST-3 the preload’s world is its own: its globals, require and process are not in the page, its API is frozen', async () => {
    const { page } = await start();
    const seen = await page.evaluate(() => {
      let thrown = '';
      try {
        globalThis.api.failNow();
      } catch (error) {
        thrown = (error as Error).message;
      }
      const isChanged =
        Reflect.set(globalThis.api, 'addNow', () => 0) ||
        Reflect.set(globalThis.api.names, 0, 'x') ||
        Reflect.set(globalThis, 'api', {});
      const hidden = ['preloadSecret', 'require', 'process', 'module', '__hostSend', '__hostReceive'].filter(
        (name) => name in globalThis,
      );
      return {
        thrown,
        isChanged,
        hidden,
        sum: globalThis.api.addNow(2, 3),
        isSecureContext,
        hasLocks: 'locks' in navigator,
      };
    });
    expect(seen).toEqual({
      thrown: 'preload exploded',
      isChanged: false,
      hidden: [],
      sum: 5,
      isSecureContext: true,
      hasLocks: true,
    });
  });
});

describe('desktop host: windows', { timeout: timeoutMs }, () => {
  it('HOST-4 a page cannot open windows: by script, by link, or with a modifier key', async () => {
    const { host, page } = await start();
    expect(await page.evaluate(() => globalThis.open('https://example.com/script'))).toBeNull();
    await page.locator('#blank').click();
    await page.locator('#away').click({ modifiers: ['Control'] });
    const isTold = await waitFor(
      async () => (await host.mainEvaluate(() => globalThis.fixture.refusedOpens.length)) === 3,
    );
    expect(isTold).toBe(true);
    expect(await host.mainEvaluate(() => globalThis.fixture.refusedOpens)).toEqual([
      'https://example.com/script',
      'https://example.com/blank',
      'https://example.com/away',
    ]);
    expect(host.app.windows()).toHaveLength(1);
  });

  it('HOST-5 a page cannot leave the app: the navigation is asked for and refused, the page stays alive', async () => {
    const { host, page } = await start();
    await page.locator('#away').click({ noWaitAfter: true });
    await page.evaluate(() => {
      setTimeout(() => location.assign('https://example.com/script'), 0);
    });
    expect(
      await waitFor(async () => (await host.mainEvaluate(() => globalThis.fixture.refusedNavigations.length)) === 2),
    ).toBe(true);
    expect(await host.mainEvaluate(() => globalThis.fixture.refusedNavigations)).toEqual([
      'https://example.com/away',
      'https://example.com/script',
    ]);
    expect(await page.locator('h1').textContent()).toBe('Fixture');
    expect(await page.evaluate(() => globalThis.api.invoke('sender'))).toBe('app://fixture/index.html#main');
  });

  it('HOST-6 windows share one browser context: a hidden one runs and hears what the shown one broadcasts', async () => {
    const { host, page } = await start();
    await host.mainEvaluate(() => {
      globalThis.fixture.openWindow('hidden', false);
    });
    const hidden = await host.window('hidden');
    const heard = hidden.evaluate(
      () =>
        new Promise((resolve) =>
          new BroadcastChannel('talk').addEventListener('message', (event) => resolve(event.data)),
        ),
    );
    const worked = page.evaluate(async () => {
      const channel = new BroadcastChannel('talk');
      const ticker = setInterval(() => channel.postMessage('hello'), 20);
      const worker = new Worker(URL.createObjectURL(new Blob(['postMessage(6 * 7)'])));
      const answer = await new Promise((resolve) => worker.addEventListener('message', (event) => resolve(event.data)));
      setTimeout(() => clearInterval(ticker), 3_000);
      return answer;
    });
    expect(await heard).toBe('hello');
    expect(await worked).toBe(42);
    const states = await host.mainEvaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map((window) => window.isVisible()),
    );
    expect(states.filter(Boolean)).toHaveLength(1);
    expect(states).toHaveLength(2);
  });

  it('HOST-7 a crashed page is reported and can be loaded again', async () => {
    const { host } = await start();
    const reason = await host.mainEvaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      const gone = new Promise<string>((resolve) =>
        contents?.once('render-process-gone', (_event, details) => resolve(details.reason)),
      );
      contents?.forcefullyCrashRenderer();
      return gone;
    });
    expect(['crashed', 'killed']).toContain(reason);
    const title = await host.mainEvaluate(async ({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      const loaded = new Promise<void>((resolve) => contents?.once('did-finish-load', () => resolve()));
      contents?.reload();
      await loaded;
      return contents?.executeJavaScript('document.querySelector("h1").textContent') as Promise<string>;
    });
    expect(title).toBe('Fixture');
    const left = await host.mainEvaluate(async ({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      const gone = new Promise<void>((resolve) => window?.webContents.once('render-process-gone', () => resolve()));
      window?.webContents.forcefullyCrashRenderer();
      await gone;
      window?.close();
      globalThis.fixture.openWindow('again');
      return BrowserWindow.getAllWindows().length;
    });
    expect(left).toBe(1);
    expect(await (await host.window('again')).locator('h1').textContent()).toBe('Fixture');
  });

  it('HOST-8 the theme chosen in main reaches every page', async () => {
    const { host, page } = await start();
    await host.mainEvaluate(({ nativeTheme }) => {
      nativeTheme.themeSource = 'dark';
    });
    expect(await waitFor(() => page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches))).toBe(true);
  });
});

describe('desktop host: life of the app', { timeout: timeoutMs }, () => {
  it('HOST-9 what a page stored is there after a restart and after a kill', async () => {
    const first = await start();
    const userData = first.host.userData;
    const write = (page: Page, value: string): Promise<void> =>
      page.evaluate(
        (text) =>
          new Promise<void>((resolve, reject) => {
            const opening = indexedDB.open('kept', 1);
            opening.onupgradeneeded = () => opening.result.createObjectStore('rows');
            opening.onerror = () => reject(new Error('open failed'));
            opening.onsuccess = () => {
              const transaction = opening.result.transaction('rows', 'readwrite', { durability: 'strict' });
              transaction.objectStore('rows').put(text, 'row');
              transaction.oncomplete = () => resolve();
            };
          }),
        value,
      );
    const read = (page: Page): Promise<unknown> =>
      page.evaluate(
        () =>
          new Promise((resolve, reject) => {
            const opening = indexedDB.open('kept', 1);
            opening.onerror = () => reject(new Error('open failed'));
            opening.onsuccess = () => {
              const getting = opening.result.transaction('rows').objectStore('rows').get('row');
              getting.onsuccess = () => resolve(getting.result);
            };
          }),
      );
    await write(first.page, 'before restart');
    await first.host.close();
    const second = await start(userData);
    expect(await read(second.page)).toBe('before restart');
    await write(second.page, 'before kill');
    await second.host.kill();
    const third = await start(userData);
    expect(await read(third.page)).toBe('before kill');
  });

  it('HOST-10 a second start gives its arguments to the first and ends', async () => {
    const { host } = await start();
    const environment = { ...process.env, OUTPOST_HEADLESS: '1' };
    const executable = await host.mainEvaluate(({ app }) => app.getPath('exe'));
    const second = spawnSync(executable, [`--user-data-dir=${host.userData}`, appFolder, 'app://fixture/deal/7'], {
      env: environment,
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect(second.status).toBe(0);
    expect(
      await waitFor(async () => (await host.mainEvaluate(() => globalThis.fixture.secondStarts.length)) === 1),
    ).toBe(true);
    const [argv = []] = await host.mainEvaluate(() => globalThis.fixture.secondStarts);
    expect(argv.at(-1)).toBe('app://fixture/deal/7');
  });

  it('HOST-11 quitting asks first: before-quit and will-quit can refuse, then nothing is left running', async () => {
    const { host } = await start();
    const order = await host.mainEvaluate(async ({ app, BrowserWindow }) => {
      const seen: string[] = [];
      app.once('before-quit', (event) => {
        seen.push('before-quit refused');
        event.preventDefault();
      });
      app.quit();
      app.once('before-quit', () => seen.push('before-quit'));
      BrowserWindow.getAllWindows()[0]?.once('close', () => seen.push('close'));
      BrowserWindow.getAllWindows()[0]?.once('closed', () => seen.push('closed'));
      const refused = new Promise<void>((resolve) => {
        app.once('will-quit', (event) => {
          seen.push('will-quit refused');
          event.preventDefault();
          resolve();
        });
      });
      app.quit();
      await refused;
      return seen;
    });
    expect(order).toEqual(['before-quit refused', 'before-quit', 'close', 'closed', 'will-quit refused']);
    await host.close();
    expect(await waitFor(() => listProcesses(host.userData).length === 0)).toBe(true);
  });

  it('HOST-20 relaunch starts the app anew on the same data', async () => {
    const { host } = await start();
    const first = host.app.process().pid;
    await host.mainEvaluate(({ app }) => {
      app.relaunch();
      app.quit();
    });
    const findSuccessor = (): string | undefined =>
      listProcesses(host.userData, 'launch.ts').find((id) => id !== String(first));
    expect(await waitFor(() => findSuccessor() !== undefined)).toBe(true);
    process.kill(Number(findSuccessor()), 'SIGKILL');
    expect(await waitFor(() => listProcesses(host.userData).length === 0)).toBe(true);
  });

  it('HOST-12 a killed app leaves no browser behind', async () => {
    const { host } = await start();
    expect(listProcesses(host.userData).length).toBeGreaterThan(0);
    await host.kill();
    expect(await waitFor(() => listProcesses(host.userData).length === 0)).toBe(true);
  });

  it('HOST-13 secrets come back from safeStorage, also in a later run', async () => {
    const { host } = await start();
    const sealed = await host.mainEvaluate(async ({ safeStorage }) =>
      (await safeStorage.encryptStringAsync('geheim äöü')).toString('base64'),
    );
    expect(Buffer.from(sealed, 'base64').toString('utf8')).not.toContain('geheim');
    await host.close();
    const { host: later } = await start(host.userData);
    const opened = await later.mainEvaluate(
      async ({ safeStorage }, text) => (await safeStorage.decryptStringAsync(Buffer.from(text, 'base64'))).result,
      sealed,
    );
    expect(opened).toBe('geheim äöü');
  });
});

describe.runIf(isChromiumHost)('Chromium host: it never pretends', { timeout: timeoutMs }, () => {
  it('HOST-14 a member the host lacks throws with its name, on modules, classes, instances and in the preload', async () => {
    const { host, page } = await start();
    const messages = await host.mainEvaluate((electron) => {
      const [window] = electron.BrowserWindow.getAllWindows();
      const attempts: (() => unknown)[] = [
        () => electron.app.showEmojiPanel(),
        () => electron.utilityProcess.fork('x'),
        () => electron.globalShortcut.register('F1', () => undefined),
        () => window?.setProgressBar(0.5),
        () => window?.webContents.openDevTools(),
        () => electron.session.defaultSession.webRequest.onBeforeRequest(null),
        () => new electron.BrowserWindow({ webPreferences: { nodeIntegration: true } }),
        () => new electron.BrowserWindow({ kiosk: true }),
        () => window?.webContents.on('context-menu', () => undefined),
      ];
      return attempts.map((attempt) => {
        try {
          attempt();
          return 'did not throw';
        } catch (error) {
          return (error as Error).message;
        }
      });
    });
    const inPreload = await page.evaluate(() => {
      try {
        return globalThis.api.askNow();
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(inPreload).toBe('electron.ipcRenderer.sendSync is not available in the Chromium host');
    expect(messages).toEqual(
      [
        'app.showEmojiPanel',
        'electron.utilityProcess.fork',
        'electron.globalShortcut.register',
        'BrowserWindow.setProgressBar',
        'webContents.openDevTools',
        'session.webRequest.onBeforeRequest',
        'webPreferences.nodeIntegration',
        "BrowserWindow option 'kiosk'",
        "webContents event 'context-menu'",
      ].map((member) => `${member} is not available in the Chromium host`),
    );
  });

  it('HOST-15 the renderer has no network but the app’s own scheme', async () => {
    const { page } = await start();
    const answers = await page.evaluate(async () => {
      const own = await fetch('/missing.txt').then((response) => response.status);
      const foreign = await fetch('http://example.com/', { mode: 'no-cors' }).then(
        () => 'reached',
        () => 'refused',
      );
      return { own, foreign };
    });
    expect(answers).toEqual({ own: 404, foreign: 'refused' });
  });

  it('HOST-16 permissions are denied unless a handler grants them', async () => {
    const { host, page } = await start();
    const query = (): Promise<string> =>
      page.evaluate(async () => (await navigator.permissions.query({ name: 'notifications' })).state);
    expect(await query()).toBe('denied');
    await host.mainEvaluate(({ session }) => {
      session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) =>
        answer(permission === 'notifications'),
      );
    });
    expect(await waitFor(async () => (await query()) === 'granted')).toBe(true);
  });

  it('HOST-17 without Chromium the start fails and names the command that helps', () => {
    const userData = mkdtempSync(path.join(os.tmpdir(), 'outpost-'));
    const run = spawnSync(path.resolve('src/host/bin/electron'), [`--user-data-dir=${userData}`, appFolder], {
      env: { ...process.env, OUTPOST_CHROMIUM: path.join(userData, 'none') },
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('sudo apt-get install -y chromium');
  });
});
