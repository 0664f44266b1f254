// The preload's world: contextBridge, ipcRenderer and a CommonJS `require` that knows 'electron' alone, as in a
// sandboxed preload. Its only way out is the binding `__hostSend`, which the page's own world does not have.
// Sent to the page as source text, so it is self-contained.
import type { Bridge } from './bridge.ts';
import type { Codec } from './codec.ts';

export interface IsolatedOptions {
  /** Appended to the window's title when it can be seen; '' leaves the title alone. */
  readonly titleSuffix: string;
  readonly processInfo: Readonly<Record<string, unknown>>;
}

/** Kinds of messages from the preload's world to the host. */
export interface SentHeader {
  readonly kind: 'invoke' | 'send' | 'open' | 'resize' | 'preload-error';
  readonly id?: number;
  readonly channel?: string;
  /** The page's address at the time of sending. */
  readonly url: string;
}

type Listener = (event: object, ...args: unknown[]) => void;
type Preload = (
  require: (id: string) => unknown,
  module: { exports: object },
  exports: object,
  process: object,
) => void;

declare global {
  var __hostSend: (text: string) => void;
  var __hostReceive: (header: string, body: string) => void;
}

export function installIsolatedWorld(bridge: Bridge, codec: Codec, options: IsolatedOptions, preload: Preload): void {
  const sendText = globalThis.__hostSend;
  const waiting = new Map<number, { resolve: (value: unknown) => void; reject: (reason: Error) => void }>();
  const listeners = new Map<string, { listener: Listener; isOnce: boolean }[]>();
  let lastId = 0;

  const send = (header: Omit<SentHeader, 'url'>, body: unknown): void => {
    sendText(`${JSON.stringify({ ...header, url: location.href })}\n${codec.encode(body)}`);
  };
  const refuse = (member: string) => (): never => {
    throw new Error(`electron.${member} is not available in the Chromium host`);
  };
  const strict = <T extends object>(name: string, target: T): T =>
    new Proxy(target, {
      get(object, key, receiver) {
        if (key in object || typeof key === 'symbol' || key === 'then' || key === '__esModule')
          return Reflect.get(object, key, receiver) as unknown;
        return refuse(`${name}.${key}`)();
      },
    });

  const addListener = (channel: string, listener: Listener, isOnce: boolean): void => {
    listeners.set(channel, [...(listeners.get(channel) ?? []), { listener, isOnce }]);
  };
  const removeListener = (channel: string, listener: Listener): void => {
    listeners.set(
      channel,
      (listeners.get(channel) ?? []).filter((entry) => entry.listener !== listener),
    );
  };
  const chain =
    (act: (channel: string, listener: Listener) => void) =>
    (channel: string, listener: Listener): object => {
      act(channel, listener);
      return ipcRenderer;
    };
  const ipcRenderer: object = strict('ipcRenderer', {
    invoke: (channel: string, ...args: unknown[]) =>
      new Promise((resolve, reject) => {
        const id = (lastId += 1);
        send({ kind: 'invoke', id, channel }, args);
        waiting.set(id, { resolve, reject });
      }),
    send: (channel: string, ...args: unknown[]) => {
      send({ kind: 'send', channel }, args);
    },
    on: chain((channel, listener) => addListener(channel, listener, false)),
    addListener: chain((channel, listener) => addListener(channel, listener, false)),
    once: chain((channel, listener) => addListener(channel, listener, true)),
    off: chain(removeListener),
    removeListener: chain(removeListener),
    removeAllListeners: (channel?: string) => {
      if (channel === undefined) listeners.clear();
      else listeners.delete(channel);
      return ipcRenderer;
    },
    listenerCount: (channel: string) => listeners.get(channel)?.length ?? 0,
  });

  const exposed = new Set<string>();
  const contextBridge = strict('contextBridge', {
    exposeInMainWorld: (key: string, api: unknown) => {
      if (exposed.has(key))
        throw new Error(`Cannot bind an API on top of an existing property on the window object: ${key}`);
      exposed.add(key);
      bridge.send('expose', [key, api]);
    },
  });

  globalThis.__hostReceive = (header, body) => {
    const { kind, id, channel } = JSON.parse(header) as { kind: string; id: number; channel: string };
    const value = codec.decode(body);
    if (kind === 'event') {
      for (const entry of listeners.get(channel) ?? []) {
        if (entry.isOnce) removeListener(channel, entry.listener);
        entry.listener({ sender: ipcRenderer, ports: [] }, ...(value as unknown[]));
      }
      return;
    }
    const call = waiting.get(id);
    waiting.delete(id);
    if (kind === 'result') call?.resolve(value);
    else call?.reject(new Error(String(value)));
  };

  bridge.on('open', (details) => send({ kind: 'open' }, details));
  // A link to a new window, by target or by modifier keys, would make Chromium open a tab of its own.
  const catchNewWindow = (event: MouseEvent): void => {
    const link = event
      .composedPath()
      .find((node) => node instanceof HTMLAnchorElement || node instanceof HTMLAreaElement);
    if (link === undefined || event.defaultPrevented || link.href === '') return;
    const isModified = event.ctrlKey || event.metaKey || event.shiftKey || event.button === 1;
    const isOwnWindow =
      link.target === '' || link.target === '_self' || link.target === '_top' || link.target === '_parent';
    if (isOwnWindow && !isModified) return;
    event.preventDefault();
    send({ kind: 'open' }, { url: link.href, frameName: link.target, features: '' });
  };
  addEventListener('click', catchNewWindow);
  addEventListener('auxclick', (event) => {
    if (event.button === 1) catchNewWindow(event);
  });
  addEventListener('resize', () => send({ kind: 'resize' }, [innerWidth, innerHeight]));

  if (options.titleSuffix !== '') {
    const mark = (): void => {
      if (!document.title.endsWith(options.titleSuffix)) document.title += options.titleSuffix;
    };
    addEventListener('DOMContentLoaded', () => {
      mark();
      new MutationObserver(mark).observe(document.head, { subtree: true, childList: true, characterData: true });
    });
  }

  const electron = strict('renderer', { contextBridge, ipcRenderer });
  const module = { exports: {} };
  try {
    preload(
      (id) => {
        if (id === 'electron' || id === 'electron/renderer') return electron;
        throw new Error(`module not found: ${id}`);
      },
      module,
      module.exports,
      strict('process', options.processInfo as object),
    );
  } catch (error) {
    send({ kind: 'preload-error' }, error);
    throw error;
  }
}
