// One end of the talk between a page's own world and the isolated world of its preload, over synchronous DOM events
// whose names hold a random word. It carries what Electron's contextBridge carries: copied values, functions (as
// callable stand-ins, with synchronous results) and promises. Sent to the page as source text, so it is self-contained.
import type { CreateCodec } from './codec.ts';

export interface Bridge {
  send(kind: string, value: unknown): void;
  on(kind: string, listener: (value: unknown) => void): void;
}

type AnyFunction = (...args: unknown[]) => unknown;

export function createBridge(createCodec: CreateCodec, word: string, self: string, other: string): Bridge {
  // Kept from document start on, so that later changes by page code do not matter.
  const { CustomEvent: Event } = globalThis;
  const dispatch = globalThis.dispatchEvent.bind(globalThis);
  const listen = globalThis.addEventListener.bind(globalThis);

  const functions = new Map<number, AnyFunction>();
  const functionIds = new WeakMap<object, number>();
  const standIns = new Map<number, AnyFunction>();
  const promises = new Map<number, { resolve: (value: unknown) => void; reject: (reason: unknown) => void }>();
  let lastId = 0;
  let reply: readonly [isOk: boolean, text: string] | undefined;

  const post = (kind: string, text: string): void => {
    dispatch(new Event(`${word}:${other}:${kind}`, { detail: text }));
  };
  const receive = (kind: string, listener: (text: string) => void): void => {
    listen(`${word}:${self}:${kind}`, (event) => {
      listener((event as CustomEvent<string>).detail);
    });
  };

  const toCopyableError = (reason: unknown): unknown => {
    try {
      codec.encode(reason);
      return reason;
    } catch (error) {
      return error;
    }
  };
  const settle = (id: number, isOk: boolean, value: unknown): void => {
    let text: string;
    try {
      text = codec.encode(value);
    } catch (error) {
      isOk = false;
      text = codec.encode(error);
    }
    post('settle', `${id}\n${isOk ? '+' : '-'}${text}`);
  };

  const codec = createCodec({
    pack(value) {
      if (typeof value === 'function') {
        const id = functionIds.get(value) ?? (lastId += 1);
        functionIds.set(value, id);
        functions.set(id, value as AnyFunction);
        return ['function', id];
      }
      if (!(value instanceof Promise)) return undefined;
      const id = (lastId += 1);
      value.then(
        (result) => settle(id, true, result),
        (reason: unknown) => settle(id, false, reason),
      );
      return ['promise', id];
    },
    unpack(tag, payload) {
      const id = payload as number;
      if (tag === 'promise') return new Promise((resolve, reject) => promises.set(id, { resolve, reject }));
      const known = standIns.get(id);
      if (known !== undefined) return known;
      const standIn: AnyFunction = (...args) => call(id, args);
      standIns.set(id, standIn);
      return standIn;
    },
  });

  const call = (id: number, args: unknown[]): unknown => {
    post('call', `${id}\n${codec.encode(args)}`);
    if (reply === undefined) throw new Error('The other side of the context bridge is gone.');
    const [isOk, text] = reply;
    reply = undefined;
    const result = codec.decode(text);
    if (isOk) return result;
    throw result;
  };

  const split = (text: string): [number, string] => {
    const at = text.indexOf('\n');
    return [Number(text.slice(0, at)), text.slice(at + 1)];
  };

  receive('call', (text) => {
    const [id, args] = split(text);
    let answer: string;
    try {
      const target = functions.get(id);
      if (target === undefined) throw new Error('A function of the context bridge is gone.');
      answer = `+${codec.encode(target(...(codec.decode(args) as unknown[])))}`;
    } catch (error) {
      answer = `-${codec.encode(toCopyableError(error))}`;
    }
    post('return', answer);
  });
  receive('return', (text) => {
    reply = [text.startsWith('+'), text.slice(1)];
  });
  receive('settle', (text) => {
    const [id, answer] = split(text);
    const waiting = promises.get(id);
    promises.delete(id);
    const value = codec.decode(answer.slice(1));
    if (answer.startsWith('+')) waiting?.resolve(value);
    else waiting?.reject(value);
  });

  return {
    send: (kind, value) => post(kind, codec.encode(value)),
    on: (kind, listener) => receive(kind, (text) => listener(codec.decode(text))),
  };
}
