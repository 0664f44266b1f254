// What is due again and again, kept with the time it was looked at last: a computer that slept or was off does once what it
// missed, and no more often.
import type { DatabaseSync } from 'node:sqlite';
import type { JobPlan } from '#shared/jobs/local-jobs.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { lookedAt, nextDue, type DueRule } from '#main/jobs/due-times.ts';
import type { NewSchedule } from '#main/jobs/job-types.ts';
import { createSealer } from '#main/journal/seal.ts';

interface Kept extends DueRule {
  readonly name: string;
  readonly kind: string;
  readonly missed: 'once' | 'skip';
  readonly data: unknown;
  readonly label: string;
  readonly canRemove: boolean;
  /** Looked at last, or defined then. */
  readonly sinceMs: number;
  readonly lastMs: number | null;
}

interface Planned extends Kept {
  /** Null: never again. */
  readonly dueMs: number | null;
}

export interface Due {
  readonly name: string;
  readonly kind: string;
  readonly data: unknown;
  readonly label: string;
}

/** What of a schedule nobody else reads. */
interface Sealed {
  readonly data: unknown;
  readonly label?: string;
  readonly canRemove?: boolean;
}

/** Later than this, it was missed and not done in time. */
const IN_TIME_MS = 90_000;

export function createSchedules(db: DatabaseSync, key: Uint8Array) {
  const sealer = createSealer(key, 'job-schedules');
  const put = db.prepare(
    'INSERT OR REPLACE INTO schedule (name, kind, cron, zone, missed, since_ms, last_ms, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const remove = db.prepare('DELETE FROM schedule WHERE name = ?');
  const select = db.prepare('SELECT * FROM schedule');
  const kept = new Map<string, Planned>();
  const plan = (one: Kept): Planned => ({ ...one, dueMs: nextDue(one, one.sinceMs) });
  function reload(): void {
    kept.clear();
    for (const row of select.all()) {
      const name = String(row['name']);
      const opened = sealer.open(name, row['data'] as Uint8Array) as Sealed | undefined;
      // Whoever made it makes it again.
      if (opened === undefined) continue;
      const read: Kept = {
        name,
        kind: String(row['kind']),
        cron: String(row['cron']),
        zone: String(row['zone']),
        missed: row['missed'] === 'skip' ? 'skip' : 'once',
        sinceMs: Number(row['since_ms']),
        lastMs: typeof row['last_ms'] === 'number' ? row['last_ms'] : null,
        data: opened.data,
        label: opened.label ?? '',
        canRemove: opened.canRemove === true,
      };
      kept.set(name, plan(read));
    }
  }
  reload();
  function write(next: Planned): void {
    const { name, kind, cron, zone, missed, sinceMs, lastMs, data, label, canRemove } = next;
    const sealed: Sealed = { data, label, canRemove };
    put.run(name, kind, cron, zone, missed, sinceMs, lastMs, sealer.seal(name, sealed));
    kept.set(name, next);
  }
  /** However many times were missed, it is one. */
  function isDone(one: Planned, nowMs: number): boolean {
    if (one.missed === 'once') return true;
    const inTime = nextDue(one, nowMs - IN_TIME_MS);
    return inTime !== null && inTime <= nowMs;
  }

  return {
    /** After a transaction that was taken back: what is on the disk. */
    reload,
    /** In a transaction, like all that writes. */
    set(schedule: NewSchedule, nowMs: number): void {
      const { name, kind, cron, zone, data, missed = 'once', label = '', canRemove = false } = schedule;
      const before = kept.get(name);
      const isSameRule = before?.cron === cron && before.zone === zone;
      const sinceMs = isSameRule ? before.sinceMs : nowMs;
      const lastMs = before?.lastMs ?? null;
      write(plan({ name, kind, cron, zone, missed, data, label, canRemove, sinceMs, lastMs }));
    },
    remove(name: string): void {
      remove.run(name);
      kept.delete(name);
    },
    /** What is due now, each once, written down as looked at. */
    takeDue(nowMs: number): readonly Due[] {
      const due: Due[] = [];
      for (const before of kept.values()) {
        const sinceMs = lookedAt(before.sinceMs, nowMs);
        const one = sinceMs === before.sinceMs ? before : plan({ ...before, sinceMs });
        if (one.dueMs !== null && one.dueMs <= nowMs) {
          const isNow = isDone(one, nowMs);
          if (isNow) due.push(one);
          write(plan({ ...one, sinceMs: nowMs, lastMs: isNow ? nowMs : one.lastMs }));
        } else if (one !== before) write(one);
      }
      return due;
    },
    find: (name: string): Due | null => kept.get(name) ?? null,
    soonest(): number | null {
      const times = [...kept.values()].map(({ dueMs }) => dueMs).filter((at) => at !== null);
      return times.length === 0 ? null : Math.min(...times);
    },
    plans: (): readonly JobPlan[] =>
      [...kept.values()].map(({ name, kind, label, canRemove, cron, zone, lastMs, dueMs }) => {
        const lastAt = lastMs === null ? null : toInstant(lastMs);
        return { name, kind, label, canRemove, cron, zone, lastAt, nextAt: dueMs === null ? null : toInstant(dueMs) };
      }),
  };
}
