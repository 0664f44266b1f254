// webContents: one page of the running browser, its loading, its two worlds and its IPC.
import { EventEmitter } from 'node:events';
import type Electron from 'electron';
import type { CdpSession } from '../browser/cdp-connection.ts';
import { toAppUrl, toBrowserUrl } from '../browser/origin.ts';
import { openPageTarget, type WindowShape } from '../browser/page-target.ts';
import { hostState, tell } from '../host-state.ts';
import type { SentHeader } from '../page/isolated-world.ts';
import { preloadWorld } from '../page/page-script.ts';
import { appEvents, contents, createEvent, getChromium } from '../registry.ts';
import { createStrict, createUnavailableError, restrictEvents } from '../unavailable.ts';
import { contentsEventNames } from './known-events.ts';
import { answerInvoke, codec, deliverSend } from './ipc-main.ts';
import {
  assertPreferences,
  describeConsoleCall,
  installPageScripts,
  preloadBinding,
  readPreload,
  toPrintParams,
  type ConsoleCall,
  type WebPreferences,
} from './page-setup.ts';
import { applyTheme } from './native-theme.ts';
import { applyPermissions, defaultSession } from './session.ts';

type Params = Record<string, unknown>;
type Frame = { id: string; parentId?: string; url: string; urlFragment?: string };
type OpenHandler = Parameters<Electron.WebContents['setWindowOpenHandler']>[0];

let lastId = 0;

export class WebContents extends EventEmitter {
  readonly id: number;
  readonly session = defaultSession;
  readonly mainFrame: { url: string; readonly top: unknown } & Record<string, unknown>;
  targetId = '';
  opened: Promise<CdpSession>;
  private readonly preferences: WebPreferences;
  private openHandler: OpenHandler | undefined;
  private mainFrameId = '';
  private preloadContext: number | undefined;
  private expectedUrl: string | undefined;
  private isNavigated = false;
  private isBusy = false;
  private isGone = false;
  private hasCrashed = false;
  private title = '';

  constructor(preferences: WebPreferences, shape: WindowShape) {
    super();
    assertPreferences(preferences);
    this.setMaxListeners(0);
    restrictEvents('webContents', this, contentsEventNames);
    this.preferences = {
      contextIsolation: true,
      nodeIntegration: false,
      sandbox: true,
      webSecurity: true,
      backgroundThrottling: true,
      ...preferences,
    };
    this.id = lastId += 1;
    const frame: Record<string, unknown> = {
      url: '',
      parent: null,
      name: '',
      routingId: 1,
      processId: 1,
      frameTreeNodeId: this.id,
    };
    frame['isDestroyed'] = () => this.isGone;
    Object.defineProperty(frame, 'top', { get: () => this.mainFrame });
    Object.defineProperty(frame, 'origin', { get: () => /^[a-z]+:\/\/[^/]*/.exec(this.mainFrame.url)?.[0] ?? 'null' });
    this.mainFrame = createStrict('webFrameMain', frame) as typeof this.mainFrame;
    const self = createStrict('webContents', this);
    this.opened = this.open(shape, self);
    this.opened.catch((error: unknown) => {
      if (!this.isGone) tell(`a window could not be opened: ${String(error)}`);
    });
    contents.set(this.id, self);
    appEvents.emit('web-contents-created', createEvent(), self);
    return self;
  }

  private async open(shape: WindowShape, self: WebContents): Promise<CdpSession> {
    const { session } = await openPageTarget(getChromium(), shape, (targetId) => {
      self.targetId = targetId;
    });
    self.listen(session);
    const preload = await readPreload(self.preferences.preload, (error) => self.reportPreloadError(error));
    const steps = [
      ...installPageScripts(session, self.preferences.additionalArguments ?? [], preload),
      session.send('Page.getFrameTree').then(({ frameTree }) => {
        self.mainFrameId = (frameTree as { frame: Frame }).frame.id;
      }),
      applyTheme(session),
      applyPermissions(self),
    ];
    await Promise.all(steps);
    return session;
  }

