// Whatever the Chromium host does not have must throw, with a name one can search for. A stand-in that
// silently succeeds would make every test above it lie.

import type { EventEmitter } from 'node:events';

/** Properties that consoles, promises and test tools look up on any object, without using the API. */
const probed = new Set<PropertyKey>([
  'then',
  'toJSON',
  'constructor',
  'prototype',
  'inspect',
  'nodeType',
  'tagName',
  '$$typeof',
  'asymmetricMatch',
  '__esModule',
  'domain',
]);

/** The error for a member the host lacks, e.g. `electron.app.setBadgeCount`. */
export function createUnavailableError(member: string): Error {
  return new Error(`${member} is not available in the Chromium host`);
}

/** The same object, on which reading a member that does not exist throws. Writing stays possible, so that tests can replace members. */
export function createStrict<T extends object>(name: string, target: T): T {
  return new Proxy(target, {
    get(object, key, receiver) {
      if (key in object || typeof key === 'symbol' || probed.has(key)) return Reflect.get(object, key, receiver);
      throw createUnavailableError(`${name}.${key}`);
    },
  });
}

const absent = new WeakSet();

/** True for a stand-in of an API the host does not have. */
export function isUnavailable(value: unknown): boolean {
  return typeof value === 'function' && absent.has(value);
}

/** Stands for a whole API that is absent: calling it, constructing it or reading from it throws. */
export function createUnavailable(name: string): object {
  const fail = (): never => {
    throw createUnavailableError(name);
  };
  const standIn = new Proxy(function standIn() {}, {
    get(_target, key) {
      if (typeof key === 'symbol' || probed.has(key)) return undefined;
      throw createUnavailableError(`${name}.${key}`);
    },
    apply: fail,
    construct: fail,
  });
  absent.add(standIn);
  return standIn;
}

/**
 * Makes listening to any other event throw: an event that never comes would be silent pretence. Names starting with
 * '-' are the host's own.
 */
export function restrictEvents(name: string, emitter: EventEmitter, events: ReadonlySet<string>): void {
  for (const method of ['on', 'once', 'addListener', 'prependListener', 'prependOnceListener'] as const) {
    const listen = emitter[method].bind(emitter);
    const guarded = (event: string | symbol, listener: (...args: never[]) => void): EventEmitter => {
      if (typeof event === 'string' && !event.startsWith('-') && !events.has(event))
        throw createUnavailableError(`${name} event '${event}'`);
      listen(event, listener as (...args: unknown[]) => void);
      return emitter;
    };
    Object.defineProperty(emitter, method, { value: guarded, configurable: true, writable: true });
  }
}

/** An emitter with the given members, accessors kept, strict about everything else. */
export function createSlice<E extends object, M extends object>(name: string, base: E, members: M): E & M {
  return createStrict(name, Object.defineProperties(base, Object.getOwnPropertyDescriptors(members)) as E & M);
}
