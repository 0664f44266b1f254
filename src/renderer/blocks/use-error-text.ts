import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { errorTextOf } from '#renderer/blocks/error-text.ts';
import { toOutpostError, type ErrorData } from '#shared/kernel/errors.ts';

/** An error in the user's words. */
export function useErrorText(): (error: unknown) => string {
  const { t } = useTranslation();
  const names = useNames();
  return useCallback((error) => errorTextOf(t, names, isErrorData(error) ? error : toOutpostError(error)), [t, names]);
}

function isErrorData(error: unknown): error is ErrorData {
  return (
    typeof error === 'object' && error !== null && !(error instanceof Error) && 'code' in error && 'message' in error
  );
}
