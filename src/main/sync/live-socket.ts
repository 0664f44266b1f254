// The live connection: hears that something may have changed, never what; and who is connected, by id. A silent socket is
// a dead one.
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { WebSocket } from 'ws';
import type { Scheduler } from '#shared/kernel/ports.ts';
import { MaintenanceMessageSchema, type MaintenanceMessage } from '#shared/sync/maintenance.ts';
import { PresenceMessageSchema, type PresenceMessage } from '#shared/sync/messages.ts';

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

/** What the socket tells beside pokes. */
export interface LiveNews {
  readonly onPresence: (message: PresenceMessage) => void;
  readonly onMaintenance: (message: MaintenanceMessage) => void;
  readonly onOpened: () => void;
  /** `isOrderly`: the server said that it stops. */
  readonly onClosed: (isOrderly: boolean) => void;
}

/** The server closes with it when it stops in good order. */
const GOING_AWAY = 1001;
const SERVER_STOPS = 'server stops';
const BYE = '{"t":"bye"}';

/** A message of this kind; null for every other one, and for one that is not what it says. */
function read<Schema extends TSchema>(schema: Schema, kind: string, text: string): Static<Schema> | null {
  if (!text.startsWith(`{"t":"${kind}"`)) return null;
  try {
    const message: unknown = JSON.parse(text);
    return Value.Check(schema, message) ? message : null;
  } catch {
    // Not JSON: like everything else that is not understood, a reason to ask. Thrown here, it would end the application.
    return null;
  }
}

export function createLiveConnector(scheduler: Scheduler, news: LiveNews): ConnectLive {
  return (serverUrl, accessToken, events) => {
    const url = `${serverUrl.replace(/^http/, 'ws')}/sync/v1/live?presence=1`;
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
      news.onOpened();
      events.onOpen();
    });
    socket.on('ping', heard);
    socket.on('message', (data) => {
      heard();
      const text = data instanceof Buffer ? data.toString('utf8') : '';
      const presence = read(PresenceMessageSchema, 'presence', text);
      const maintenance = read(MaintenanceMessageSchema, 'maintenance', text);
      if (presence !== null) news.onPresence(presence);
      else if (maintenance !== null) news.onMaintenance(maintenance);
      // Whatever else it may say one day, the answer is the same: ask for what is new.
      else if (text !== BYE) events.onPoke();
    });
    // 'close' follows every 'error'.
    socket.on('error', () => socket.terminate());
    socket.on('close', (code, reason) => {
      silence?.cancel();
      news.onClosed(code === GOING_AWAY && reason.toString('utf8') === SERVER_STOPS);
      events.onClose();
    });
    return { close: () => socket.terminate() };
  };
}
