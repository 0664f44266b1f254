import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useServerRead, type ReadProblem } from '#renderer/blocks/use-server-read.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import { toOutpostError } from '#shared/kernel/errors.ts';
import type { SsoOverview } from '#shared/sync/sso-messages.ts';

/** What is wrong in the user's words: the reason of a provider, the part of a form, or the code. */
export function useSsoErrorText(): (error: unknown) => string {
  const { t } = useTranslation();
  const errorText = useErrorText();
  return useCallback(
    (error) => {
      const { code, details } = toOutpostError(error);
      const fallback = errorText(error);
      const say = (key: string): string => t(key, { defaultValue: fallback });
      if (code === 'sso_refused') return say(`sso.refusals.${textOf(details['reason'])}`);
      if (code === 'provider_failed') return say(`sso.failures.${textOf(details['failure'])}`);
      const problems = code === 'invalid' ? details['problems'] : undefined;
      const first: unknown = Array.isArray(problems) ? problems[0] : undefined;
      return typeof first === 'string' ? say(`sso.problems.${first.split(':')[1] ?? ''}`) : fallback;
    },
    [t, errorText],
  );
}

export interface SsoSetup {
  /** Null until the server has answered. */
  readonly setup: SsoOverview | null;
  /** Why the setup could not be read. */
  readonly problem: ReadProblem | null;
  /** Why a change was refused. */
  readonly error: string | null;
  readonly isBusy: boolean;
  /** Does it and shows what there is afterwards; false when it was refused. */
  run(work: () => Promise<SsoOverview>): Promise<boolean>;
  readonly reload: () => void;
}

/** Only the server knows it, so it is asked each time. */
export function useSso(): SsoSetup {
  const errorText = useSsoErrorText();
  const [setup, setSetup] = useState<SsoOverview | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const run = useCallback(
    async (work: () => Promise<SsoOverview>) => {
      setBusy(true);
      setError(null);
      try {
        setSetup(await work());
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
  const read = useCallback(() => invokeMain(getBridge(), 'sso.overview', {}).then(setSetup), []);
  const { problem, readAgain } = useServerRead(read);
  return { setup, problem, error, isBusy, run, reload: readAgain };
}
