import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { useLive } from '#renderer/data/use-data.ts';
import type { SsoSetup } from '#renderer/features/settings/sso/use-sso.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { SsoOverview } from '#shared/sync/sso-messages.ts';
import classes from '../settings.module.css';

/** The one administrator who gets in when no provider answers. */
export function BreakGlass(props: { readonly setup: SsoOverview; readonly sso: SsoSetup }) {
  const { t } = useTranslation();
  const { data } = useLive('list', {
    entity: 'user',
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 1000,
  });
  const administrators = (data?.rows ?? []).filter(
    (user) => (user['role'] === 'org_admin' || user['role'] === 'super_admin') && user['isActive'] !== false,
  );
  return (
    <section aria-labelledby="sso-break-glass">
      <h2 id="sso-break-glass" className={classes.subtitle}>
        {t('sso.breakGlass')}
      </h2>
      <p className={classes.lead}>{t('sso.breakGlassText')}</p>
      <Select
        label={t('sso.breakGlassWho')}
        placeholder={t('sso.breakGlassNobody')}
        clearable
        clearButtonProps={{ 'aria-label': t('sso.breakGlassClear') }}
        w={320}
        data={administrators.map((user) => ({ value: user.id, label: textOf(user['name']) }))}
        value={props.setup.breakGlassUserId}
        onChange={(userId) => void props.sso.run(() => invokeMain(getBridge(), 'sso.chooseBreakGlass', { userId }))}
      />
    </section>
  );
}
