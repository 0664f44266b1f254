import { useCallback, useState } from 'react';
import { useServerRead, type ServerRead } from '#renderer/blocks/use-server-read.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { OwnFactors } from '#shared/sync/sign-in-messages.ts';

export interface OwnFactorsState extends ServerRead {
  /** Null while they are not known: without the server nobody can say. */
  readonly own: OwnFactors | null;
}

export function useOwnFactors(): OwnFactorsState {
  const [own, setOwn] = useState<OwnFactors | null>(null);
  const read = useCallback(() => invokeMain(getBridge(), 'factors.own', {}).then(setOwn), []);
  return { own, ...useServerRead(read) };
}
