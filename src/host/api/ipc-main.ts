// ipcMain: invoke handlers and listeners, with Electron's error texts.
import { EventEmitter } from 'node:events';
import type Electron from 'electron';
import { createCodec } from '../page/codec.ts';
import type { SentHeader } from '../page/isolated-world.ts';
import { createSlice } from '../unavailable.ts';

type Handler = Parameters<Electron.IpcMain['handle']>[1];
type IpcMainSlice = Pick<Electron.IpcMain, 'handle' | 'handleOnce' | 'removeHandler'>;

export const codec = createCodec();
const handlers = new Map<string, Handler>();

const members: IpcMainSlice = {
  handle(channel, handler) {
    if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    handlers.set(channel, handler);
  },
  handleOnce(channel, handler) {
    members.handle(channel, (event, ...args: unknown[]) => {
      handlers.delete(channel);
      return handler(event, ...args) as unknown;
    });
  },
  removeHandler(channel) {
    handlers.delete(channel);
  },
};
export const ipcMain = createSlice('ipcMain', new EventEmitter().setMaxListeners(0), members);

/** Answers one `invoke`: the encoded result, or the text of the error as the renderer shall see it. */
export async function answerInvoke(
  header: SentHeader,
  event: Electron.IpcMainInvokeEvent,
  body: string,
): Promise<{ isOk: boolean; body: string }> {
  const channel = header.channel ?? '';
  try {
    const handler = handlers.get(channel);
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    const result: unknown = await handler(event, ...(codec.decode(body) as unknown[]));
    return { isOk: true, body: codec.encode(result) };
  } catch (error) {
    return { isOk: false, body: codec.encode(`Error invoking remote method '${channel}': ${String(error)}`) };
  }
}

/** Delivers one `send`. */
export function deliverSend(header: SentHeader, event: object, body: string): void {
  ipcMain.emit(header.channel ?? '', event, ...(codec.decode(body) as unknown[]));
}
