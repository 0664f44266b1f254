import { useEffect } from 'react';
import { definitionsQuery, setDefinitions } from '#renderer/app/store/definitions.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { useOwnLive } from '#renderer/data/use-data.ts';
import { customDefinitions } from '#shared/entities/custom-field/custom-definitions.ts';

/** Keeps the definitions of this window as the records say. */
export function FollowDefinitions() {
  const isSignedIn = useAppSelector((state) => state.device.session?.status === 'signedIn');
  const { data } = useOwnLive('list', isSignedIn ? definitionsQuery : null);
  useEffect(() => setDefinitions(customDefinitions(data?.rows ?? [])), [data]);
  return null;
}
