import { useTranslation } from 'react-i18next';
import { DeviceTable } from '#renderer/features/settings/people/device-table.tsx';
import type { Actor } from '#shared/access/actor.ts';
import classes from './settings.module.css';

/** Where this user is signed in; any of them can be named, ended and erased from here. */
export function DevicesSection(props: { readonly actor: Actor }) {
  const { t } = useTranslation();
  return (
    <>
      <h1>{t('settings.devices.title')}</h1>
      <p className={classes.lead}>{t('settings.devices.text')}</p>
      <DeviceTable userId={props.actor.userId} />
    </>
  );
}
