// What happened between this computer and its server lately, in memory only: how long exchanges took, what went wrong,
// since when the engine stands where it stands, and which operations were on their way. No content of any of it is kept.
import type { SyncStatus } from '#shared/ipc/sync-status.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { ErrorCode } from '#shared/kernel/errors.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { percentileOf } from '#shared/doctor/percentile.ts';
import {
  exchangeKinds,
  type ConnectionState,
  type Exchange,
  type ExchangeKind,
  type NotedError,
  type Timing,
} from '#shared/doctor/snapshot.ts';

/** Exchanges of each kind that timings are made of. */
const KEPT_OF_A_KIND = 100;
/** Exchanges that are listed one by one. */
const LISTED = 30;
const KEPT_ERRORS = 50;

export interface LastTry {
  readonly at: string;
  /** Null: it is on its way now. */
  readonly code: ErrorCode | null;
}

export interface ExchangeLog {
  /** An exchange begins; what it answers tells how it ended. */
  begin(kind: ExchangeKind): { end(count: number): void; fail(code: ErrorCode): void; giveUp(): void };
  noteError(during: NotedError['during'], code: ErrorCode): void;
  noteStatus(status: SyncStatus): void;
  noteLive(state: ConnectionState['live']): void;
  /** These operations leave; the answer takes them out again, or tells why they are still here. */
  noteSending(opIds: readonly string[]): { answered(): void; failed(code: ErrorCode): void };
  lastTry(opId: string): LastTry | null;
  readonly since: () => string;
  readonly live: () => { readonly state: ConnectionState['live']; readonly since: string };
  readonly lastAnswerAt: () => string | null;
  readonly errors: () => readonly NotedError[];
  readonly timings: () => readonly Timing[];
  readonly exchanges: () => readonly Exchange[];
  /** Somebody else is signed in now. */
  clear(): void;
}

/** `elapsedMs` counts on when the wall clock is set. */
export function createExchangeLog(clock: Clock, elapsedMs: () => number): ExchangeLog {
  const now = (): string => toInstant(clock.now());
  let kept = new Map<ExchangeKind, Exchange[]>();
  let errors: NotedError[] = [];
  let tries = new Map<string, LastTry>();
  let phase: SyncStatus['phase'] | null = null;
  let since = now();
  let live: ConnectionState['live'] = 'closed';
  let liveSince = now();
  let lastAnswerAt: string | null = null;

  function keep(exchange: Exchange): void {
    const list = kept.get(exchange.kind) ?? [];
    kept.set(exchange.kind, list);
    list.push(exchange);
    if (list.length > KEPT_OF_A_KIND) list.shift();
  }

  function noteError(during: NotedError['during'], code: ErrorCode): void {
    errors.unshift({ at: now(), code, during });
    errors.length = Math.min(errors.length, KEPT_ERRORS);
  }

  function timingOf(kind: ExchangeKind): readonly Timing[] {
    const took = (kept.get(kind) ?? []).filter(({ code }) => code === null).map(({ tookMs }) => tookMs);
    const last = took.at(-1);
    if (last === undefined) return [];
    return [
      { kind, count: took.length, p50Ms: percentileOf(took, 0.5), p95Ms: percentileOf(took, 0.95), lastMs: last },
    ];
  }

  return {
    begin(kind) {
      const at = now();
      const startedMs = elapsedMs();
      const tookMs = (): number => Math.round((elapsedMs() - startedMs) * 10) / 10;
      return {
        end(count) {
          keep({ kind, at, tookMs: tookMs(), count, code: null });
          if (kind !== 'apply') lastAnswerAt = now();
        },
        fail(code) {
          keep({ kind, at, tookMs: tookMs(), count: 0, code });
          noteError(kind, code);
        },
        giveUp: () => undefined,
      };
    },
    noteError,
    noteStatus(status) {
      if (status.phase === phase) return;
      phase = status.phase;
      since = now();
    },
    noteLive(state) {
      if (state === live) return;
      live = state;
      liveSince = now();
    },
    noteSending(opIds) {
      const at = now();
      for (const opId of opIds) tries.set(opId, { at, code: null });
      return {
        answered() {
          for (const opId of opIds) tries.delete(opId);
        },
        failed(code) {
          for (const opId of opIds) tries.set(opId, { at, code });
        },
      };
    },
    lastTry: (opId) => tries.get(opId) ?? null,
    since: () => since,
    live: () => ({ state: live, since: liveSince }),
    lastAnswerAt: () => lastAnswerAt,
    errors: () => errors,
    timings: () => exchangeKinds.flatMap(timingOf),
    exchanges: () =>
      [...kept.values()]
        .flat()
        .toSorted((a, b) => (a.at < b.at ? 1 : -1))
        .slice(0, LISTED),
    clear() {
      kept = new Map();
      errors = [];
      tries = new Map();
      lastAnswerAt = null;
    },
  };
}
