// Every window of the application: which there are, for what, and what no page may do in them. All are sandboxed and
// isolated with one preload; no page navigates away, opens a window or gets a permission. The role of a window is
// kept here, by the id of its contents; a page cannot choose it.
import { BrowserWindow, screen, session } from 'electron';
import type { WebContents } from 'electron';
import type { Announce } from '#main/ipc/announce.ts';
import type { TypedWork } from '#main/shell/typed-work.ts';
import type { WindowRole } from '#shared/ipc/channel.ts';
import { EVENT_TRANSPORT } from '#shared/ipc/channel-names.ts';
import { clampToDisplays, type WindowPlaces } from '#main/shell/window-state.ts';

interface WindowsOptions {
  readonly preload: string;
  /** Address the pages are served from, without trailing slash. */
  readonly base: string;
  readonly places: WindowPlaces;
  readonly onHostGone: (reason: string) => void;
  /** What a page of a window people see was doing is over: it was closed, or its process died. */
  readonly onPageGone: (contentsId: number) => void;
  readonly onUserWindowClosed: () => void;
  readonly typedWork: Pick<TypedWork, 'watch'>;
  readonly log: (message: string, error?: unknown) => void;
}

export interface Windows {
  openDataHost(): void;
  openMain(route?: string): void;
  openSettings(section: string): void;
  openDoctor(): void;
  /** Of the installation; one at a time. */
  openPlatform(): void;
  openOperations(): void;
  openJobs(): void;
  /** The audit explorer at a place of its own, such as `/audit/entries?…`. */
  openAudit(path: string): void;
  /** Brings a main window to the front, opening one when there is none, and shows the route when one is given. */
  focusMain(route?: string | null): void;
  /** Brings a window to the front that is to go, to ask about what is typed in it. */
  askAboutTyped(window: BrowserWindow): void;
  readonly roleOf: (contentsId: number) => WindowRole | null;
  readonly announce: Announce;
  /** To the main window the person looks at, or the first. */
  readonly announceToFocused: Announce;
  readonly count: (role: WindowRole) => number;
}

const sizes: Readonly<Record<WindowRole, { readonly width: number; readonly height: number }>> = {
  main: { width: 1280, height: 832 },
  settings: { width: 1020, height: 700 },
  platform: { width: 1180, height: 760 },
  audit: { width: 1240, height: 820 },
  doctor: { width: 1020, height: 760 },
  operations: { width: 1120, height: 780 },
  jobs: { width: 1080, height: 740 },
  dataHost: { width: 320, height: 200 },
};

/** Of all that pages can ask for: to copy what somebody told them to copy. Reading the clipboard is not part of it. */
const GRANTED = 'clipboard-sanitized-write';

export function limitPermissions(): void {
  session.defaultSession.setPermissionRequestHandler((_contents, permission, answer) => answer(permission === GRANTED));
  session.defaultSession.setPermissionCheckHandler((_contents, permission) => permission === GRANTED);
}

