// Starts the desktop app for a test: in Electron when its binary is there, otherwise in the Chromium host. Both are
// driven through Playwright's own Electron support, so a test does not know which one it has.
import { existsSync, mkdtempSync } from 'node:fs';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';

const root = path.resolve(import.meta.dirname, '../..');
const findDeadlineMs = 20_000;

/** True when tests run in the Chromium host. Specs about the host alone look at it. */
export const isChromiumHost = !existsSync(path.join(root, 'node_modules/electron/path.txt'));
// Playwright asks electron/index.js, in this process, where the executable is.
if (isChromiumHost) process.env['ELECTRON_OVERRIDE_DIST_PATH'] = path.join(root, 'src/host/bin');

export interface LaunchOptions {
  /** Folder of the user's data; a fresh one when absent. */
  readonly userData?: string;
  /** Arguments after the app's folder. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Folder of the app; the product itself when absent. */
  readonly appFolder?: string;
}

export interface LaunchedApp {
  readonly app: ElectronApplication;
  readonly userData: string;
  /** Waits for the window whose address ends with this hash or path, e.g. 'main' or '/data-host.html'. */
  window(hashOrPath: string): Promise<Page>;
  /** Runs a function in the main process; its first argument is the module 'electron'. */
  readonly mainEvaluate: ElectronApplication['evaluate'];
  /** Quits in good order. */
  close(): Promise<void>;
  /** SIGKILL: nothing of the app gets to run. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** What the app and its host wrote to stderr so far. */
  readStderr(): string;
  /** The signal or code it ended with; null while it runs. */
  readEnd(): string | number | null;
}

function isWanted(page: Page, hashOrPath: string): boolean {
  const url = page.url();
  if (hashOrPath.startsWith('#')) return url.endsWith(hashOrPath);
  const hash = url.includes('#') ? url.slice(url.indexOf('#') + 1) : undefined;
  return (
    hash === hashOrPath ||
    hash?.replace(/^\//, '') === hashOrPath.replace(/^\//, '') ||
    url.replace(/[?#].*$/, '').endsWith(hashOrPath.startsWith('/') ? hashOrPath : `/${hashOrPath}`)
  );
}

async function findWindow(app: ElectronApplication, hashOrPath: string): Promise<Page> {
  const deadline = performance.now() + findDeadlineMs;
  while (performance.now() < deadline) {
    const found = app.windows().find((page) => !page.isClosed() && isWanted(page, hashOrPath));
    if (found !== undefined) {
      await found.waitForLoadState();
      return found;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(
    `No window for "${hashOrPath}"; open are: ${
      app
        .windows()
        .map((page) => page.url())
        .join(', ') || 'none'
    }`,
  );
}

export async function launchApp(options: LaunchOptions = {}): Promise<LaunchedApp> {
  const userData = options.userData ?? mkdtempSync(path.join(os.tmpdir(), 'outpost-'));
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const app = await _electron.launch({
    cwd: root,
    args: [`--user-data-dir=${userData}`, options.appFolder ?? '.', ...(options.args ?? [])],
    env: { OUTPOST_HEADLESS: '1', ...Object.fromEntries(inherited), ...options.env },
  });
  const child = app.process();
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8');
  });
  const isGone = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    app,
    userData,
    window: (hashOrPath) => findWindow(app, hashOrPath),
    mainEvaluate: app.evaluate.bind(app),
    close: async () => {
      if (!isGone()) await app.close();
    },
    kill: async () => {
      if (isGone()) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
    readStderr: () => stderr,
    readEnd: () => child.signalCode ?? child.exitCode,
  };
}
