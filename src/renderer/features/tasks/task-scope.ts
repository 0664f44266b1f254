import { useState } from 'react';
import { useAppSelector } from '#renderer/app/store/store.ts';
import type { Filter } from '#shared/query/filter.ts';

export type Whose = 'mine' | 'all';

/** Whose tasks a view shows: the own ones, or all that can be seen. */
export function useTaskScope(start: Whose = 'mine') {
  const userId = useAppSelector(({ device }) =>
    device.session?.status === 'signedIn' ? device.session.actor.userId : '',
  );
  const [whose, setWhose] = useState<Whose>(start);
  const filters: readonly Filter[] = whose === 'mine' ? [{ field: 'ownerId', op: 'eq', value: userId }] : [];
  return { whose, setWhose, filters };
}
