import { useTranslation } from 'react-i18next';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

/** What is wrong with a wish about a webhook, in the reader's words. */
export function useWebhookProblem(): (failure: unknown) => string {
  const { t, i18n } = useTranslation();
  const errorText = useErrorText();
  return (failure) => {
    const problems = failure instanceof OutpostError ? failure.details['problems'] : undefined;
    const first: unknown = Array.isArray(problems) ? problems[0] : undefined;
    const key = typeof first === 'string' ? `settings.webhooks.problem.${first.replace(':', '-')}` : '';
    return key !== '' && i18n.exists(key) ? t(key) : errorText(failure);
  };
}
