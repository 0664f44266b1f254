// What the server answers to a question of this window, or why it does not. Asked again when the question changes, or by hand.
import { useCallback, useEffect, useState } from 'react';
import { LOOK_AGAIN_MS, lookAgain } from '#renderer/blocks/look-again.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { channels } from '#shared/ipc/contract.ts';
import type { ChannelName } from '#shared/ipc/channel-names.ts';
import type { Static } from 'typebox';

type AuditChannel = Extract<ChannelName, `audit.${string}`>;
type InputOf<Name extends AuditChannel> = Static<(typeof channels)[Name]['input']>;
type OutputOf<Name extends AuditChannel> = Exclude<(typeof channels)[Name]['output'], undefined>;

export interface Answer<Value> {
  readonly value: Value | null;
  /** In the user's words. */
  readonly error: string | null;
  readonly askAgain: () => void;
}

/**
 * `input` decides what is asked; give the same object as long as the question is the same. `everyMs`: asked again while somebody
 * looks. What was not answered is asked again anyhow, until it is.
 */
export function useAnswer<Name extends AuditChannel>(
  name: Name,
  input: InputOf<Name>,
  everyMs: number | null = null,
): Answer<OutputOf<Name>> {
  const errorText = useErrorText();
  const [state, setState] = useState<{ readonly value: OutputOf<Name> | null; readonly error: string | null }>({
    value: null,
    error: null,
  });
  const ask = useCallback(
    (isWanted: () => boolean) => {
      // What one channel answers is known by its name.
      const asking = invokeMain(getBridge(), name, input as never) as Promise<OutputOf<Name>>;
      asking.then(
        (value) => {
          if (isWanted()) setState({ value, error: null });
        },
        (failure: unknown) => {
          if (isWanted()) setState(({ value }) => ({ value, error: errorText(failure) }));
        },
      );
    },
    [name, input, errorText],
  );
  useEffect(() => {
    let isWanted = true;
    ask(() => isWanted);
    return () => {
      isWanted = false;
    };
  }, [ask]);
  const againMs = everyMs ?? (state.error === null ? null : LOOK_AGAIN_MS);
  useEffect(() => {
    if (againMs === null) return undefined;
    let isWanted = true;
    const stop = lookAgain(() => ask(() => isWanted), againMs);
    return () => {
      isWanted = false;
      stop();
    };
  }, [ask, againMs]);
  return { ...state, askAgain: useCallback(() => ask(() => true), [ask]) };
}

export const NOTHING = {} as const;
