// The entities with the fields of the organization, for every screen of this window. They change when a definition changes,
// here or at a colleague's; until the first answer is there, they are the built-in ones.
import { useSyncExternalStore } from 'react';
import type { Definitions } from '#shared/entities/custom-field/custom-definitions.ts';
import { entities } from '#shared/entities/registry.ts';

const MOST_FIELDS = 2000;

/** The records they are made of. */
export const definitionsQuery = {
  entity: 'customField',
  sort: [{ field: 'place', direction: 'asc' }],
  offset: 0,
  limit: MOST_FIELDS,
} as const;

let current: Definitions = entities;
const listeners = new Set<() => void>();

export function setDefinitions(next: Definitions): void {
  if (next === current) return;
  current = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** The definition of each entity, to list fields by. Where no field is listed, the registry does. */
export function useDefinitions(): Definitions {
  return useSyncExternalStore(subscribe, () => current);
}
