import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { toOutpostError, type ErrorData } from '#shared/kernel/errors.ts';

/** An error in the user's words: the catalogue's text for its code, with the facts it carries. */
export function useErrorText(): (error: unknown) => string {
  const { t } = useTranslation();
  return useCallback(
    (error) => {
      const known = isErrorData(error) ? error : toOutpostError(error);
      const problem = firstProblemOf(known);
      if (problem !== null) return t(`problems.${problem}`, { defaultValue: known.message });
      return t(`errors.${known.code}`, { ...known.details, defaultValue: known.message });
    },
    [t],
  );
}

function isErrorData(error: unknown): error is ErrorData {
  return (
    typeof error === 'object' && error !== null && !(error instanceof Error) && 'code' in error && 'message' in error
  );
}

/** Code of the first thing that does not fit, e.g. `required`; commands list them as `field:code`. */
function firstProblemOf(error: Pick<ErrorData, 'code' | 'details'>): string | null {
  const problems = error.code === 'invalid' ? error.details?.['problems'] : undefined;
  const first: unknown = Array.isArray(problems) ? problems[0] : undefined;
  return typeof first === 'string' ? (first.split(':')[1] ?? null) : null;
}
