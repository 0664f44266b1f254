import { useCallback, useEffect, useRef, useState } from 'react';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useIsOnline } from '#renderer/blocks/use-is-online.ts';
import { toOutpostError } from '#shared/kernel/errors.ts';

/** Why something of the server is not here. */
export interface ReadProblem {
  readonly text: string;
  /** Nothing is wrong: the server is not there. */
  readonly isAway: boolean;
}

export interface ServerRead {
  /** Why nothing newer is there; null while nothing is known to be wrong. */
  readonly problem: ReadProblem | null;
  /** Reads once more, after something was changed. */
  readonly readAgain: () => void;
}

/**
 * Reads from the server when a screen opens, and again whenever the server comes back.
 *
 * @param read the same function as long as the same is to be read.
 * @param isKept what was read stays as it is: somebody may be typing on it.
 */
export function useServerRead(read: () => Promise<unknown>, isKept = false): ServerRead {
  const errorText = useErrorText();
  const isOnline = useIsOnline();
  const [problem, setProblem] = useState<ReadProblem | null>(null);
  const keeps = useRef(isKept);
  keeps.current = isKept;
  /** How often was read; only the newest answer counts. */
  const turn = useRef(0);
  const readAgain = useCallback(() => {
    turn.current += 1;
    const own = turn.current;
    read().then(
      () => {
        if (turn.current === own) setProblem(null);
      },
      (failure: unknown) => {
        const isAway = toOutpostError(failure).code === 'server_unreachable';
        if (turn.current === own) setProblem({ text: errorText(failure), isAway });
      },
    );
  }, [read, errorText]);
  useEffect(() => {
    // What was seen stays while the server is away.
    if (keeps.current || (turn.current > 0 && !isOnline)) return;
    readAgain();
  }, [readAgain, isOnline]);
  return { problem, readAgain };
}
