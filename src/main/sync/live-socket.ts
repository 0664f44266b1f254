// The live connection: hears that something may have changed, never what. A silent socket is a dead one.
import { WebSocket } from 'ws';
import type { Scheduler } from '#shared/kernel/ports.ts';

/** The server beats every 25 seconds; after two missed beats the line is dead. */
const SILENCE_LIMIT_MS = 60_000;

export interface LiveSocket {
  close(): void;
}

export interface LiveEvents {
  readonly onOpen: () => void;
  readonly onPoke: () => void;
  /** Once, for whatever reason. */
  readonly onClose: () => void;
}

export type ConnectLive = (serverUrl: string, accessToken: string, events: LiveEvents) => LiveSocket;

export function createLiveConnector(scheduler: Scheduler): ConnectLive {
  return (serverUrl, accessToken, events) => {
    const url = `${serverUrl.replace(/^http/, 'ws')}/sync/v1/live`;
    const socket = new WebSocket(url, {
      headers: { authorization: `Bearer ${accessToken}` },
      handshakeTimeout: 10_000,
      maxPayload: 8 * 1024,
    });
    let silence: { cancel(): void } | null = null;
    const heard = (): void => {
      silence?.cancel();
      silence = scheduler.after(SILENCE_LIMIT_MS, () => socket.terminate());
    };
    socket.on('open', () => {
      heard();
      events.onOpen();
    });
    socket.on('ping', heard);
    socket.on('message', (data) => {
      heard();
      // Whatever else it may say one day, the answer is the same: ask for what is new.
      if (!(data instanceof Buffer) || data.toString('utf8') !== '{"t":"bye"}') events.onPoke();
    });
    // 'close' follows every 'error'.
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      silence?.cancel();
      events.onClose();
    });
    return { close: () => socket.terminate() };
  };
}
