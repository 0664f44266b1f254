// app: life cycle, paths and the single instance. The order on quitting is Electron's: before-quit, every window's
// close, will-quit, quit; each but the last can be refused. A deadline keeps a lost browser from holding the exit.
import { spawn } from 'node:child_process';
import type Electron from 'electron';
import type { CdpSession } from '../browser/cdp-connection.ts';
import { hostState, tell } from '../host-state.ts';
import { appEventNames } from './known-events.ts';
import { appEvents, createEvent, findChromium, launchBrowser, windows } from '../registry.ts';
import { createSlice, createStrict, restrictEvents } from '../unavailable.ts';
import { choosePath, findPath } from './app-paths.ts';
import { beginDownload, endDownload } from './session.ts';
import { SingleInstance } from './single-instance.ts';
import { webContents } from './web-contents.ts';

type AppSlice = Pick<
  Electron.App,
  | 'whenReady'
  | 'isReady'
  | 'quit'
  | 'exit'
  | 'relaunch'
  | 'focus'
  | 'getPath'
  | 'setPath'
  | 'getAppPath'
  | 'getName'
  | 'setName'
  | 'getVersion'
  | 'getLocale'
  | 'getSystemLocale'
  | 'getPreferredSystemLanguages'
  | 'getLocaleCountryCode'
  | 'requestSingleInstanceLock'
  | 'hasSingleInstanceLock'
  | 'releaseSingleInstanceLock'
  | 'setAsDefaultProtocolClient'
  | 'removeAsDefaultProtocolClient'
  | 'isDefaultProtocolClient'
  | 'setAppUserModelId'
  | 'isPackaged'
  | 'name'
  | 'dock'
  | 'disableHardwareAcceleration'
  | 'enableSandbox'
  | 'setAppLogsPath'
  | 'setBadgeCount'
  | 'getBadgeCount'
  | 'badgeCount'
>;

let badge = 0;
let isReadyNow = false;
let isQuitting = false;
let isLeaving = false;
let instance: SingleInstance | undefined;
let relaunchOptions: Electron.RelaunchOptions | undefined;
const protocolClients = new Set<string>();
let announceReady: () => void = () => undefined;
const ready = new Promise<void>((resolve) => {
  announceReady = resolve;
});

/** Ends the browser, starts the successor when asked for, and leaves. */
async function leave(exitCode: number): Promise<void> {
  if (isLeaving) return;
  isLeaving = true;
  appEvents.emit('quit', createEvent(), exitCode);
  instance?.release();
  await findChromium()?.close();
  if (relaunchOptions !== undefined) {
    const { execPath = hostState.executable, args = process.argv.slice(1) } = relaunchOptions;
    spawn(execPath, args, { detached: true, stdio: 'ignore' }).unref();
  }
  process.exit(exitCode);
}

/** After the last window: the second half of quitting. */
function finishQuit(): void {
  const event = createEvent();
  appEvents.emit('will-quit', event);
  isQuitting = false;
  if (!event.defaultPrevented) void leave(0);
}

function followClosedWindow(): void {
  if (windows.size > 0 || isLeaving) return;
  if (isQuitting) finishQuit();
  else if (appEvents.listenerCount('window-all-closed') > 0) appEvents.emit('window-all-closed');
  else members.quit();
}

let knownLocale: string | undefined;
/** Found once, from what knows it and needs the least to be made. */
const locale = (): string =>
  (knownLocale ??= hostState.switches.get('lang') || new Intl.PluralRules().resolvedOptions().locale);

