import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { toOutpostError, type ErrorData } from '#shared/kernel/errors.ts';

/** Why something with a file did not work, in the user's words. */
export function useFileErrorText(): (error: unknown) => string {
  const { t } = useTranslation();
  const errorText = useErrorText();
  return useCallback(
    (error) => {
      const { details } = isData(error) ? error : toOutpostError(error);
      const { reason } = details;
      const usual = errorText(error);
      return typeof reason === 'string' ? t(`files.reasons.${reason}`, { ...details, defaultValue: usual }) : usual;
    },
    [t, errorText],
  );
}

function isData(error: unknown): error is ErrorData {
  return typeof error === 'object' && error !== null && !(error instanceof Error) && 'details' in error;
}