  private reportPreloadError(error: unknown): void {
    tell(`Unable to load preload script ${this.preferences.preload ?? ''}: ${String(error)}`);
    this.emit('preload-error', createEvent(), this.preferences.preload, error);
  }

  private listen(session: CdpSession): void {
    session.on(
      'Runtime.executionContextCreated',
      ({ context }: { context: { id: number; name: string; auxData?: Params } }) => {
        if (context.name === preloadWorld && context.auxData?.['frameId'] === this.mainFrameId)
          this.preloadContext = context.id;
      },
    );
    session.on('Runtime.executionContextDestroyed', ({ executionContextId }: { executionContextId: number }) => {
      if (this.preloadContext === executionContextId) this.preloadContext = undefined;
    });
    session.on('Runtime.executionContextsCleared', () => {
      this.preloadContext = undefined;
    });
    session.on(
      'Runtime.bindingCalled',
      ({ name, payload, executionContextId }: { name: string; payload: string; executionContextId: number }) => {
        if (name === preloadBinding) this.receive(session, payload, executionContextId);
      },
    );
    session.on('Runtime.consoleAPICalled', (call: ConsoleCall) => {
      this.emit('console-message', createEvent({ ...describeConsoleCall(call), frame: this.mainFrame }));
    });
    session.on('Page.frameNavigated', ({ frame }: { frame: Frame }) => this.followNavigation(frame));
    session.on('Page.navigatedWithinDocument', ({ frameId, url }: { frameId: string; url: string }) => {
      if (frameId !== this.mainFrameId) return;
      this.mainFrame.url = toAppUrl(url);
      this.emit('did-navigate-in-page', createEvent(), this.mainFrame.url, true, 1, 1);
    });
    session.on('Page.domContentEventFired', () => {
      if (this.isNavigated) this.emit('dom-ready', createEvent());
    });
    session.on('Page.loadEventFired', () => {
      if (!this.isNavigated) return;
      this.isBusy = false;
      this.emit('did-frame-finish-load', createEvent(), true, 1, 1);
      this.emit('did-finish-load', createEvent());
      this.emit('did-stop-loading', createEvent());
    });
    session.on('Page.javascriptDialogOpening', ({ type }: { type: string }) => this.answerDialog(session, type));
    session.on('Fetch.requestPaused', (params: Params) => this.judgeNavigation(session, params));
    session.on('Inspector.targetCrashed', () => this.reportCrash());
    session.on('detached', () => this.markGone());
  }

  private followNavigation(frame: Frame): void {
    if (frame.parentId !== undefined) return;
    this.mainFrameId = frame.id;
    const url = toAppUrl(frame.url + (frame.urlFragment ?? ''));
    // The blank or data: page a window is born with is not a load of the app's.
    if (!this.isNavigated && this.expectedUrl === undefined) return;
    this.isNavigated = true;
    this.hasCrashed = false;
    this.isBusy = true;
    this.mainFrame.url = url;
    this.expectedUrl = undefined;
    this.emit('did-navigate', createEvent(), url, 200, 'OK');
    // Handlers may judge by the page's address, which is known only now.
    void applyPermissions(this);
  }

