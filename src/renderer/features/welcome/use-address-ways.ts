import { useCallback, useEffect, useRef, useState } from 'react';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { AddressWays } from '#shared/sync/sso-messages.ts';

const onlyPassword: AddressWays = { password: true, providers: [] };

/** With what the typed address signs in, asked of its server whenever `ask` is called with both filled in. */
export function useAddressWays(
  serverUrl: string,
  email: string,
): { readonly ways: AddressWays; readonly ask: () => void } {
  const [found, setFound] = useState<{ readonly key: string; readonly ways: AddressWays } | null>(null);
  const key = `${serverUrl} ${email.trim().toLowerCase()}`;
  const latest = useRef(key);
  useEffect(() => {
    latest.current = key;
  }, [key]);
  const ask = useCallback(() => {
    if (serverUrl.trim() === '' || !/.@./.test(email)) return;
    invokeMain(getBridge(), 'session.ways', { serverUrl, email }).then(
      (ways) => {
        if (latest.current === key) setFound({ key, ways });
      },
      // A server that cannot be reached, or is older, is told about when somebody signs in.
      () => setFound(null),
    );
  }, [serverUrl, email, key]);
  return { ways: found?.key === key ? found.ways : onlyPassword, ask };
}
