import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { modelFailures } from '#shared/sync/drafting-messages.ts';

/** Why a language model gave no answer, in plain words. */
export function useModelError(): (error: unknown) => string {
  const { t } = useTranslation();
  const errorText = useErrorText();
  return useCallback(
    (error) => {
      if (!(error instanceof OutpostError)) return errorText(error);
      const failure = modelFailures.find((known) => known === error.details['failure']);
      if (error.code === 'provider_failed') return t(`drafting.failures.${failure ?? 'down'}`);
      return error.code === 'too_many_requests' ? t('drafting.failures.limit') : errorText(error);
    },
    [t, errorText],
  );
}
