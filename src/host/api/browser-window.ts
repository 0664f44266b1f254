// BrowserWindow: a window of the running browser and its state. Sizes, focus and visibility are kept here and told to
// Chromium; with a display the user's own resizing comes back from the page. A window the user closes with the window
// manager's button is not asked by 'close' first, unlike in Electron; only its page can hold it ('beforeunload').
import { EventEmitter } from 'node:events';
import type Electron from 'electron';
import { placeWindow, setWindowState } from '../browser/page-target.ts';
import { hostState, tell } from '../host-state.ts';
import { appEvents, createEvent, getChromium, windows } from '../registry.ts';
import { createStrict, createUnavailableError, restrictEvents } from '../unavailable.ts';
import { windowEventNames } from './known-events.ts';
import { WebContents } from './web-contents.ts';

type Options = Electron.BrowserWindowConstructorOptions;
type State = 'normal' | 'minimized' | 'maximized' | 'fullscreen';

/** Options that are kept or shown; any other throws. */
const knownOptions = new Set(
  (
    'width height x y minWidth minHeight maxWidth maxHeight useContentSize center show title icon backgroundColor webPreferences autoHideMenuBar ' +
    'titleBarStyle titleBarOverlay trafficLightPosition resizable minimizable maximizable closable movable focusable fullscreenable skipTaskbar ' +
    'acceptFirstMouse darkTheme roundedCorners paintWhenInitiallyHidden parent modal frame'
  ).split(' '),
);
const closeDeadlineMs = 2_500;
const suffix = ' (Chromium host)';
let lastId = 0;
let focused: BrowserWindow | null = null;

function assertOptions(options: Options): void {
  for (const name of Object.keys(options))
    if (!knownOptions.has(name)) throw createUnavailableError(`BrowserWindow option '${name}'`);
}

export class BrowserWindow extends EventEmitter {
  readonly id: number;
  readonly webContents: WebContents;
  private readonly options: Options;
  private bounds: Electron.Rectangle;
  private state: State = 'normal';
  private isShown: boolean;
  private isGone = false;
  private title: string;

  constructor(options: Options = {}) {
    super();
    assertOptions(options);
    getChromium();
    this.setMaxListeners(0);
    restrictEvents('BrowserWindow', this, windowEventNames);
    this.options = options;
    this.title = options.title ?? hostState.packageInfo.productName ?? hostState.packageInfo.name;
    this.bounds = { x: options.x ?? 0, y: options.y ?? 0, width: options.width ?? 800, height: options.height ?? 600 };
    this.isShown = options.show !== false;
    this.id = lastId += 1;
    const self = createStrict('BrowserWindow', this);
    this.webContents = new WebContents(options.webPreferences ?? {}, { ...this.bounds, isShown: this.isShown });
    this.connect(self);
    windows.set(this.id, self);
    appEvents.emit('browser-window-created', createEvent(), self);
    if (this.isShown) this.takeFocus(self);
    return self;
  }

  private connect(self: BrowserWindow): void {
    const page = this.webContents;
    page.on('destroyed', () => self.finish());
    page.on('-close', () => self.close());
    page.on('-unload-refused', () => appEvents.emit('-close-refused'));
    page.on('-focus', () => self.focus());
    page.on('-resize', () => void self.readBounds());
    page.once('did-finish-load', () => self.emit('ready-to-show'));
    page.on('page-title-updated', (event: { defaultPrevented: boolean }, title: string) => {
      self.emit('page-title-updated', event, title, true);
      if (!event.defaultPrevented) self.title = title.replace(suffix, '');
    });
    self.command(async (targetId) => {
      // Headless, a hidden page stands behind another one, whose window is not to be moved.
      if (hostState.isHeadless ? self.isShown : self.options.x !== undefined)
        await placeWindow(getChromium(), targetId, self.bounds);
      if (!self.isShown && !hostState.isHeadless) await setWindowState(getChromium(), targetId, 'minimized');
    });
  }

  /** Runs once the window is there; a window that is gone meanwhile needs no command. */
  private command(run: (targetId: string) => Promise<unknown>): void {
    this.webContents.opened
      .then(() => run(this.webContents.targetId))
      .catch((error: unknown) => {
        if (!this.isGone) tell(`window ${this.id}: ${String(error)}`);
      });
  }

  private async readBounds(): Promise<void> {
    if (hostState.isHeadless || this.isGone) return;
    const found = await getChromium().connection.browser.send('Browser.getWindowForTarget', {
      targetId: this.webContents.targetId,
    });
    const { left, top, width, height, windowState } = found['bounds'] as {
      left: number;
      top: number;
      width: number;
      height: number;
      windowState: State;
    };
    this.state = windowState;
    this.keepBounds({ x: left, y: top, width, height });
  }

  private keepBounds(next: Electron.Rectangle): void {
    const last = this.bounds;
    this.bounds = next;
    if (last.width !== next.width || last.height !== next.height) {
      this.emit('resize');
      this.emit('resized');
    }
    if (last.x !== next.x || last.y !== next.y) {
      this.emit('move');
      this.emit('moved');
    }
  }

  private changeState(state: State, event: string): void {
    if (this.state === state) return;
    this.state = state;
    this.command((targetId) => setWindowState(getChromium(), targetId, state));
    this.emit(event);
  }

  private takeFocus(self: BrowserWindow): void {
    if (focused === self) return;
    const last = focused;
    focused = self;
    if (last !== null) last.emit('blur');
    self.emit('focus');
    appEvents.emit('browser-window-focus', createEvent(), self);
  }

