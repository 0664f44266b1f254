import { useEffect } from 'react';
import { useAppSelector } from '#renderer/app/store/store.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useExecute, useOwnLive } from '#renderer/data/use-data.ts';
import { runningOf } from '#shared/entities/time-entry/time-entry.ts';
import type { Labels } from '#shared/query/live-answer.ts';

/** The timer of whoever is signed in. Where two computers started one each, the older one is ended here. */
export function useRunningTimer(): { readonly timer: LocalRecord | null; readonly labels: Labels } {
  const userId = useAppSelector(({ device }) =>
    device.session?.status === 'signedIn' ? device.session.actor.userId : null,
  );
  const execute = useExecute();
  const { data } = useOwnLive(
    'list',
    userId === null
      ? null
      : {
          entity: 'timeEntry',
          filter: { field: 'runningFor', op: 'eq', value: userId },
          sort: [{ field: 'startedAt', direction: 'desc' }],
          offset: 0,
          limit: 10,
        },
  );
  const running = runningOf(data?.rows ?? []);
  const isDouble = running.length > 1;
  useEffect(() => {
    // Refused only while the database is away; the next answer tries again.
    if (isDouble) execute('settleTimers', {}).catch(() => undefined);
  }, [isDouble, execute]);
  return { timer: running[0] ?? null, labels: data?.labels ?? {} };
}