  private judgeNavigation(session: CdpSession, params: Params): void {
    const { requestId, frameId, request } = params as {
      requestId: string;
      frameId: string;
      request: { url: string; urlFragment?: string };
    };
    const target = request.url + (request.urlFragment ?? '');
    const url = toAppUrl(target);
    const isMainFrame = frameId === this.mainFrameId;
    const isOwn =
      isMainFrame &&
      (this.expectedUrl === target ||
        this.expectedUrl === request.url ||
        url.replace(/#.*/, '') === this.mainFrame.url.replace(/#.*/, ''));
    let isRefused = false;
    if (!isOwn) {
      const event = createEvent({
        url,
        isMainFrame,
        isSameDocument: false,
        frame: isMainFrame ? this.mainFrame : null,
        initiator: this.mainFrame,
      });
      if (isMainFrame) this.emit('will-navigate', event, url, false, true, 1, 1);
      if (!event.defaultPrevented) this.emit('will-frame-navigate', event);
      isRefused = event.defaultPrevented;
    }
    const verdict = isRefused
      ? session.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' })
      : session.send('Fetch.continueRequest', { requestId });
    verdict.catch(() => {
      // The request was dropped by the page meanwhile; there is nothing left to judge.
    });
  }

  private answerDialog(session: CdpSession, type: string): void {
    if (type !== 'beforeunload' && !hostState.isHeadless) return;
    const event = createEvent();
    if (type === 'beforeunload') this.emit('will-prevent-unload', event);
    if (type === 'beforeunload' && !event.defaultPrevented) this.emit('-unload-refused');
    session.send('Page.handleJavaScriptDialog', { accept: event.defaultPrevented }).catch(() => {
      // Another debugger (a test tool) answered first.
    });
  }

  private reportCrash(): void {
    if (this.hasCrashed) return;
    this.hasCrashed = true;
    this.isBusy = false;
    this.preloadContext = undefined;
    const details = { reason: 'crashed', exitCode: 139 };
    this.emit('render-process-gone', createEvent(), details);
    appEvents.emit('render-process-gone', createEvent(), this, details);
  }

  private receive(session: CdpSession, payload: string, contextId: number): void {
    const at = payload.indexOf('\n');
    const header = JSON.parse(payload.slice(0, at)) as SentHeader;
    const body = payload.slice(at + 1);
    this.mainFrame.url = toAppUrl(header.url);
    const sender = contents.get(this.id);
    const event = createEvent({
      type: 'frame',
      processId: 1,
      frameId: 1,
      sender,
      senderFrame: this.mainFrame,
      ports: [],
      reply: this.send.bind(this),
    });
    switch (header.kind) {
      case 'invoke':
        void answerInvoke(header, event as unknown as Electron.IpcMainInvokeEvent, body).then(
          ({ isOk, body: answer }) => {
            this.tellPreload(session, contextId, { kind: isOk ? 'result' : 'error', id: header.id }, answer);
          },
        );
        break;
      case 'send':
        deliverSend(header, event, body);
        break;
      case 'open':
        this.judgeOpen(codec.decode(body) as { url: string; frameName: string; features: string });
        break;
      case 'resize':
        this.emit('-resize', codec.decode(body));
        break;
      case 'preload-error':
        this.reportPreloadError(codec.decode(body));
        break;
    }
  }

  private judgeOpen(request: { url: string; frameName: string; features: string }): void {
    const details = {
      ...request,
      url: toAppUrl(request.url),
      disposition: 'new-window',
      referrer: { url: '', policy: 'default' },
    };
    const verdict = this.openHandler?.(details as Parameters<OpenHandler>[0]);
    if (verdict?.action !== 'deny')
      tell(`window.open(${details.url}) was refused: windows opened by pages are not available in the Chromium host`);
  }

  private tellPreload(session: CdpSession, executionContextId: number, header: object, body: string): void {
    const call = {
      functionDeclaration: 'function (header, body) { __hostReceive(header, body); }',
      executionContextId,
      silent: true,
    };
    session
      .send('Runtime.callFunctionOn', { ...call, arguments: [{ value: JSON.stringify(header) }, { value: body }] })
      .catch((error: unknown) => {
        // The document has been left or closed meanwhile: as in Electron, nobody is there to hear it.
        if (!this.isGone && executionContextId === this.preloadContext)
          tell(`a window could not be told something: ${String(error)}`);
      });
  }

  send(channel: string, ...args: unknown[]): void {
    const body = codec.encode(args);
    void this.opened.then((session) => {
      if (this.preloadContext !== undefined)
        this.tellPreload(session, this.preloadContext, { kind: 'event', channel }, body);
    });
  }

  async loadURL(url: string): Promise<void> {
    this.isBusy = true;
    const session = await this.opened;
    const target = toBrowserUrl(url);
    this.expectedUrl = target;
    this.emit('did-start-loading', createEvent());
    const loaded = new Promise<void>((resolve) => this.once('did-finish-load', resolve));
    const { errorText, loaderId } = await session.send('Page.navigate', { url: target });
    if (errorText !== undefined) {
      this.isBusy = false;
      this.emit('did-fail-load', createEvent(), -2, errorText, url, true, 1, 1);
      throw new Error(`${(errorText as string).replace('net::', '')} (-2) loading '${url}'`);
    }
    if (loaderId !== undefined) await Promise.race([loaded, new Promise((resolve) => this.once('destroyed', resolve))]);
  }

  loadFile(): never {
    throw createUnavailableError('webContents.loadFile (load an address of a registered scheme instead)');
  }

  openDevTools(): never {
    throw createUnavailableError('webContents.openDevTools');
  }

  reload(): void {
    void this.opened.then(async (session) => {
      if (this.hasCrashed && this.mainFrame.url !== '') await this.loadURL(this.mainFrame.url);
      else await session.send('Page.reload');
    });
  }

  reloadIgnoringCache(): void {
    this.reload();
  }

  async executeJavaScript(expression: string, userGesture = false): Promise<unknown> {
    const session = await this.opened;
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
      userGesture,
    });
    if (exceptionDetails === undefined) return (result as { value: unknown }).value;
    const { exception, text } = exceptionDetails as { text: string; exception?: { description?: string } };
    throw new Error(exception?.description ?? text);
  }