  private finish(): void {
    if (this.isGone) return;
    this.isGone = true;
    windows.delete(this.id);
    if (focused?.id === this.id) focused = null;
    this.webContents.markGone();
    this.emit('closed');
    appEvents.emit('-window-closed');
  }

  close(): void {
    if (this.isGone) return;
    const event = createEvent();
    this.emit('close', event);
    if (event.defaultPrevented) {
      appEvents.emit('-close-refused');
      return;
    }
    if (this.webContents.isCrashed()) {
      this.destroy();
      return;
    }
    this.command(async () => {
      const session = await this.webContents.opened;
      const deadline = setTimeout(() => this.destroy(), closeDeadlineMs);
      this.once('closed', () => clearTimeout(deadline));
      this.webContents.once('-unload-refused', () => clearTimeout(deadline));
      await session.send('Page.close');
    });
  }

  destroy(): void {
    if (this.isGone) return;
    const { targetId } = this.webContents;
    this.finish();
    this.webContents.opened
      .then(() =>
        getChromium().connection.browser.send('Target.closeTarget', {
          targetId: this.webContents.targetId || targetId,
        }),
      )
      .catch(() => {
        // It never opened or closed by itself: gone either way.
      });
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url);
  }
  reload(): void {
    this.webContents.reload();
  }

  show(): void {
    this.showInactive();
    this.focus();
  }
  showInactive(): void {
    const wasShown = this.isShown;
    this.isShown = true;
    if (!hostState.isHeadless) this.command((targetId) => setWindowState(getChromium(), targetId, 'normal'));
    if (!wasShown) this.emit('show');
  }
  hide(): void {
    if (!this.isShown) return;
    this.isShown = false;
    if (!hostState.isHeadless) this.command((targetId) => setWindowState(getChromium(), targetId, 'minimized'));
    if (focused?.id === this.id) this.blur();
    this.emit('hide');
  }
  focus(): void {
    const self = windows.get(this.id) as BrowserWindow | undefined;
    if (self === undefined) return;
    this.command(async () => (await this.webContents.opened).send('Page.bringToFront'));
    this.takeFocus(self);
  }
  blur(): void {
    if (focused?.id !== this.id) return;
    focused = null;
    this.emit('blur');
    appEvents.emit('browser-window-blur', createEvent(), windows.get(this.id));
  }
  minimize(): void {
    this.changeState('minimized', 'minimize');
  }
  maximize(): void {
    this.isShown = true;
    this.changeState('maximized', 'maximize');
  }
  unmaximize(): void {
    if (this.state === 'maximized') this.changeState('normal', 'unmaximize');
  }
  restore(): void {
    if (this.state === 'minimized') this.changeState('normal', 'restore');
  }
  setFullScreen(isFull: boolean): void {
    this.changeState(isFull ? 'fullscreen' : 'normal', isFull ? 'enter-full-screen' : 'leave-full-screen');
  }

  isVisible(): boolean {
    return this.isShown && this.state !== 'minimized';
  }
  isFocused(): boolean {
    return focused?.id === this.id;
  }
  isMinimized(): boolean {
    return this.state === 'minimized';
  }
  isMaximized(): boolean {
    return this.state === 'maximized';
  }
  isFullScreen(): boolean {
    return this.state === 'fullscreen';
  }
  isDestroyed(): boolean {
    return this.isGone;
  }
  isModal(): boolean {
    return this.options.modal === true;
  }
  getParentWindow(): Electron.BrowserWindow | null {
    return (this.options.parent as Electron.BrowserWindow | undefined) ?? null;
  }

  getBounds(): Electron.Rectangle {
    return { ...this.bounds };
  }
  getNormalBounds(): Electron.Rectangle {
    return { ...this.bounds };
  }
  getContentBounds(): Electron.Rectangle {
    return { ...this.bounds };
  }
  getSize(): number[] {
    return [this.bounds.width, this.bounds.height];
  }
  getContentSize(): number[] {
    return this.getSize();
  }
  getPosition(): number[] {
    return [this.bounds.x, this.bounds.y];
  }
  setBounds(next: Partial<Electron.Rectangle>): void {
    const bounds = { ...this.bounds, ...next };
    this.keepBounds(bounds);
    this.command((targetId) => placeWindow(getChromium(), targetId, bounds));
  }
  setSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }
  setContentSize(width: number, height: number): void {
    this.setBounds({ width, height });
  }
  setPosition(x: number, y: number): void {
    this.setBounds({ x, y });
  }
  center(): void {
    this.setPosition(Math.round((1920 - this.bounds.width) / 2), Math.round((1080 - this.bounds.height) / 2));
  }

  getTitle(): string {
    return this.title;
  }
  setTitle(title: string): void {
    this.title = title;
    if (hostState.isHeadless) return;
    this.command(async () => this.webContents.executeJavaScript(`document.title = ${JSON.stringify(title + suffix)}`));
  }
  getMediaSourceId(): never {
    throw createUnavailableError('BrowserWindow.getMediaSourceId');
  }

  static getAllWindows(): BrowserWindow[] {
    return [...windows.values()] as unknown as BrowserWindow[];
  }
  static getFocusedWindow(): BrowserWindow | null {
    return focused;
  }
  static fromId(id: number): BrowserWindow | null {
    return (windows.get(id) as BrowserWindow | undefined) ?? null;
  }
  static fromWebContents(page: WebContents): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.webContents.id === page.id) ?? null;
  }
}
