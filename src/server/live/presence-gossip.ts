// What server processes tell each other about who is connected to them. Every process keeps its own list and repeats a
// number with every message; a receiver that missed one asks for the whole list, and a process that falls silent is
// forgotten with everybody it had. Nothing is stored: a list is as long-lived as the process that keeps it.
import { randomUUID } from 'node:crypto';
import type { SqlDatabase } from '#server/store/database.ts';

export const PRESENCE_CHANNEL = 'outpost_presence';

/** A connected user, and the scope keys of the own record: they decide who may know. */
export type Present = readonly [userId: string, keys: readonly string[]];

type Message =
  /** `to` null: everybody shall say who is connected. */
  | { readonly p: string; readonly k: 'hello'; readonly to: string | null }
  | { readonly p: string; readonly k: 'gone' }
  | { readonly p: string; readonly v: number; readonly k: 'reset' }
  | { readonly p: string; readonly v: number; readonly k: 'beat' }
  | { readonly p: string; readonly v: number; readonly k: 'on'; readonly t: string; readonly u: readonly Present[] }
  | {
      readonly p: string;
      readonly v: number;
      readonly k: 'off';
      readonly t: string;
      readonly u: readonly string[];
      /** Not somebody who may come back in a moment. */
      readonly now: boolean;
    };

interface Neighbour {
  version: number;
  seenMs: number;
  readonly users: Map<string, Map<string, readonly string[]>>;
}

export interface PresenceGossip {
  on(tenantId: string, users: readonly Present[]): void;
  off(tenantId: string, userId: string, now: boolean): void;
  /** Who is connected to other processes. */
  others(tenantId: string): Iterable<ReadonlyMap<string, readonly string[]>>;
  /** The user is gone from every list this process knows, whatever is still under way. */
  forget(tenantId: string, userId: string): void;
  close(): Promise<void>;
}

interface GossipOptions {
  readonly database: Pick<SqlDatabase, 'listen' | 'notify'>;
  readonly beatMs: number;
  /** A process that said nothing for this long is gone. */
  readonly silenceMs: number;
  readonly nowMs: () => number;
  /** Everybody connected here, for a process that asks. */
  readonly own: () => Iterable<readonly [tenantId: string, users: readonly Present[]]>;
  /** Somebody of this organization came or went elsewhere; null: of any. `now`: this user is not to be waited for. */
  readonly onChange: (tenantId: string | null, goneNow: string | null) => void;
  readonly onError: (error: unknown) => void;
}

/** Users in one message: well below the 8,000 bytes that PostgreSQL carries. */
const USERS_OF_A_MESSAGE = 16;

export async function startGossip(options: GossipOptions): Promise<PresenceGossip> {
  const { database, nowMs, onChange } = options;
  const me = randomUUID();
  const neighbours = new Map<string, Neighbour>();
  const asked = new Set<string>();
  let version = 0;
  // One after another, or a message could overtake the one before.
  let sending: Promise<void> = Promise.resolve();

  function send(message: Message): void {
    sending = sending
      .then(() => database.notify(PRESENCE_CHANNEL, JSON.stringify(message)))
      // A lost message shows in the numbers of the next one.
      .catch(options.onError);
  }
  const next = (): number => (version += 1);

  function tellAll(): void {
    send({ p: me, v: next(), k: 'reset' });
    for (const [tenantId, users] of options.own()) tellOn(tenantId, users);
  }

  function tellOn(tenantId: string, users: readonly Present[]): void {
    for (let from = 0; from < users.length; from += USERS_OF_A_MESSAGE)
      send({ p: me, v: next(), k: 'on', t: tenantId, u: users.slice(from, from + USERS_OF_A_MESSAGE) });
  }

  /** The neighbour as far as it is known without a gap; asks for the whole list otherwise. */
  function follow(message: Extract<Message, { readonly v: number }>): Neighbour | null {
    const known = neighbours.get(message.p);
    const expected = (known?.version ?? -1) + (message.k === 'beat' ? 0 : 1);
    if (known === undefined || message.v !== expected) {
      // Once, and again with every beat that finds it unanswered.
      if (message.k === 'beat' || !asked.has(message.p)) send({ p: me, k: 'hello', to: message.p });
      asked.add(message.p);
      return null;
    }
    known.version = message.v;
    known.seenMs = nowMs();
    return known;
  }

  function listOf(neighbour: Neighbour, tenantId: string): Map<string, readonly string[]> {
    const known = neighbour.users.get(tenantId) ?? new Map<string, readonly string[]>();
    neighbour.users.set(tenantId, known);
    return known;
  }

  function take(message: Message): void {
    if (message.k === 'hello') {
      if (message.to === null || message.to === me) tellAll();
    } else if (message.k === 'gone') {
      if (neighbours.delete(message.p)) onChange(null, null);
    } else if (message.k === 'reset') {
      asked.delete(message.p);
      neighbours.set(message.p, { version: message.v, seenMs: nowMs(), users: new Map() });
      onChange(null, null);
    } else {
      const neighbour = follow(message);
      if (neighbour === null || message.k === 'beat') return;
      const list = listOf(neighbour, message.t);
      if (message.k === 'on') for (const [userId, keys] of message.u) list.set(userId, keys);
      else for (const userId of message.u) list.delete(userId);
      const gone = message.k === 'off' && message.now ? (message.u[0] ?? null) : null;
      onChange(message.t, gone);
    }
  }

  function beat(): void {
    send({ p: me, v: version, k: 'beat' });
    for (const [processId, { seenMs }] of neighbours) {
      if (nowMs() - seenMs <= options.silenceMs) continue;
      neighbours.delete(processId);
      onChange(null, null);
    }
  }

  const stop = await database.listen(PRESENCE_CHANNEL, (payload) => {
    // After a lost connection anything may have been missed.
    if (payload === '') send({ p: me, k: 'hello', to: null });
    else {
      const message = JSON.parse(payload) as Message;
      if (message.p !== me) take(message);
    }
  });
  tellAll();
  send({ p: me, k: 'hello', to: null });
  const heart = setInterval(beat, options.beatMs);
  heart.unref();

  return {
    on: tellOn,
    off: (tenantId, userId, now) => send({ p: me, v: next(), k: 'off', t: tenantId, u: [userId], now }),
    *others(tenantId) {
      for (const { users } of neighbours.values()) {
        const list = users.get(tenantId);
        if (list !== undefined) yield list;
      }
    },
    forget(tenantId, userId) {
      for (const { users } of neighbours.values()) users.get(tenantId)?.delete(userId);
    },
    async close() {
      clearInterval(heart);
      send({ p: me, k: 'gone' });
      await sending;
      await stop();
    },
  };
}
