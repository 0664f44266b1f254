// Where events of this device meet those who want to know: one place that has seen which change already, and that forgets
// what its user may not see any more. In memory only; a start begins anew.
import { recordOfEvent, type LiveEvent } from '#shared/live/live-events.ts';

/** Events that are still told to a window that opens. */
const KEPT = 100;
/** Ids that are remembered, so that nothing is raised twice. */
const REMEMBERED = 5_000;

export interface EventBus {
  /** Events that were raised before are left out. */
  raise(events: readonly LiveEvent[]): void;
  /** Newest first. */
  readonly recent: () => readonly LiveEvent[];
  /** These records are out of sight. */
  forget(recordIds: readonly string[]): void;
  /** Nothing from before is to be shown any more. */
  clear(): void;
}

/** `onChange`: what stands now, and which of it is new. */
export function createEventBus(
  onChange: (recent: readonly LiveEvent[], fresh: readonly LiveEvent[]) => void,
): EventBus {
  let recent: readonly LiveEvent[] = [];
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

  function keep(next: readonly LiveEvent[]): void {
    if (next.length === recent.length) return;
    recent = next;
    onChange(recent, []);
  }

  return {
    raise(events) {
      const fresh = events.filter(isNew);
      if (fresh.length === 0) return;
      recent = [...fresh.toReversed(), ...recent].slice(0, KEPT);
      onChange(recent, fresh);
    },
    recent: () => recent,
    forget(recordIds) {
      if (recordIds.length === 0) return;
      const gone = new Set(recordIds);
      keep(recent.filter((event) => !gone.has(recordOfEvent(event) ?? '') && !isAbout(event, gone)));
    },
    clear: () => keep([]),
  };
}

/** A notification leaves with the record it is about. */
function isAbout(event: LiveEvent, gone: ReadonlySet<string>): boolean {
  return 'subjectId' in event && gone.has(event.subjectId);
}
