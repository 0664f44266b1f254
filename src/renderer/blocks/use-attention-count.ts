import { useAppSelector } from '#renderer/app/store/store.ts';
import { useLive } from '#renderer/data/use-data.ts';

/** How much waits for this person: changes the server refused, and values to decide between. */
export function useAttentionCount(): number {
  const isSignedIn = useAppSelector((state) => state.device.session?.status === 'signedIn');
  const refused = useAppSelector((state) => state.device.sync?.attentionCount ?? 0);
  const { data } = useLive(
    'aggregate',
    isSignedIn
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
  return refused + (data?.groups[0]?.count ?? 0);
}
