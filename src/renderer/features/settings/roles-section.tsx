import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { roleNames } from '#shared/access/actor.ts';
import { permissionCatalogue, permissionNames } from '#shared/access/permissions.ts';
import { permissionsOf } from '#shared/access/roles.ts';
import classes from './settings.module.css';

/** Which role may do what: the built-in roles over the whole catalogue of permissions. */
export function RolesSection() {
  const { t } = useTranslation();
  return (
    <>
      <h1>{t('settings.roles.title')}</h1>
      <p className={classes.lead}>{t('settings.roles.text')}</p>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('settings.roles.permission')}</th>
            {roleNames.map((role) => (
              <th key={role} scope="col" className={classes.check}>
                {t(`roles.${role}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {permissionNames.map((permission) => (
            <tr key={permission}>
              <td>
                {t(`permissions.${permission.replace('.', '_')}`, { defaultValue: permissionCatalogue[permission] })}
                <div className="op-muted" style={{ fontSize: 11.5 }}>
                  {permission}
                </div>
              </td>
              {roleNames.map((role) => {
                const isHeld = permissionsOf(role).includes(permission);
                return (
                  <td key={role} className={classes.check}>
                    {isHeld ? (
                      <IconCheck size={15} aria-label={t('common.yes')} role="img" />
                    ) : (
                      <span aria-label={t('common.no')} role="img" />
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
