import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { isPermissionName, permissionCatalogue } from '#shared/access/permissions.ts';

/** What a permission is called. */
export function usePermissionLabel(): (name: string) => string {
  const { t } = useTranslation();
  return useCallback(
    (name) =>
      t(`permissions.${name.replace('.', '_')}`, {
        defaultValue: isPermissionName(name) ? permissionCatalogue[name] : name,
      }),
    [t],
  );
}
