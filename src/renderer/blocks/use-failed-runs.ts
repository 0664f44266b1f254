import { useAppSelector } from '#renderer/app/store/store.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';

/** More than the runs that can be the last of anybody's schedules. */
const LOOKED_AT = 400;

/** The last runs of the own active schedules that did not reach everybody. A run that does, a pause or a deletion settles it. */
export function useFailedRuns(): readonly LocalRecord[] {
  const userId = useAppSelector(({ device: { session } }) =>
    session?.status === 'signedIn' ? session.actor.userId : null,
  );
  const { data: schedules } = useLive(
    'list',
    userId === null
      ? null
      : {
          entity: 'reportSchedule',
          filter: {
            and: [
              { field: 'ownerId', op: 'eq', value: userId },
              { field: 'isActive', op: 'eq', value: true },
            ],
          },
          sort: [{ field: 'name', direction: 'asc' }],
          offset: 0,
          limit: 200,
        },
  );
  const active = new Set((schedules?.rows ?? []).map(({ id }) => id));
  const { data: runs } = useLive(
    'list',
    userId === null || active.size === 0
      ? null
      : {
          entity: 'reportRun',
          filter: { and: [{ field: 'ownerId', op: 'eq', value: userId }] },
          sort: [{ field: 'dueAt', direction: 'desc' }],
          offset: 0,
          limit: LOOKED_AT,
        },
  );
  const known = new Set<unknown>();
  return (runs?.rows ?? []).filter((run) => {
    const { scheduleId, state } = run as LocalRecord & { readonly scheduleId?: unknown; readonly state?: unknown };
    if (known.has(scheduleId) || state === 'running') return false;
    known.add(scheduleId);
    return typeof scheduleId === 'string' && active.has(scheduleId) && state !== 'done';
  });
}
