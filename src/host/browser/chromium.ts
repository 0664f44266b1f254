// Starts Chromium over the DevTools pipe. It lives exactly as long as this process: a closed pipe ends it, also after
// SIGKILL. It has its own process group, so that Ctrl-C reaches the app first and the app can end in good order.
import { spawn, type ChildProcess } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { hostState } from '../host-state.ts';
import { installChromiumCommand, locateChromium } from '../locate-chromium.ts';
import { startAppServer } from './app-server.ts';
import { CdpConnection } from './cdp-connection.ts';

export interface Chromium {
  readonly connection: CdpConnection;
  /** Opens a window without tabs or address bar in the running browser (needs a display). */
  openAppWindow(url: string, size: { readonly width: number; readonly height: number }): void;
  /** Ends the browser; resolves when it is gone, at the latest after the deadline. */
  close(): Promise<void>;
}

const startDeadlineMs = 30_000;
const closeDeadlineMs = 3_000;
const releaseDeadlineMs = 10_000;

/** Switches of the host's own; the app's and Playwright's are added, except those that would break these. */
const ownSwitches: readonly string[] = [
  'no-first-run',
  'no-default-browser-check',
  'disable-background-networking',
  'disable-component-update',
  'disable-sync',
  'disable-quic',
  'disable-default-apps',
  'disable-extensions',
  'disable-breakpad',
  'disable-domain-reliability',
  'disable-client-side-phishing-detection',
  'disable-background-timer-throttling',
  'disable-renderer-backgrounding',
  'disable-backgrounding-occluded-windows',
  'disable-dev-shm-usage',
  'disable-hang-monitor',
  'metrics-recording-only',
  'password-store=basic',
  'use-mock-keychain',
  'test-type',
  'hide-crash-restore-bubble',
];
const unwantedFeatures = [
  // Pages for the address bar, made ahead: 0.7 s of processor time with every window. No window here has one.
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
  // Compiles scripts anew at every start, although they are kept compiled.
  'BackgroundResourceFetch',
];
const ignoredSwitches = new Set([
  'disable-features',
  'inspect',
  'inspect-brk',
  'user-data-dir',
  'headless',
  'no-sandbox',
  'host-resolver-rules',
  'remote-debugging-pipe',
]);

function createArguments(profile: string, port: number): string[] {
  const rules = `MAP *.localhost:80 127.0.0.1:${port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost`;
  const given = [...hostState.switches]
    .filter(([name]) => !ignoredSwitches.has(name))
    .map(([name, value]) => (value === '' ? `--${name}` : `--${name}=${value}`));
  const disabled = [hostState.switches.get('disable-features') ?? '', ...unwantedFeatures].filter(Boolean).join(',');
  const isRoot = process.getuid?.() === 0;
  return [
    `--user-data-dir=${profile}`,
    ...given,
    ...ownSwitches.map((name) => `--${name}`),
    `--disable-features=${disabled}`,
    `--host-resolver-rules=${rules}`,
    ...(isRoot ? ['--no-sandbox'] : []),
    ...(hostState.isHeadless ? ['--headless=new', '--hide-scrollbars'] : []),
  ];
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

/** After a kill the browser of the last run may need a moment to leave; a second one would hand over to it and end. */
async function waitUntilReleased(profile: string): Promise<void> {
  const findHolder = (): number => {
    try {
      return Number(/-(\d+)$/.exec(readlinkSync(path.join(profile, 'SingletonLock')))?.[1]);
    } catch {
      return Number.NaN;
    }
  };
  for (let waitedMs = 0; waitedMs < releaseDeadlineMs; waitedMs += 20) {
    const holder = findHolder();
    if (Number.isNaN(holder) || !isAlive(holder)) return;
    await delay(20);
  }
  throw new Error(`Another Chromium still uses ${profile}. Close the other window of the app and start again.`);
}

function forwardLines(child: ChildProcess): void {
  if (child.stderr === null) return;
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.startsWith('DevTools listening on') || process.env['OUTPOST_HOST_LOG'] === '1')
      process.stderr.write(`${line}\n`);
  });
}

/** Throws with what to do when there is no Chromium or it does not start. */
export async function startChromium(userData: string): Promise<Chromium> {
  const executable = locateChromium();
  if (executable === undefined)
    throw new Error(
      `No Chromium found. Install it with: ${installChromiumCommand} (or set OUTPOST_CHROMIUM to its path)`,
    );
  const profile = path.join(userData, 'chromium-host');
  await mkdir(profile, { recursive: true, mode: 0o700 });
  const [port] = await Promise.all([startAppServer(), waitUntilReleased(profile)]);
  const switches = createArguments(profile, port);
  const child = spawn(executable, [...switches, '--remote-debugging-pipe', '--no-startup-window'], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  });
  forwardLines(child);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const connection = new CdpConnection(child.stdio[3] as Writable, child.stdio[4] as Readable);
  const failure = exited.then(() =>
    Promise.reject(
      new Error(`Chromium (${executable}) ended before it could be used. OUTPOST_HOST_LOG=1 shows its messages.`),
    ),
  );
  const tooLate = delay(startDeadlineMs, undefined, { ref: false }).then(() =>
    Promise.reject(new Error('Chromium did not answer in 30 s.')),
  );
  await Promise.race([connection.browser.send('Browser.getVersion'), failure, tooLate]);
  failure.catch(() => undefined);
  tooLate.catch(() => undefined);
  return {
    connection,
    openAppWindow: (url, { width, height }) => {
      spawn(executable, [...switches, `--window-size=${width},${height}`, `--app=${url}`], {
        detached: true,
        stdio: 'ignore',
      }).unref();
    },
    close: async () => {
      connection.browser.send('Browser.close').catch(() => undefined);
      const isGone = await Promise.race([exited.then(() => true), delay(closeDeadlineMs, false, { ref: false })]);
      if (!isGone) child.kill('SIGKILL');
    },
  };
}
