// What the slices of the API share: the running browser, the open windows and contents, and the emitter that is `app`.
// It imports no slice, so that slices need not import each other.
import { EventEmitter } from 'node:events';
import { startChromium, type Chromium } from './browser/chromium.ts';
import type { CdpSession } from './browser/cdp-connection.ts';

export interface OpenWindow {
  readonly id: number;
  close(): void;
  destroy(): void;
  isDestroyed(): boolean;
}

export interface OpenContents extends EventEmitter {
  readonly id: number;
  readonly targetId: string;
  /** Resolves once the page can be spoken to. */
  readonly opened: Promise<CdpSession>;
}

/** The emitter part of `app`. */
export const appEvents = new EventEmitter().setMaxListeners(0);
export const windows = new Map<number, OpenWindow>();
export const contents = new Map<number, OpenContents>();

let running: Chromium | undefined;

/** Starts the browser once; later slices take it from getChromium. */
export async function launchBrowser(userData: string): Promise<Chromium> {
  running ??= await startChromium(userData);
  return running;
}

export function getChromium(): Chromium {
  if (running === undefined) throw new Error('This cannot be used before app is ready.');
  return running;
}

export function findChromium(): Chromium | undefined {
  return running;
}

/** An event that handlers may refuse. */
export interface PreventableEvent {
  readonly defaultPrevented: boolean;
  preventDefault(): void;
}

export function createEvent<T extends object>(members?: T): PreventableEvent & T {
  let isPrevented = false;
  const event = {
    ...(members as T),
    preventDefault: () => {
      isPrevented = true;
    },
  };
  return Object.defineProperty(event, 'defaultPrevented', { get: () => isPrevented }) as PreventableEvent & T;
}
