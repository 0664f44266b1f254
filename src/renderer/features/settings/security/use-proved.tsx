// What asks for a proof of who sits there: done at once where a proof is fresh, otherwise as soon as one was given.
import { useState, type ReactNode } from 'react';
import { ProveStep } from '#renderer/features/settings/security/prove-step.tsx';
import { toOutpostError } from '#shared/kernel/errors.ts';

interface Proved {
  /** Begins it. Never rejects: what was refused is told in `error`. */
  readonly run: () => void;
  /** Why it was refused, in the words of its reader. */
  readonly error: string | null;
  /** Stands in the place of the form while a proof is asked for; after it everything goes on with what was typed. */
  readonly proof: ReactNode | null;
}

/** `problemOf`: a refusal in words. */
export function useProved(work: () => Promise<void>, problemOf: (failure: unknown) => string): Proved {
  const [error, setError] = useState<string | null>(null);
  const [isProving, setProving] = useState(false);

  async function run(): Promise<void> {
    setProving(false);
    setError(null);
    try {
      await work();
    } catch (failure) {
      if (toOutpostError(failure).code === 'proof_required') setProving(true);
      else setError(problemOf(failure));
    }
  }

  const begin = (): void => void run();
  return {
    run: begin,
    error,
    proof: isProving ? <ProveStep onProved={begin} onBack={() => setProving(false)} /> : null,
  };
}
