import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { permissionCatalogue, type PermissionName } from '#shared/access/permissions.ts';

/** What a right is called; English stands in the catalogue. */
export function usePermissionName(): (name: PermissionName) => string {
  const { t } = useTranslation();
  return useCallback(
    (name) => t(`permissions.${name.replace('.', '_')}`, { defaultValue: permissionCatalogue[name] }),
    [t],
  );
}
