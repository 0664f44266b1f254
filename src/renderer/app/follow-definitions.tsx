import { useEffect } from 'react';
import { setDefinitions } from '#renderer/app/store/definitions.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { useOwnLive } from '#renderer/data/use-data.ts';
import { customDefinitions } from '#shared/entities/custom-field/custom-definitions.ts';

const MOST_FIELDS = 2000;
const query = {
  entity: 'customField',
  sort: [{ field: 'place', direction: 'asc' }],
  offset: 0,
  limit: MOST_FIELDS,
} as const;

/** Keeps the definitions of this window as the records say. */
export function FollowDefinitions() {
  const isSignedIn = useAppSelector((state) => state.device.session?.status === 'signedIn');
  const { data } = useOwnLive('list', isSignedIn ? query : null);
  useEffect(() => setDefinitions(customDefinitions(data?.rows ?? [])), [data]);
  return null;
}
