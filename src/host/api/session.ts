// session: one browser profile. Permissions are denied unless the app's handlers grant them; the handlers are asked
// for each known permission when they are set and when a window opens, since Chromium decides before it could ask.
import { EventEmitter } from 'node:events';
import type Electron from 'electron';
import { toBrowserUrl, usedOrigins } from '../browser/origin.ts';
import { contents, getChromium } from '../registry.ts';
import { createSlice, createStrict, createUnavailable, restrictEvents } from '../unavailable.ts';
import { protocol } from './protocol.ts';

type Slice = Pick<
  Electron.Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'clearStorageData' | 'isPersistent'
>;
type RequestHandler = Parameters<Electron.Session['setPermissionRequestHandler']>[0];
type CheckHandler = Parameters<Electron.Session['setPermissionCheckHandler']>[0];

/** Electron's name to Chromium's. */
const permissions: readonly (readonly [string, string])[] = [
  ['notifications', 'notifications'],
  ['geolocation', 'geolocation'],
  ['media', 'camera'],
  ['media', 'microphone'],
  ['midi', 'midi'],
  ['clipboard-read', 'clipboard-read'],
  ['clipboard-sanitized-write', 'clipboard-write'],
  ['idle-detection', 'idle-detection'],
  ['storage-access', 'storage-access'],
  ['window-management', 'window-management'],
];

let requestHandler: RequestHandler = null;
let checkHandler: CheckHandler = null;

function isGranted(page: { getURL(): string }, permission: string): boolean {
  const requestingUrl = page.getURL();
  if (requestHandler === null && checkHandler === null) return false;
  const isChecked =
    checkHandler === null ||
    checkHandler(
      page as Electron.WebContents,
      permission as never,
      /^[a-z]+:\/\/[^/]*/.exec(requestingUrl)?.[0] ?? '',
      { isMainFrame: true, requestingUrl },
    );
  let isAllowed = requestHandler === null;
  requestHandler?.(
    page as Electron.WebContents,
    permission as never,
    (answer) => {
      isAllowed = answer;
    },
    { isMainFrame: true, requestingUrl },
  );
  return isChecked && isAllowed;
}

/** Tells Chromium what the app's handlers say now. */
export async function applyPermissions(page: { getURL(): string }): Promise<void> {
  const { browser } = getChromium().connection;
  const settings = permissions.map(([electronName, name]) => ({
    permission: { name },
    setting: isGranted(page, electronName) ? 'granted' : 'denied',
  }));
  await Promise.all(settings.map((setting) => browser.send('Browser.setPermission', setting)));
}

const reapply = (): void => {
  for (const page of contents.values()) void applyPermissions(page as unknown as { getURL(): string });
};

const members: Slice & { protocol: typeof protocol; readonly webRequest: object } = {
  protocol,
  webRequest: createUnavailable('session.webRequest'),
  isPersistent: () => true,
  setPermissionRequestHandler(handler) {
    requestHandler = handler;
    reapply();
  },
  setPermissionCheckHandler(handler) {
    checkHandler = handler;
    reapply();
  },
  async clearStorageData(options = {}) {
    const origins = options.origin === undefined ? [...usedOrigins] : [options.origin];
    for (const origin of origins) {
      const storageTypes =
        options.storages?.join(',').replace('indexdb', 'indexeddb').replace('localstorage', 'local_storage') ?? 'all';
      await getChromium().connection.browser.send('Storage.clearDataForOrigin', {
        origin: toBrowserUrl(origin).replace(/\/$/, ''),
        storageTypes,
      });
    }
  },
};
const events = new EventEmitter();
restrictEvents('session', events, new Set(['will-download']));

interface DownloadItem extends EventEmitter {
  getFilename(): string;
}
const downloads = new Map<string, DownloadItem>();

/** A page began to save a file. */
export function beginDownload(guid: string, name: string): void {
  const item = Object.assign(new EventEmitter(), { getFilename: () => name });
  downloads.set(guid, item);
  events.emit('will-download', { preventDefault: () => undefined }, item);
}

/** Chromium calls a full disk and a folder that is not there `canceled`, too: nobody can cancel in the host. */
export function endDownload(guid: string, state: 'completed' | 'canceled'): void {
  downloads.get(guid)?.emit('done', {}, state === 'completed' ? 'completed' : 'interrupted');
  downloads.delete(guid);
}
export const defaultSession = createSlice('session.defaultSession', events, members);

export const session = createStrict('session', {
  defaultSession,
  /** For net.request only (electron-updater asks for one): windows cannot use it. */
  fromPartition: (partition: string) => createStrict(`session.fromPartition('${partition}')`, new EventEmitter()),
});
