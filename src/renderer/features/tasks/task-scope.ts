import { useState } from 'react';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { reachOf } from '#shared/access/roles.ts';
import type { Filter } from '#shared/query/filter.ts';

export type Whose = 'mine' | 'all';

const CHOSEN_KEY = 'outpost.tasksOf';

/**
 * Whose tasks a view shows: the own ones, or all that can be seen. As chosen last in any view; before that, whoever sees
 * those of others by the role begins with all.
 */
export function useTaskScope() {
  const actor = useAppSelector(({ device }) =>
    device.session?.status === 'signedIn' ? device.session.actor : undefined,
  );
  const [whose, setWhose] = useState<Whose>(() => {
    const chosen = localStorage.getItem(CHOSEN_KEY);
    if (chosen === 'mine' || chosen === 'all') return chosen;
    return actor === undefined || reachOf(actor, 'task', 'read') === 'own' ? 'mine' : 'all';
  });
  const filters: readonly Filter[] =
    whose === 'mine' ? [{ field: 'ownerId', op: 'eq', value: actor?.userId ?? '' }] : [];
  const choose = (next: Whose): void => {
    localStorage.setItem(CHOSEN_KEY, next);
    setWhose(next);
  };
  return { whose, setWhose: choose, filters };
}
