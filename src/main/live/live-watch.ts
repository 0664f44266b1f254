// What the live socket tells beside pokes, as state and as events: who is connected, and that the server stops in good
// order. A lost socket is no news about anybody: what was known stays for a moment, then nothing is known.
import { toEpochMs, toInstant } from '#shared/kernel/calendar.ts';
import type { Clock, Scheduler } from '#shared/kernel/ports.ts';
import type { LiveEvent } from '#shared/live/live-events.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import type { Maintenance, MaintenanceMessage } from '#shared/sync/maintenance.ts';
import type { PresenceMessage } from '#shared/sync/messages.ts';

/** A socket that comes back within this time was never away. */
const KEEP_MS = 15_000;
/** A server that is back by then was restarted, and nobody needs to know. */
const MAINTENANCE_AFTER_MS = 5_000;

export interface LiveWatch {
  /** A live socket is open. */
  readonly isOpen: () => boolean;
  /** Ids of connected colleagues; null when nobody can tell. */
  readonly online: () => readonly string[] | null;
  readonly notePresence: (message: PresenceMessage) => void;
  readonly noteMaintenance: (message: MaintenanceMessage) => void;
  readonly noteOpened: () => void;
  /** `isOrderly`: the server said that it stops. */
  readonly noteClosed: (isOrderly: boolean) => void;
  /** Nothing is known any more: offline, or somebody else is signed in. */
  clear(): void;
}

interface LiveWatchDeps {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly viewerId: () => string | null;
  readonly onPresence: (online: readonly string[] | null) => void;
  readonly onEvents: (events: readonly LiveEvent[]) => void;
  /** What was announced and is not over; null: nothing. */
  readonly planned: () => Maintenance | null;
  readonly onPlanned: (planned: Maintenance | null) => void;
}

export function createLiveWatch(deps: LiveWatchDeps): LiveWatch {
  const { clock, scheduler, onPresence } = deps;
  let online: ReadonlySet<string> | null = null;
  let forgetting: { cancel(): void } | null = null;
  let stopping: { cancel(): void } | null = null;
  let isInMaintenance = false;
  let isOpen = false;
  let count = 0;

  /** Moments are not numbered by anybody else. */
  function moment(type: string): { readonly id: string; readonly at: string } {
    count += 1;
    const at = toInstant(clock.now());
    return { id: `${type} ${at} ${count}`, at };
  }

  function set(next: ReadonlySet<string> | null): void {
    if (next === null && online === null) return;
    online = next;
    onPresence(next === null ? null : [...next]);
  }

  function noteState(state: 'started' | 'ended'): void {
    isInMaintenance = state === 'started';
    deps.onEvents([{ type: 'system.maintenance', ...moment('system.maintenance'), state }]);
  }

  return {
    isOpen: () => isOpen,
    online: () => (online === null ? null : [...online]),
    notePresence({ all, on, off }) {
      const before = all === true ? null : online;
      const next = new Set(before ?? []);
      for (const userId of on) next.add(userId);
      for (const userId of off) next.delete(userId);
      set(next);
      // A whole list says who is there, not who came.
      if (before === null) return;
      const others = (ids: readonly string[]): readonly string[] => ids.filter((id) => id !== deps.viewerId());
      deps.onEvents([
        ...others(on)
          .filter((userId) => !before.has(userId))
          .map((userId) => ({ type: 'user.online', ...moment('user.online'), userId }) as const),
        ...others(off)
          .filter((userId) => before.has(userId))
          .map((userId) => ({ type: 'user.offline', ...moment('user.offline'), userId }) as const),
      ]);
    },
    noteMaintenance({ planned }) {
      const before = deps.planned();
      if (isJsonEqual(before, planned)) return;
      deps.onPlanned(planned);
      const at = toInstant(clock.now());
      if (planned === null) {
        // What has begun is over; what has not does not take place.
        const hasBegun = before !== null && toEpochMs(before.from) <= clock.now();
        const state = hasBegun ? 'ended' : 'cancelled';
        deps.onEvents([{ type: 'system.maintenance', ...moment('system.maintenance'), state }]);
        return;
      }
      // The same announcement is the same event, however often it is heard.
      const id = `system.maintenance ${planned.from} ${planned.until} ${planned.text}`;
      deps.onEvents([{ type: 'system.maintenance', id, at, state: 'announced', ...planned }]);
    },
    noteOpened() {
      isOpen = true;
      forgetting?.cancel();
      stopping?.cancel();
      if (isInMaintenance) noteState('ended');
    },
    noteClosed(isOrderly) {
      isOpen = false;
      forgetting?.cancel();
      forgetting = scheduler.after(KEEP_MS, () => set(null));
      if (!isOrderly || isInMaintenance) return;
      stopping?.cancel();
      stopping = scheduler.after(MAINTENANCE_AFTER_MS, () => noteState('started'));
    },
    clear() {
      forgetting?.cancel();
      stopping?.cancel();
      isInMaintenance = false;
      set(null);
    },
  };
}