export function createWindows(options: WindowsOptions): Windows {
  const roles = new Map<number, WindowRole>();
  const open = new Map<number, { readonly window: BrowserWindow; readonly role: WindowRole }>();

  function hold(contents: WebContents): void {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    const refuse = (event: { preventDefault(): void }): void => event.preventDefault();
    contents.on('will-navigate', refuse);
    contents.on('will-frame-navigate', refuse);
    contents.on('will-attach-webview', refuse);
  }

  function load(window: BrowserWindow, page: string): void {
    window.loadURL(`${options.base}/${page}`).catch((error: unknown) => {
      if (!window.isDestroyed()) options.log(`the page ${page} could not be loaded`, error);
    });
  }

  function create(role: WindowRole, page: string): BrowserWindow {
    const place = role === 'dataHost' ? null : options.places.find(role);
    const size = sizes[role];
    const areas = screen.getAllDisplays().map((display) => display.workArea);
    const isFirst = [...open.values()].every((entry) => entry.role !== role);
    const bounds = place === null || !isFirst ? size : clampToDisplays(place.bounds, areas);
    const isHidden = role === 'dataHost';
    const window = new BrowserWindow({
      ...bounds,
      show: !isHidden,
      title: 'Outpost',
      ...(isHidden ? {} : { minWidth: 800, minHeight: 560 }),
      webPreferences: {
        preload: options.preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
        // The data host works while no window is looked at.
        backgroundThrottling: !isHidden,
      },
    });
    const contentsId = window.webContents.id;
    const windowId = window.id;
    roles.set(contentsId, role);
    open.set(windowId, { window, role });
    hold(window.webContents);
    if (place?.isMaximized === true && isFirst) window.maximize();
    window.on('close', () => {
      if (!isHidden)
        options.places.remember(role, { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() });
    });
    window.on('closed', () => {
      open.delete(windowId);
      roles.delete(contentsId);
      if (isHidden) return;
      options.onPageGone(contentsId);
      options.onUserWindowClosed();
    });
    if (!isHidden) {
      options.typedWork.watch(window);
      window.webContents.on('render-process-gone', () => options.onPageGone(contentsId));
    }
    load(window, page);
    return window;
  }

  function openDataHost(): void {
    const window = create('dataHost', 'data-host.html');
    let isReported = false;
    const report = (reason: string): void => {
      if (isReported) return;
      isReported = true;
      if (!window.isDestroyed()) window.destroy();
      options.onHostGone(reason);
    };
    window.webContents.on('render-process-gone', (_event, details) => report(details.reason));
    window.on('unresponsive', () => report('unresponsive'));
  }

  const mains = (): BrowserWindow[] =>
    [...open.values()].filter((entry) => entry.role === 'main').map((entry) => entry.window);
  const focusedMain = (): BrowserWindow | undefined => mains().find((window) => window.isFocused()) ?? mains()[0];
  const send = (window: BrowserWindow, name: string, payload: unknown): void => {
    if (!window.isDestroyed()) window.webContents.send(EVENT_TRANSPORT, name, payload);
  };
  const bringToFront = (window: BrowserWindow): void => {
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  };
  const openMain = (route = '/home'): void => void create('main', `index.html#${route}`);

  return {
    openDataHost,
    openMain,
    openSettings(section) {
      const shown = [...open.values()].find((entry) => entry.role === 'settings')?.window;
      const place = `/settings/${encodeURIComponent(section)}`;
      if (shown === undefined) create('settings', `index.html#${place}`);
      else {
        shown.focus();
        send(shown, 'navigate', { path: place });
      }
    },
    openAudit(path) {
      const shown = [...open.values()].find((entry) => entry.role === 'audit')?.window;
      if (shown === undefined) create('audit', `index.html#${path}`);
      else {
        shown.focus();
        send(shown, 'navigate', { path });
      }
    },
    openDoctor() {
      const shown = [...open.values()].find((entry) => entry.role === 'doctor')?.window;
      if (shown === undefined) create('doctor', 'index.html#/doctor');
      else shown.focus();
    },
    openPlatform() {
      const shown = [...open.values()].find((entry) => entry.role === 'platform')?.window;
      if (shown === undefined) create('platform', 'index.html#/platform/organizations');
      else shown.focus();
    },
    openOperations() {
      const shown = [...open.values()].find((entry) => entry.role === 'operations')?.window;
      if (shown === undefined) create('operations', 'index.html#/operations/overview');
      else shown.focus();
    },
    openJobs() {
      const shown = [...open.values()].find((entry) => entry.role === 'jobs')?.window;
      if (shown === undefined) create('jobs', 'index.html#/jobs/list');
      else shown.focus();
    },
    focusMain(route) {
      const window = focusedMain();
      if (window === undefined) {
        openMain(route ?? '/home');
        return;
      }
      bringToFront(window);
      if (route !== undefined && route !== null) send(window, 'navigate', { path: route });
    },
    askAboutTyped(window) {
      bringToFront(window);
      send(window, 'typed.asked', null);
    },
    roleOf: (contentsId) => roles.get(contentsId) ?? null,
    announce(name, payload, only) {
      for (const { window, role } of open.values())
        if (only === undefined || only.includes(role)) send(window, name, payload);
    },
    announceToFocused(name, payload) {
      const window = focusedMain();
      if (window !== undefined) send(window, name, payload);
    },
    count: (role) => [...open.values()].filter((entry) => entry.role === role).length,
  };
}
