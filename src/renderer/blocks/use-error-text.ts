import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { errorTextOf } from '#renderer/blocks/error-text.ts';
import { toOutpostError, type ErrorData } from '#shared/kernel/errors.ts';

/** An error in the user's words. */
export function useErrorText(): (error: unknown) => string {
  const { t } = useTranslation();
  const names = useNames();
  const isSignedIn = useAppSelector((state) => state.device.session?.status === 'signedIn');
  return useCallback(
    (error) => errorTextOf(t, names, isErrorData(error) ? error : toOutpostError(error), isSignedIn),
    [t, names, isSignedIn],
  );
}

function isErrorData(error: unknown): error is ErrorData {
  return (
    typeof error === 'object' && error !== null && !(error instanceof Error) && 'code' in error && 'message' in error
  );
}