  async printToPDF(options: Electron.PrintToPDFOptions = {}): Promise<Buffer> {
    const session = await this.opened;
    const { data } = await session.send('Page.printToPDF', toPrintParams(options));
    return Buffer.from(String(data), 'base64');
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.openHandler = handler;
  }

  forcefullyCrashRenderer(): void {
    // The answer never comes: the page that would give it is gone.
    void this.opened.then((session) => session.send('Page.crash').catch(() => undefined));
  }

  getURL(): string {
    return this.mainFrame.url;
  }
  getTitle(): string {
    return this.title;
  }
  isLoading(): boolean {
    return this.isBusy;
  }
  isLoadingMainFrame(): boolean {
    return this.isBusy;
  }
  isCrashed(): boolean {
    return this.hasCrashed;
  }
  isDestroyed(): boolean {
    return this.isGone;
  }
  isDevToolsOpened(): boolean {
    return false;
  }
  getType(): string {
    return 'window';
  }
  getLastWebPreferences(): WebPreferences {
    return { ...this.preferences };
  }
  setBackgroundThrottling(isAllowed: boolean): void {
    this.preferences.backgroundThrottling = isAllowed;
  }
  getBackgroundThrottling(): boolean {
    return this.preferences.backgroundThrottling === true;
  }
  focus(): void {
    this.emit('-focus');
  }
  close(): void {
    this.emit('-close');
  }

  /** Host only: the browser told a new title. */
  noteTitle(title: string): void {
    if (!this.isNavigated || title === this.title) return;
    this.title = title;
    this.emit('page-title-updated', createEvent(), title, true);
  }

  /** Host only: the page is no more. */
  markGone(): void {
    if (this.isGone) return;
    this.isGone = true;
    contents.delete(this.id);
    this.emit('destroyed');
  }

  static fromId(id: number): WebContents | undefined {
    return contents.get(id) as WebContents | undefined;
  }
  static getAllWebContents(): WebContents[] {
    return [...contents.values()] as WebContents[];
  }
  static fromDevToolsTargetId(targetId: string): WebContents | undefined {
    return WebContents.getAllWebContents().find((page) => page.targetId === targetId);
  }
}

/** The module `webContents`: finders only, pages come with windows. */
export const webContents = createStrict('webContents', {
  fromId: (id: number) => WebContents.fromId(id),
  getAllWebContents: () => WebContents.getAllWebContents(),
  fromDevToolsTargetId: (targetId: string) => WebContents.fromDevToolsTargetId(targetId),
});
