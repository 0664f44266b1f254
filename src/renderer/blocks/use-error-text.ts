import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { toOutpostError, type ErrorData } from '#shared/kernel/errors.ts';

/** An error in the user's words: the catalogue's text for its code, with the facts it carries. */
export function useErrorText(): (error: unknown) => string {
  const { t } = useTranslation();
  return useCallback(
    (error) => {
      const known = isErrorData(error) ? error : toOutpostError(error);
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
