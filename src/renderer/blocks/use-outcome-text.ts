import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { errorCatalogue } from '#shared/kernel/errors.ts';
import { isDoneOutcome } from '#shared/sync/audit-messages.ts';

/** How something of an audit ended, in the user's words: done, or refused and why. */
export function useOutcomeText(): (outcome: string) => string {
  const { t } = useTranslation();
  return useCallback(
    (outcome) => {
      if (isDoneOutcome(outcome)) return t(`settings.audit.done.${outcome}`);
      const why = Object.hasOwn(errorCatalogue, outcome)
        ? t(`errors.${outcome}`)
        : t(`factors.history.outcomes.${outcome}`, { defaultValue: outcome });
      return t('settings.audit.refused', { why });
    },
    [t],
  );
}