const members: AppSlice & { readonly commandLine: object } = {
  whenReady: () => ready,
  isReady: () => isReadyNow,
  quit() {
    const event = createEvent();
    appEvents.emit('before-quit', event);
    if (event.defaultPrevented) return;
    isQuitting = true;
    if (windows.size === 0) finishQuit();
    for (const window of windows.values()) if (isQuitting) window.close();
  },
  exit(exitCode = 0) {
    void leave(exitCode);
    for (const window of windows.values()) window.destroy();
  },
  relaunch(options = {}) {
    relaunchOptions = options;
  },
  focus() {
    const [first] = windows.values();
    (first as unknown as { focus(): void } | undefined)?.focus();
  },
  getPath: findPath,
  setPath: choosePath,
  setAppLogsPath(place) {
    choosePath('logs', place ?? findPath('logs'));
  },
  getAppPath: () => hostState.appPath,
  getName: () => hostState.packageInfo.productName ?? hostState.packageInfo.name,
  setName(name) {
    hostState.packageInfo.productName = name;
  },
  get name() {
    return members.getName();
  },
  /** There is no dock: the number is kept, and a test reads it. */
  setBadgeCount(count = 0) {
    badge = count;
    return true;
  },
  getBadgeCount: () => badge,
  get badgeCount() {
    return badge;
  },
  set badgeCount(count) {
    badge = count;
  },
  getVersion: () => hostState.packageInfo.version,
  getLocale: locale,
  getSystemLocale: locale,
  getPreferredSystemLanguages: () => [locale()],
  getLocaleCountryCode: () => new Intl.Locale(locale()).region ?? '',
  requestSingleInstanceLock(additionalData) {
    if (instance !== undefined) return true;
    const candidate = new SingleInstance(findPath('userData'));
    const start = { argv: process.argv, workingDirectory: process.cwd(), additionalData };
    const isOwner = candidate.request(start, (second) => {
      void ready.then(() =>
        appEvents.emit('second-instance', createEvent(), second.argv, second.workingDirectory, second.additionalData),
      );
    });
    if (isOwner) instance = candidate;
    return isOwner;
  },
  hasSingleInstanceLock: () => instance !== undefined,
  releaseSingleInstanceLock() {
    instance?.release();
    instance = undefined;
  },
  // Kept for this run only: the host registers nothing with the desktop, and says so.
  setAsDefaultProtocolClient(scheme) {
    protocolClients.add(scheme);
    tell(`links of scheme ${scheme}: are not registered with the desktop; pass one as an argument instead`);
    return false;
  },
  removeAsDefaultProtocolClient: (scheme) => protocolClients.delete(scheme),
  isDefaultProtocolClient: () => false,
  // Means something on Windows' task bar only; elsewhere Electron ignores it too.
  setAppUserModelId: () => undefined,
  isPackaged: false,
  dock: undefined,
  disableHardwareAcceleration() {
    hostState.switches.set('disable-gpu', '');
  },
  // Pages of the host are always sandboxed from Node.
  enableSandbox: () => undefined,
  commandLine: createStrict('app.commandLine', {
    appendSwitch: (name: string, value = '') => void hostState.switches.set(name, value),
    hasSwitch: (name: string) => hostState.switches.has(name),
    getSwitchValue: (name: string) => hostState.switches.get(name) ?? '',
    removeSwitch: (name: string) => void hostState.switches.delete(name),
  }),
};

restrictEvents('app', appEvents, appEventNames);
export const app = createSlice('app', appEvents, members);

/** Files a page offers go to the user's downloads; a test tool brings its own place. */
async function keepDownloads(browser: CdpSession): Promise<void> {
  const downloadPath = findPath('downloads');
  // With a test tool beside it the host only listens.
  const place = hostState.switches.has('remote-debugging-port')
    ? { behavior: 'default' }
    : { behavior: 'allow', downloadPath };
  await browser.send('Browser.setDownloadBehavior', { ...place, eventsEnabled: true });
  browser.on(
    'Browser.downloadWillBegin',
    ({ guid, suggestedFilename }: { guid: string; suggestedFilename: string }) => {
      tell(`saving ${suggestedFilename} in ${downloadPath}`);
      beginDownload(guid, suggestedFilename);
    },
  );
  browser.on('Browser.downloadProgress', ({ guid, state }: { guid: string; state: string }) => {
    if (state === 'completed' || state === 'canceled') endDownload(guid, state);
  });
}

/** Called once the main bundle has been evaluated: starts Chromium, then 'ready'. */
export async function becomeReady(): Promise<void> {
  const chromium = await launchBrowser(findPath('userData'));
  const { browser } = chromium.connection;
  const findPage = webContents.fromDevToolsTargetId;
  browser.on('Target.targetInfoChanged', ({ targetInfo }: { targetInfo: { targetId: string; title: string } }) => {
    findPage(targetInfo.targetId)?.noteTitle(targetInfo.title);
  });
  browser.on('Target.targetDestroyed', ({ targetId }: { targetId: string }) => findPage(targetId)?.markGone());
  browser.once('closed', () => {
    if (isLeaving) return;
    tell('Chromium ended unexpectedly');
    void leave(1);
    for (const window of windows.values()) window.destroy();
  });
  await keepDownloads(browser);
  appEvents.on('-window-closed', () => setImmediate(followClosedWindow));
  appEvents.on('-close-refused', () => {
    isQuitting = false;
  });
  await browser.send('Target.setDiscoverTargets', { discover: true });
  isReadyNow = true;
  appEvents.emit('ready', createEvent(), {});
  announceReady();
}
