import { Button } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { lookAsRole } from '#renderer/blocks/look-as-role.ts';
import { useRoleName } from '#renderer/blocks/use-role-name.ts';
import classes from './role-banner.module.css';

/** Says that the window shows what another role sees, and how to come back. */
export function RoleBanner() {
  const { t } = useTranslation();
  const roleName = useRoleName();
  const viewAs = useAppSelector((state) => state.device.viewAs);
  if (viewAs === null) return null;
  const { actor } = viewAs;
  const role = roleName(actor);
  return (
    <div className={classes.banner} role="status" data-testid="role-banner">
      <IconEye size={16} aria-hidden />
      <span>
        {actor.name === '' ? t('viewAs.nobody', { role }) : t('viewAs.person', { role, name: actor.name })}{' '}
        <span className="op-muted">{t('viewAs.readOnly')}</span>
      </span>
      <Button size="compact-xs" variant="default" onClick={() => lookAsRole(null)}>
        {t('viewAs.leave')}
      </Button>
    </div>
  );
}
