// Who is connected now. A socket hears of people its user may see in the directory, by id and nothing else; changes are
// gathered, and whoever disconnects stays for a while, because a new token or a tunnel is no absence. Whoever is switched
// off or chooses to appear offline is gone at once. One state for all server processes: each tells the others what it sees.
import type { ServerLog } from '#server/log/create-log.ts';
import { startGossip, type Present, type PresenceGossip } from '#server/live/presence-gossip.ts';
import type { SqlDatabase } from '#server/store/database.ts';
import type { PresenceMessage } from '#shared/sync/messages.ts';

/** What decides about one user: to whom the user is shown, and whom the user sees. */
export interface PresenceFacts {
  /** Scope keys of the user's own record. */
  readonly keys: readonly string[];
  /** False for somebody who appears offline. */
  readonly isShown: boolean;
  /** May this user see a colleague whose record carries these keys? */
  readonly sees: (keys: readonly string[]) => boolean;
}

export interface PresenceTimes {
  /** Changes within this time travel together. */
  readonly gatherMs: number;
  /** Somebody who disconnected is shown for this long. */
  readonly graceMs: number;
  readonly beatMs: number;
  readonly silenceMs: number;
}
export const presenceTimes: PresenceTimes = { gatherMs: 500, graceMs: 20_000, beatMs: 15_000, silenceMs: 40_000 };

/** Ids in one message: devices take no more than 8 KiB at once. */
const IDS_OF_A_MESSAGE = 100;

export interface PresenceDependencies {
  readonly database: SqlDatabase;
  readonly log: ServerLog;
  readonly times: PresenceTimes;
  /** Null for somebody who may not connect. */
  readonly loadFacts: (tenantId: string, userId: string) => Promise<PresenceFacts | null>;
}

export interface PresenceSeat {
  /** The facts may be others now. */
  refresh(): Promise<void>;
  leave(): void;
}

export interface Presence {
  /** A socket of this user is connected. `send` null: it does not want to hear. */
  enter(tenantId: string, userId: string, send: ((message: PresenceMessage) => void) | null): Promise<PresenceSeat>;
  /** Gone at once, everywhere. */
  drop(tenantId: string, userId: string): void;
  /** The choice of a user changed. */
  refreshUser(tenantId: string, userId: string): Promise<void>;
  close(): Promise<void>;
}

interface Seat {
  readonly tenantId: string;
  readonly userId: string;
  readonly send: ((message: PresenceMessage) => void) | null;
  facts: PresenceFacts | null;
}

interface Room {
  readonly seats: Set<Seat>;
  /** What sockets were told. */
  announced: Map<string, readonly string[]>;
  /** Users who are not connected any more, and when they count as gone. */
  readonly leaving: Map<string, number>;
  timer: NodeJS.Timeout | null;
  /** When the timer fires. */
  dueMs: number;
}

function* chunksOf(ids: readonly string[]): Generator<readonly string[]> {
  for (let from = 0; from < ids.length; from += IDS_OF_A_MESSAGE) yield ids.slice(from, from + IDS_OF_A_MESSAGE);
}

