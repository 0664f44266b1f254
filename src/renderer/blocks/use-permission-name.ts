import { useCallback } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { permissionCatalogue, type PermissionName } from '#shared/access/permissions.ts';

/** What a right is called; English stands in the catalogue. */
export function permissionNameOf(t: TFunction, name: PermissionName): string {
  return t(`permissions.${name.replace('.', '_')}`, { defaultValue: permissionCatalogue[name] });
}

export function usePermissionName(): (name: PermissionName) => string {
  const { t } = useTranslation();
  return useCallback((name) => permissionNameOf(t, name), [t]);
}
