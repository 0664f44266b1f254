// The API keys of the user, or of the whole organization, as the server has them now.
import { useCallback, useState } from 'react';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useServerRead, type ReadProblem } from '#renderer/blocks/use-server-read.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { ApiKey } from '#shared/sync/access-messages.ts';

export interface ApiKeysState {
  /** Null until the server answered. */
  readonly keys: readonly ApiKey[] | null;
  readonly problem: ReadProblem | null;
  /** Why a key could not be taken back. */
  readonly error: string | null;
  readonly load: () => Promise<void>;
  readonly revoke: (id: string) => Promise<void>;
}

export function useApiKeys(isOfAll: boolean): ApiKeysState {
  const errorText = useErrorText();
  const [keys, setKeys] = useState<readonly ApiKey[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const load = useCallback(
    () =>
      invokeMain(getBridge(), 'keys.list', { isOfAll }).then((list) => {
        setKeys(list.keys);
        setError(null);
      }),
    [isOfAll],
  );
  const { problem } = useServerRead(load);

  async function revoke(id: string): Promise<void> {
    try {
      await invokeMain(getBridge(), 'keys.revoke', { id });
      await load();
    } catch (failure) {
      setError(errorText(failure));
    }
  }
  return { keys, problem, error, load, revoke };
}
