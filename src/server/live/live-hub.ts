// Tells connected devices that something they can see may have changed; never what. One hub per process listens to
// the database, so a change committed by another process pokes, too. A device hears at most one poke per
// POKE_INTERVAL_MS: the first at once, further ones gathered at the end of the interval. Sockets end with their
// token, their session or their user.
import type { UserId, TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { MaintenanceMessage } from '#shared/sync/maintenance.ts';
import type { Poke, PresenceMessage } from '#shared/sync/messages.ts';
import type { Principal } from '#server/identity/principal.ts';
import type { MaintenanceNews } from '#server/live/maintenance-news.ts';
import { CHOICE_CHANNEL, type ChoiceNotice } from '#server/live/presence-choice.ts';
import type { Presence, PresenceSeat } from '#server/live/presence.ts';
import { SESSION_CHANNEL, type SessionNotice } from '#server/live/session-notice.ts';
import { isConcerned, type WatchedKeys } from '#server/live/watched-keys.ts';
import type { ServerLog } from '#server/log/create-log.ts';
import {
  CHANGE_CHANNEL,
  EPOCH_CHANNEL,
  type ChangeNotice,
  type EpochNotice,
  type SqlDatabase,
} from '#server/store/database.ts';

export const POKE_INTERVAL_MS = 250;
export const HEARTBEAT_MS = 25_000;
/** A device that does not read is let go before its queue takes memory. */
const UNREAD_LIMIT_BYTES = 64 * 1024;
/** What the hub needs of a WebSocket. */
export interface LiveSocket {
  readonly bufferedAmount: number;
  send(text: string): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

export interface LiveDependencies {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly log: ServerLog;
  /** Keys of the user as they are now; null when the user may no longer connect. */
  readonly loadKeys: (tenantId: TenantId, userId: UserId) => Promise<WatchedKeys | null>;
  readonly presence: Presence;
  readonly maintenance: MaintenanceNews;
}

interface Listener {
  readonly socket: LiveSocket;
  readonly principal: Principal;
  keys: WatchedKeys;
  lastPokeMs: number;
  isAlive: boolean;
  pokeTimer: NodeJS.Timeout | null;
  expiryTimer: NodeJS.Timeout | null;
  seat: PresenceSeat | null;
  stopMaintenance: (() => void) | null;
}

export interface LiveConnection {
  heard(): void;
  left(): void;
}

export interface LiveHub {
  /** `wantsPresence`: it also hears who is connected. */
  join(socket: LiveSocket, principal: Principal, wantsPresence: boolean): Promise<LiveConnection | null>;
  /** Devices connected now. */
  count(): number;
  /** Lets go whoever may not stay any more; null: of any organization. */
  review(tenantId: string | null, mayStay: (principal: Principal) => Promise<boolean>): Promise<void>;
  close(): Promise<void>;
}

const CLOSE_GOING_AWAY = 1001;
const CLOSE_SESSION_ENDED = 4401;

function encode(type: Poke['t']): string {
  return JSON.stringify({ t: type } satisfies Poke);
}

export async function createLiveHub({
  database,
  clock,
  log,
  loadKeys,
  presence,
  maintenance,
}: LiveDependencies): Promise<LiveHub> {
  const listeners = new Set<Listener>();

  function forget(listener: Listener): void {
    listeners.delete(listener);
    if (listener.pokeTimer) clearTimeout(listener.pokeTimer);
    if (listener.expiryTimer) clearTimeout(listener.expiryTimer);
    listener.pokeTimer = null;
    listener.stopMaintenance?.();
    listener.stopMaintenance = null;
    listener.seat?.leave();
    listener.seat = null;
  }

  /** Who is connected changes what is shown, never what is there: it comes after everything else and may fail alone. */
  async function seat(listener: Listener, wantsPresence: boolean): Promise<void> {
    const { socket, principal } = listener;
    const { tenantId, userId } = principal.actor;
    const send = (message: PresenceMessage | MaintenanceMessage): void => {
      if (listeners.has(listener) && socket.bufferedAmount <= UNREAD_LIMIT_BYTES) socket.send(JSON.stringify(message));
    };
    if (wantsPresence) listener.stopMaintenance = maintenance.follow(tenantId, send);
    const entered = await presence.enter(tenantId, userId, wantsPresence ? send : null);
    if (listeners.has(listener)) listener.seat = entered;
    else entered.leave();
  }

  function onChoice(payload: string): void {
    if (payload === '') return;
    const { tenantId, userId } = JSON.parse(payload) as ChoiceNotice;
    presence
      .refreshUser(tenantId, userId)
      .catch((error: unknown) => log.error({ err: error }, 'a choice of presence could not be read'));
  }

  function end(listener: Listener, code: number, reason: string): void {
    if (!listeners.has(listener)) return;
    forget(listener);
    listener.socket.send(encode('bye'));
    listener.socket.close(code, reason);
  }

  function poke(listener: Listener): void {
    if (listener.pokeTimer) return;
    const waitMs = listener.lastPokeMs + POKE_INTERVAL_MS - performance.now();
    const send = () => {
      listener.pokeTimer = null;
      listener.lastPokeMs = performance.now();
      if (listener.socket.bufferedAmount > UNREAD_LIMIT_BYTES) {
        forget(listener);
        listener.socket.terminate();
      } else listener.socket.send(encode('poke'));
    };
    if (waitMs <= 0) send();
    else listener.pokeTimer = setTimeout(send, waitMs);
  }

  function onChange(payload: string): void {
    // An empty message follows a lost connection to the database: anything may have changed meanwhile.
    const notice = payload === '' ? null : (JSON.parse(payload) as ChangeNotice);
    for (const listener of listeners) {
      const isOwn = notice?.tenantId === listener.principal.actor.tenantId;
      if (notice === null || (isOwn && isConcerned(listener.keys, notice))) poke(listener);
    }
  }

  async function refreshKeys(listener: Listener): Promise<void> {
    const { tenantId, userId } = listener.principal.actor;
    const keys = await loadKeys(tenantId as TenantId, userId as UserId);
    if (keys === null) {
      end(listener, CLOSE_SESSION_ENDED, 'session ended');
      return;
    }
    listener.keys = keys;
    poke(listener);
    await listener.seat?.refresh();
  }

  function onEpoch(payload: string): void {
    const notice = payload === '' ? null : (JSON.parse(payload) as EpochNotice);
    if (notice?.isActive === false) presence.drop(notice.tenantId, notice.userId);
    for (const listener of listeners) {
      const { tenantId, userId } = listener.principal.actor;
      if (notice && (notice.tenantId !== tenantId || notice.userId !== userId)) continue;
      if (notice && !notice.isActive) end(listener, CLOSE_SESSION_ENDED, 'session ended');
      else {
        refreshKeys(listener).catch((error: unknown) => {
          log.error({ err: error }, 'rights of a connected user could not be read');
          end(listener, CLOSE_GOING_AWAY, 'try again');
        });
      }
    }
  }

  function onSession(payload: string): void {
    if (payload === '') return;
    const notice = JSON.parse(payload) as SessionNotice;
    for (const listener of listeners) {
      const { actor, sessionId } = listener.principal;
      if (actor.tenantId === notice.tenantId && sessionId === notice.sessionId)
        end(listener, CLOSE_SESSION_ENDED, 'session ended');
    }
  }

  function beat(): void {
    for (const listener of listeners) {
      if (!listener.isAlive) {
        forget(listener);
        listener.socket.terminate();
        continue;
      }
      listener.isAlive = false;
      listener.socket.ping();
    }
  }

  const stops = [
    await database.listen(CHANGE_CHANNEL, onChange),
    await database.listen(EPOCH_CHANNEL, onEpoch),
    await database.listen(SESSION_CHANNEL, onSession),
    await database.listen(CHOICE_CHANNEL, onChoice),
  ];
  const heartbeat = setInterval(beat, HEARTBEAT_MS);
  heartbeat.unref();

  return {
    async join(socket, principal, wantsPresence) {
      const keys = await loadKeys(principal.actor.tenantId as TenantId, principal.actor.userId as UserId);
      if (keys === null) return null;
      // One socket per device is enough; a second one is the same device after a lost connection.
      for (const other of listeners) {
        if (other.principal.sessionId === principal.sessionId) end(other, CLOSE_GOING_AWAY, 'connected again');
      }
      const listener: Listener = {
        socket,
        principal,
        keys,
        lastPokeMs: -Infinity,
        isAlive: true,
        pokeTimer: null,
        expiryTimer: null,
        seat: null,
        stopMaintenance: null,
      };
      listener.expiryTimer = setTimeout(
        () => end(listener, CLOSE_SESSION_ENDED, 'token expired'),
        Math.max(0, principal.expiresAtMs - clock.now()),
      );
      listener.expiryTimer.unref();
      listeners.add(listener);
      seat(listener, wantsPresence).catch((error: unknown) =>
        log.error({ err: error }, 'presence of a connected user could not be read'),
      );
      return {
        heard: () => {
          listener.isAlive = true;
        },
        left: () => forget(listener),
      };
    },
    count: () => listeners.size,
    async review(tenantId, mayStay) {
      for (const listener of listeners) {
        const isMeant = tenantId === null || listener.principal.actor.tenantId === tenantId;
        if (isMeant && !(await mayStay(listener.principal))) end(listener, CLOSE_SESSION_ENDED, 'address');
      }
    },
    async close() {
      clearInterval(heartbeat);
      for (const listener of listeners) end(listener, CLOSE_GOING_AWAY, 'server stops');
      for (const stop of stops) await stop();
      await maintenance.close();
      await presence.close();
    },
  };
}
