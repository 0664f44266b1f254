import { useEffect, useState } from 'react';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { toEpochMs } from '#shared/kernel/calendar.ts';
import type { Maintenance } from '#shared/sync/maintenance.ts';

/** Longest that a timer can wait. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** Maintenance that was announced, until it is over; null: none. */
export function useMaintenance(): Maintenance | null {
  const [planned, setPlanned] = useState<Maintenance | null>(null);
  useEffect(() => {
    let isStopped = false;
    const stop = getBridge().on('maintenance.changed', (plan) => setPlanned(plan.planned));
    const read = (): void =>
      void invokeMain(getBridge(), 'maintenance.planned', {}).then((plan) => {
        if (!isStopped) setPlanned(plan.planned);
      });
    read();
    // Another person may be signed in, to whom something else was announced.
    const stopSession = getBridge().on('session.changed', read);
    return () => {
      isStopped = true;
      stop();
      stopSession();
    };
  }, []);
  useEffect(() => {
    if (planned === null) return;
    const leftMs = Math.max(0, toEpochMs(planned.until) - Date.now());
    const timer = setTimeout(() => setPlanned(null), Math.min(leftMs, LONGEST_WAIT_MS));
    return () => clearTimeout(timer);
  }, [planned]);
  return planned;
}