export async function createPresence({ database, log, times, loadFacts }: PresenceDependencies): Promise<Presence> {
  const rooms = new Map<string, Room>();
  const nowMs = (): number => performance.now();

  function roomOf(tenantId: string): Room {
    const known = rooms.get(tenantId);
    if (known !== undefined) return known;
    const room: Room = { seats: new Set(), announced: new Map(), leaving: new Map(), timer: null, dueMs: 0 };
    rooms.set(tenantId, room);
    return room;
  }

  /** Who is connected here and shown. */
  function ownOf(room: Room): Map<string, readonly string[]> {
    const users = new Map<string, readonly string[]>();
    for (const { userId, facts } of room.seats) if (facts?.isShown === true) users.set(userId, facts.keys);
    return users;
  }

  function schedule(tenantId: string, delayMs: number): void {
    const room = roomOf(tenantId);
    const dueMs = nowMs() + delayMs;
    if (room.timer !== null) {
      if (room.dueMs <= dueMs) return;
      clearTimeout(room.timer);
    }
    room.dueMs = dueMs;
    room.timer = setTimeout(() => {
      room.timer = null;
      announce(tenantId, room);
    }, delayMs);
    room.timer.unref();
  }

  /** Who is online, with those who may be back in a moment. */
  function onlineOf(tenantId: string, room: Room): Map<string, readonly string[]> {
    const online = ownOf(room);
    for (const list of gossip?.others(tenantId) ?? []) for (const [userId, keys] of list) online.set(userId, keys);
    const now = nowMs();
    for (const userId of online.keys()) room.leaving.delete(userId);
    for (const [userId, keys] of room.announced) {
      if (online.has(userId)) continue;
      const untilMs = room.leaving.get(userId) ?? now + times.graceMs;
      room.leaving.set(userId, untilMs);
      if (untilMs > now) online.set(userId, keys);
      else room.leaving.delete(userId);
    }
    return online;
  }

  function announce(tenantId: string, room: Room): void {
    const online = onlineOf(tenantId, room);
    const before = room.announced;
    room.announced = online;
    const on = [...online].filter(([userId, keys]) => before.get(userId)?.join() !== keys.join());
    const off = [...before].filter(([userId]) => !online.has(userId));
    if (on.length + off.length > 0) for (const seat of room.seats) tell(seat, on, off);
    const next = Math.min(...room.leaving.values());
    if (Number.isFinite(next)) schedule(tenantId, Math.max(1, next - nowMs()));
    if (room.seats.size === 0 && online.size === 0) rooms.delete(tenantId);
  }

  function tell({ send, facts }: Seat, on: readonly Present[], off: readonly Present[]): void {
    if (send === null || facts === null) return;
    const visible = (users: readonly Present[]): string[] =>
      users.filter(([, keys]) => facts.sees(keys)).map(([userId]) => userId);
    for (const ids of chunksOf(visible(on))) send({ t: 'presence', on: [...ids], off: [] });
    for (const ids of chunksOf(visible(off))) send({ t: 'presence', on: [], off: [...ids] });
  }

  /** Everything anew: what was known before does not count any more. */
  function tellAll(room: Room, { send, facts }: Seat): void {
    if (send === null || facts === null) return;
    const visible = [...room.announced].filter(([, keys]) => facts.sees(keys)).map(([userId]) => userId);
    send({ t: 'presence', all: true, on: visible.slice(0, IDS_OF_A_MESSAGE), off: [] });
    for (const ids of chunksOf(visible.slice(IDS_OF_A_MESSAGE))) send({ t: 'presence', on: [...ids], off: [] });
  }

  const gossip: PresenceGossip | null =
    database.engine === 'postgres'
      ? await startGossip({
          database,
          beatMs: times.beatMs,
          silenceMs: times.silenceMs,
          nowMs,
          *own() {
            for (const [tenantId, room] of rooms) yield [tenantId, [...ownOf(room)]];
          },
          onChange(tenantId, goneNow) {
            for (const [id, room] of rooms) {
              if (tenantId !== null && tenantId !== id) continue;
              if (goneNow !== null) endGrace(room, goneNow);
              schedule(id, times.gatherMs);
            }
          },
          onError: (error) => log.error({ err: error }, 'other servers could not be told who is connected'),
        })
      : null;

  function endGrace(room: Room, userId: string): void {
    if (room.announced.has(userId)) room.leaving.set(userId, nowMs());
  }

  /** The room after one of its seats changed: who came, who went. */
  function follow(tenantId: string, userId: string, before: ReadonlyMap<string, readonly string[]>, isSure: boolean) {
    const room = roomOf(tenantId);
    const keys = ownOf(room).get(userId);
    const was = before.get(userId);
    if (keys?.join() === was?.join()) return;
    if (keys !== undefined) gossip?.on(tenantId, [[userId, keys]]);
    else {
      if (isSure) endGrace(room, userId);
      gossip?.off(tenantId, userId, isSure);
    }
    schedule(tenantId, times.gatherMs);
  }

  async function refresh(seat: Seat): Promise<void> {
    const facts = await loadFacts(seat.tenantId, seat.userId);
    const room = roomOf(seat.tenantId);
    if (!room.seats.has(seat)) return;
    const before = ownOf(room);
    seat.facts = facts;
    follow(seat.tenantId, seat.userId, before, true);
    tellAll(room, seat);
  }

  return {
    async enter(tenantId, userId, send) {
      const seat: Seat = { tenantId, userId, send, facts: null };
      const room = roomOf(tenantId);
      room.seats.add(seat);
      try {
        await refresh(seat);
      } catch (error) {
        room.seats.delete(seat);
        throw error;
      }
      return {
        refresh: () => refresh(seat),
        leave() {
          const current = roomOf(tenantId);
          const before = ownOf(current);
          if (current.seats.delete(seat)) follow(tenantId, userId, before, false);
        },
      };
    },
    drop(tenantId, userId) {
      const room = rooms.get(tenantId);
      if (room === undefined) return;
      const before = ownOf(room);
      for (const seat of room.seats) if (seat.userId === userId) seat.facts = null;
      gossip?.forget(tenantId, userId);
      endGrace(room, userId);
      follow(tenantId, userId, before, true);
      schedule(tenantId, times.gatherMs);
    },
    async refreshUser(tenantId, userId) {
      const seats = [...(rooms.get(tenantId)?.seats ?? [])].filter((seat) => seat.userId === userId);
      for (const seat of seats) await refresh(seat);
    },
    async close() {
      for (const { timer } of rooms.values()) if (timer !== null) clearTimeout(timer);
      await gossip?.close();
    },
  };
}
