import { useCallback, useEffect, useState } from 'react';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { OwnFactors } from '#shared/sync/sign-in-messages.ts';

export interface OwnFactorsState {
  /** Null while they are not known: without the server nobody can say. */
  readonly own: OwnFactors | null;
  readonly error: string | null;
  readonly reload: () => void;
}

export function useOwnFactors(): OwnFactorsState {
  const errorText = useErrorText();
  const [own, setOwn] = useState<OwnFactors | null>(null);
  const [error, setError] = useState<string | null>(null);
  const reload = useCallback(() => {
    invokeMain(getBridge(), 'factors.own', {}).then(
      (told) => {
        setOwn(told);
        setError(null);
      },
      (failure: unknown) => setError(errorText(failure)),
    );
  }, [errorText]);
  useEffect(reload, [reload]);
  return { own, error, reload };
}
