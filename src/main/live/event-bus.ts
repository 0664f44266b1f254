// Where events of this device meet those who want to know: one place that has seen which change already, and that forgets
// what its user may not see any more. What was told is kept over a restart: on the disk a moment after it was told, and off
// it before anybody goes on after a loss of sight.
import type { Scheduler } from '#shared/kernel/ports.ts';
import type { KeptEvents } from '#main/live/kept-events.ts';
import { recordOfEvent, type LiveEvent } from '#shared/live/live-events.ts';

/** Events that are still told to a window that opens. */
const KEPT = 100;
/** Ids that are remembered, so that nothing is raised twice. */
const REMEMBERED = 5_000;
/** News comes in handfuls: they are written together. */
const WRITE_AFTER_MS = 1_000;

export interface EventBus {
  /** Events that were raised before are left out. */
  raise(events: readonly LiveEvent[]): void;
  /** Newest first. */
  readonly recent: () => readonly LiveEvent[];
  /** These records are out of sight. */
  forget(recordIds: readonly string[]): void;
  /** Nothing from before is to be shown any more. */
  clear(): void;
  /** A profile is open: what was told before is told again, quietly. */
  open(kept: KeptEvents): void;
  /** It closes, and keeps what was told. */
  close(): void;
}

interface EventBusDeps {
  /** What stands now, and which of it is new. */
  readonly onChange: (recent: readonly LiveEvent[], fresh: readonly LiveEvent[]) => void;
  readonly scheduler: Scheduler;
  readonly log: (message: string, error: unknown) => void;
}

export function createEventBus({ onChange, scheduler, log }: EventBusDeps): EventBus {
  let recent: readonly LiveEvent[] = [];
  let kept: KeptEvents | null = null;
  let writing: { cancel(): void } | null = null;
  const seen = new Set<string>();

  function isNew({ id }: LiveEvent): boolean {
    if (seen.has(id)) return false;
    seen.add(id);
    for (const oldest of seen) {
      if (seen.size <= REMEMBERED) break;
      seen.delete(oldest);
    }
    return true;
  }

  /** A disk that takes nothing costs a memory of what happened, never the work. */
  function write(): void {
    writing?.cancel();
    writing = null;
    try {
      kept?.write(recent);
    } catch (error) {
      log('what happened could not be kept', error);
    }
  }

  function keep(next: readonly LiveEvent[]): void {
    if (next.length === recent.length) return;
    recent = next;
    write();
    onChange(recent, []);
  }

  return {
    raise(events) {
      const fresh = events.filter(isNew);
      if (fresh.length === 0) return;
      recent = [...fresh.toReversed(), ...recent].slice(0, KEPT);
      writing ??= scheduler.after(WRITE_AFTER_MS, write);
      onChange(recent, fresh);
    },
    recent: () => recent,
    forget(recordIds) {
      if (recordIds.length === 0) return;
      const gone = new Set(recordIds);
      keep(recent.filter((event) => !gone.has(recordOfEvent(event) ?? '') && !isAbout(event, gone)));
    },
    clear: () => keep([]),
    open(opened) {
      kept = opened;
      recent = opened.read().filter(isNew).slice(0, KEPT);
      if (recent.length > 0) onChange(recent, []);
    },
    close() {
      if (writing !== null) write();
      kept = null;
      seen.clear();
      if (recent.length === 0) return;
      recent = [];
      onChange(recent, []);
    },
  };
}

/** A notification leaves with the record it is about. */
function isAbout(event: LiveEvent, gone: ReadonlySet<string>): boolean {
  return 'subjectId' in event && gone.has(event.subjectId);
}
