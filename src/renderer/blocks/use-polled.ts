import { useCallback, useEffect, useRef, useState } from 'react';
import { LOOK_AGAIN_MS, lookAgain } from '#renderer/blocks/look-again.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { ChannelInput, ChannelOutput } from '#shared/ipc/contract.ts';
import type { BackupsChannel, JobsChannel, OperationsChannel } from '#shared/ipc/channel-names.ts';

type AskedChannel = BackupsChannel | JobsChannel | OperationsChannel | 'campaigns.ask' | 'webhooks.deliveries';

export interface Polled<Name extends AskedChannel> {
  /** The last answer; null before the first. */
  readonly data: ChannelOutput<Name> | null;
  /** Why there is no newer one. What was seen last stays. */
  readonly error: string | null;
  readonly refresh: () => void;
}

/** Asks the server now and every few seconds while somebody looks. */
export function usePolled<Name extends AskedChannel>(
  name: Name,
  input: ChannelInput<Name>,
  everyMs: number = LOOK_AGAIN_MS,
): Polled<Name> {
  const errorText = useErrorText();
  const [data, setData] = useState<ChannelOutput<Name> | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [turn, setTurn] = useState(0);
  const key = JSON.stringify({ input, turn });
  const asked = useRef(false);
  // Whoever waits for an answer looks for it sooner.
  const againMs = error === null ? everyMs : Math.min(everyMs, LOOK_AGAIN_MS);
  useEffect(() => {
    let isStopped = false;
    const read = (): void => {
      if (asked.current) return;
      asked.current = true;
      invokeMain(getBridge(), name, (JSON.parse(key) as { readonly input: ChannelInput<Name> }).input)
        .then(
          (answer) => {
            if (isStopped) return;
            setData(answer);
            setError(null);
          },
          (failure: unknown) => {
            if (!isStopped) setError(errorText(failure));
          },
        )
        .finally(() => {
          asked.current = false;
        });
    };
    asked.current = false;
    read();
    const stop = lookAgain(read, againMs);
    return () => {
      isStopped = true;
      stop();
    };
  }, [name, key, againMs, errorText]);
  const refresh = useCallback(() => setTurn((known) => known + 1), []);
  return { data, error, refresh };
}
