// Looks for a moment what the time of this process goes into: the functions of the thread that answers, how late it comes to
// what is due, and the statements of the database. One look at a time; nothing of it costs anything in between.
import type { Profiler as Inspected } from 'node:inspector';
import type { Session } from 'node:inspector/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { OutpostError } from '#shared/kernel/errors.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { ProfileFile, ProfileState, ServerProfile } from '#shared/sync/profile-messages.ts';
import type { ServerLog } from '#server/log/create-log.ts';
import { createStatementTimes } from '#server/observe/statement-times.ts';
import { summarizeProfile, withoutFolders } from '#server/observe/summarize-profile.ts';
import type { SqlDatabase } from '#server/store/database.ts';

const DELAY_RESOLUTION_MS = 10;
const NANOSECONDS = 1e6;

export interface Profiler {
  /** The database whose statements are looked at. */
  watch(database: SqlDatabase): SqlDatabase;
  /** @throws OutpostError `already_running`. */
  begin(seconds: number): Promise<void>;
  state(): Omit<ProfileState, 'mayMeasure'>;
  /** @throws OutpostError `not_found` before the first look. */
  file(): ProfileFile;
  /** Ends a look that is under way without a result. */
  stop(): void;
}

interface Look {
  readonly atMs: number;
  readonly seconds: number;
  readonly session: Session;
  readonly delays: ReturnType<typeof monitorEventLoopDelay>;
  readonly timer: NodeJS.Timeout;
}

/** Beyond the resolution: on time is 0. */
function lateMs(nanoseconds: number): number {
  return Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / NANOSECONDS - DELAY_RESOLUTION_MS) : 0;
}

export function createProfiler({ clock, log }: { readonly clock: Clock; readonly log: ServerLog }): Profiler {
  const statements = createStatementTimes(() => performance.now());
  let look: Look | 'beginning' | null = null;
  let last: { readonly profile: ServerProfile; readonly raw: Inspected.Profile } | null = null;

  async function end(): Promise<void> {
    if (look === null || look === 'beginning') return;
    const { atMs, seconds, session, delays } = look;
    try {
      const { profile: raw } = await session.post('Profiler.stop');
      delays.disable();
      const [p50Ms, p99Ms, maxMs] = [delays.percentile(50), delays.percentile(99), delays.max].map(lateMs);
      const delay = { p50Ms: p50Ms ?? 0, p99Ms: p99Ms ?? 0, maxMs: maxMs ?? 0 };
      const at = toInstant(atMs);
      last = {
        profile: { at, seconds, delay, ...summarizeProfile(raw), statements: [...statements.end()] },
        raw: withoutFolders(raw),
      };
    } catch (error) {
      log.error({ err: error }, 'The performance of the server could not be measured');
    } finally {
      statements.end();
      session.disconnect();
      look = null;
    }
  }

  return {
    watch: (database) => statements.watch(database),
    async begin(seconds) {
      if (look !== null) throw new OutpostError('already_running', 'The performance is being measured already.');
      look = 'beginning';
      try {
        // Read when it is first wanted: it is part of Node and of no start.
        const { Session: Inspector } = await import('node:inspector/promises');
        const session = new Inspector();
        session.connect();
        await session.post('Profiler.enable');
        await session.post('Profiler.start');
        const delays = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
        delays.enable();
        statements.begin();
        look = {
          atMs: clock.now(),
          seconds,
          session,
          delays,
          timer: setTimeout(() => void end(), seconds * 1000).unref(),
        };
      } catch (error) {
        look = null;
        throw error;
      }
    },
    state: () => ({
      runsUntil: look === null || look === 'beginning' ? null : toInstant(look.atMs + look.seconds * 1000),
      last: last?.profile ?? null,
    }),
    file() {
      if (last === null) throw new OutpostError('not_found', 'The performance was not measured yet.');
      const name = `outpost-server-${last.profile.at.replaceAll(/[^0-9]/g, '').slice(0, 14)}.cpuprofile`;
      return { name, text: JSON.stringify(last.raw) };
    },
    stop() {
      if (look === null || look === 'beginning') return;
      clearTimeout(look.timer);
      look.delays.disable();
      look.session.disconnect();
      look = null;
    },
  };
}
