import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Actor } from '#shared/access/actor.ts';
import { isBuiltInRole } from '#shared/access/roles.ts';

/** What a role is called: the built-in ones in the user's language, custom ones as their organization calls them. */
export function useRoleName(): (role: Pick<Actor, 'role' | 'roleName'>) => string {
  const { t } = useTranslation();
  return useCallback(
    ({ role, roleName }) => (isBuiltInRole(role) ? t(`roles.${role}`) : (roleName ?? t('roles.custom'))),
    [t],
  );
}
