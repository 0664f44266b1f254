// The whole surface between a page and the application: two functions, frozen, that know the names of the contract and
// nothing else. No raw ipcRenderer, no channel of the page's choosing, no event object of Electron reaches the page.
import { contextBridge, ipcRenderer } from 'electron';
import { channelNames, eventNames, EVENT_TRANSPORT, INVOKE_TRANSPORT } from '#shared/ipc/channel-names.ts';

const knownChannels = new Set<unknown>(channelNames);
const knownEvents = new Set<unknown>(eventNames);
const listeners = new Map<string, Set<(payload: unknown) => void>>();

ipcRenderer.on(EVENT_TRANSPORT, (_event, name: unknown, payload: unknown) => {
  if (typeof name !== 'string' || !knownEvents.has(name)) return;
  for (const listener of listeners.get(name) ?? []) listener(payload);
});

function refuse(name: unknown): Error {
  return new Error(`unknown channel: ${String(name).slice(0, 64)}`);
}

const bridge = Object.freeze({
  async invoke(name: unknown, input: unknown): Promise<unknown> {
    if (!knownChannels.has(name)) throw refuse(name);
    return ipcRenderer.invoke(INVOKE_TRANSPORT, name, input);
  },
  on(name: unknown, listener: (payload: unknown) => void): () => void {
    if (typeof name !== 'string' || !knownEvents.has(name)) throw refuse(name);
    const all = listeners.get(name) ?? new Set();
    listeners.set(name, all);
    // A wrapper of its own, so that subscribing one function twice and leaving once keeps the other.
    const entry = (payload: unknown): void => listener(payload);
    all.add(entry);
    return () => {
      all.delete(entry);
    };
  },
});

contextBridge.exposeInMainWorld('outpost', bridge);
