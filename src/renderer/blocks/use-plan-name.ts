import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { UNLIMITED_PLAN, unlimitedPlan } from '#shared/platform/plans.ts';

/** The plan that is there from the start is called in the user's language until somebody gives it another name. */
export function usePlanName(): (plan: { readonly id: string; readonly name: string }) => string {
  const { t } = useTranslation();
  return useCallback(
    ({ id, name }) => (id === UNLIMITED_PLAN && name === unlimitedPlan.name ? t('platform.plans.unlimited') : name),
    [t],
  );
}
