// Questions to the installation. They need the server, which decides who may ask; an answer is shown until the next one, and what was
// not answered is asked again while somebody looks.
import { useCallback, useEffect, useState } from 'react';
import { LOOK_AGAIN_MS, lookAgain } from '#renderer/blocks/look-again.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { PlatformAnswer, PlatformCallName, PlatformInput } from '#shared/platform/platform-calls.ts';

export async function askPlatform<Name extends PlatformCallName>(
  name: Name,
  input: PlatformInput<Name>,
): Promise<PlatformAnswer<Name>> {
  const answer = await invokeMain(getBridge(), 'platform.ask', { call: name, input: { ...input } });
  // Main checked it against the schema of this call.
  return answer as PlatformAnswer<Name>;
}

export interface Asked<Name extends PlatformCallName> {
  /** Null before the first one. */
  readonly answer: PlatformAnswer<Name> | null;
  readonly error: string | null;
  readonly reload: () => void;
}

/** Asked when it is shown, and again with `reload`. `key`: what the answer hangs on. */
export function usePlatform<Name extends PlatformCallName>(name: Name, input: PlatformInput<Name>): Asked<Name> {
  const errorText = useErrorText();
  const [answer, setAnswer] = useState<PlatformAnswer<Name> | null>(null);
  const [error, setError] = useState<string | null>(null);
  const key = JSON.stringify(input);
  const reload = useCallback(() => {
    let isStopped = false;
    const ask = async (): Promise<void> => {
      try {
        const next = await askPlatform(name, JSON.parse(key) as PlatformInput<Name>);
        if (isStopped) return;
        setAnswer(next);
        setError(null);
      } catch (failure) {
        if (!isStopped) setError(errorText(failure));
      }
    };
    void ask();
    return () => {
      isStopped = true;
    };
  }, [name, key, errorText]);
  useEffect(() => reload(), [reload]);
  const isUnanswered = error !== null;
  useEffect(() => (isUnanswered ? lookAgain(reload, LOOK_AGAIN_MS) : undefined), [isUnanswered, reload]);
  return { answer, error, reload };
}

export interface Doing {
  readonly error: string | null;
  readonly done: string;
  readonly isBusy: boolean;
  /** True when it worked. */
  readonly run: (work: () => Promise<unknown>, said: string) => Promise<boolean>;
}

/** Something that is done at the server, with what came of it for the eye and for screen readers. */
export function useDoing(): Doing {
  const errorText = useErrorText();
  const [error, setError] = useState<string | null>(null);
  const [done, setDone] = useState('');
  const [isBusy, setBusy] = useState(false);
  const run = useCallback(
    async (work: () => Promise<unknown>, said: string) => {
      setBusy(true);
      setError(null);
      setDone('');
      try {
        await work();
        setDone(said);
        return true;
      } catch (failure) {
        setError(errorText(failure));
        return false;
      } finally {
        setBusy(false);
      }
    },
    [errorText],
  );
  return { error, done, isBusy, run };
}
