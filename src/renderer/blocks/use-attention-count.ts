import { useAppSelector } from '#renderer/app/store/store.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useFailedRuns } from '#renderer/blocks/use-failed-runs.ts';
import { useLive } from '#renderer/data/use-data.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';

/** How much waits for this person: changes the server refused, and values to decide between, for who may decide. */
export function useAttentionCount(): number {
  const userId = useAppSelector(({ device: { session } }) =>
    session?.status === 'signedIn' ? session.actor.userId : null,
  );
  const refused = useAppSelector((state) => state.device.sync?.attentionCount ?? 0);
  // Nobody decides who may not decide about the own: whoever only looks on reads conflicts, and nothing waits for them.
  const ownConflict = { kind: 'conflict', ownerId: userId, lostBy: userId } as unknown as AnyRecord;
  const mayDecide = useCan()('update', entities.conflict, ownConflict);
  const { data } = useLive(
    'aggregate',
    mayDecide
      ? {
          entity: 'conflict',
          filter: {
            and: [
              { field: 'state', op: 'eq', value: 'open' },
              { field: 'severity', op: 'eq', value: 'open' },
            ],
          },
          groupBy: null,
          sums: [],
        }
      : null,
  );
  const failedRuns = useFailedRuns();
  return refused + failedRuns.length + (data?.groups[0]?.count ?? 0);
}
