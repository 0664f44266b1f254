// What belongs to the desktop around the app: tray, notifications, opening things, clipboard, screen, power. Nothing of
// it reaches the real desktop. Calls are recorded, and told on stderr where a person would miss the effect.
import { EventEmitter } from 'node:events';
import type Electron from 'electron';
import { tell } from '../host-state.ts';
import { createSlice, createStrict } from '../unavailable.ts';
import type { Menu } from './menu.ts';

/** An icon in no task bar. Events ('click', 'double-click' …) come from whoever emits them. */
export class Tray extends EventEmitter {
  private image: unknown;
  private toolTip = '';
  private menu: Menu | null = null;
  private isGone = false;

  constructor(image: unknown) {
    super();
    this.image = image;
    return createStrict('Tray', this);
  }
  setImage(image: unknown): void {
    this.image = image;
  }
  /** Host only. */
  getImage(): unknown {
    return this.image;
  }
  setToolTip(text: string): void {
    this.toolTip = text;
  }
  /** Host only. */
  getToolTip(): string {
    return this.toolTip;
  }
  setContextMenu(menu: Menu | null): void {
    this.menu = menu;
  }
  /** Host only: the menu a user would see. */
  getContextMenu(): Menu | null {
    return this.menu;
  }
  destroy(): void {
    this.isGone = true;
  }
  isDestroyed(): boolean {
    return this.isGone;
  }
}

/** Shows nothing: show() records it and emits 'show'; a test emits 'click', or 'action' with the index of a button. */
export class Notification extends EventEmitter {
  static readonly shown: Notification[] = [];
  readonly title: string;
  readonly body: string;
  readonly subtitle: string;
  readonly silent: boolean;
  readonly actions: readonly Electron.NotificationAction[];
  /** Host only. */
  isClosed = false;

  constructor(options: Electron.NotificationConstructorOptions = {}) {
    super();
    this.title = options.title ?? '';
    this.body = options.body ?? '';
    this.subtitle = options.subtitle ?? '';
    this.silent = options.silent ?? false;
    this.actions = options.actions ?? [];
    return createStrict('Notification', this);
  }
  show(): void {
    Notification.shown.push(this);
    this.emit('show');
  }
  close(): void {
    this.isClosed = true;
    this.emit('close');
  }
  static isSupported(): boolean {
    return true;
  }
}

const opened: string[] = [];
const record = (what: string, target: string): void => {
  opened.push(target);
  tell(`would ${what} ${target}`);
};
export const shell = createStrict('shell', {
  /** Host only: everything that would have been opened. */
  opened,
  openExternal: async (url: string) => record('open', url),
  openPath: async (place: string) => {
    record('open', place);
    return '';
  },
  showItemInFolder: (place: string) => record('show', place),
});

/** Of this app only: the desktop's clipboard is neither read nor changed. */
let copied = '';
export const clipboard = createStrict('clipboard', {
  readText: () => copied,
  writeText: (text: string) => {
    copied = text;
  },
  clear: () => {
    copied = '';
  },
});

const area = { x: 0, y: 0, width: 1920, height: 1080 };
const display = {
  id: 1,
  label: 'Chromium host',
  bounds: area,
  workArea: area,
  size: { width: 1920, height: 1080 },
  workAreaSize: { width: 1920, height: 1080 },
  scaleFactor: 1,
  rotation: 0,
  internal: false,
};
/** One display of a fixed size, whatever the real ones are. */
export const screen = createSlice('screen', new EventEmitter(), {
  getPrimaryDisplay: () => display,
  getAllDisplays: () => [display],
  getDisplayMatching: () => display,
  getDisplayNearestPoint: () => display,
  getCursorScreenPoint: () => ({ x: 0, y: 0 }),
});

/** Emits what a test emits ('suspend', 'resume' …): the host hears nothing from the machine. */
export const powerMonitor = createStrict('powerMonitor', new EventEmitter());

/** Native updates are absent; electron-updater announces its restart here. */
export const autoUpdater = createStrict('autoUpdater', new EventEmitter());

/** An image the host never draws: it knows where it came from. */
export class NativeImage {
  private readonly bytes: Buffer;
  private isTemplate = false;
  constructor(bytes: Buffer) {
    this.bytes = bytes;
    return createStrict('NativeImage', this);
  }
  isEmpty(): boolean {
    return this.bytes.length === 0;
  }
  toPNG(): Buffer {
    return this.bytes;
  }
  toDataURL(): string {
    return `data:image/png;base64,${this.bytes.toString('base64')}`;
  }
  /** The host keeps the one size it was given. */
  resize(): NativeImage {
    return this;
  }
  setTemplateImage(isTemplate: boolean): void {
    this.isTemplate = isTemplate;
  }
  isTemplateImage(): boolean {
    return this.isTemplate;
  }
}
