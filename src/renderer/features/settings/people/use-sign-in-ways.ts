// How colleagues sign in is known to the server alone, so it is asked for each time this computer comes online and after
// everything that changes it. Offline nothing is shown rather than something old.
import { useCallback, useEffect, useState } from 'react';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { useIsOnline } from '#renderer/blocks/use-is-online.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { SignInWays } from '#shared/sync/messages.ts';

export type SignInWay = SignInWays['users'][number];

export interface SignInWaysState {
  readonly isOnline: boolean;
  /** By user; null while not known. */
  readonly ways: ReadonlyMap<string, SignInWay> | null;
  readonly reload: () => void;
}

export function useSignInWays(): SignInWaysState {
  const isOnline = useIsOnline();
  const pendingCount = useAppSelector((state) => state.device.sync?.pendingCount ?? 0);
  const [ways, setWays] = useState<ReadonlyMap<string, SignInWay> | null>(null);
  const reload = useCallback(() => {
    invokeMain(getBridge(), 'users.signInWays', {}).then(
      ({ users }) => setWays(new Map(users.map((way) => [way.userId, way]))),
      // Why it cannot be known stands in the sync chip; here it is just not known.
      () => setWays(null),
    );
  }, []);
  useEffect(() => {
    if (isOnline && pendingCount === 0) reload();
  }, [isOnline, pendingCount, reload]);
  // Whoever was invited and comes in is seen to come online.
  useEffect(() => getBridge().on('presence.changed', reload), [reload]);
  return { isOnline, ways: isOnline ? ways : null, reload };
}
