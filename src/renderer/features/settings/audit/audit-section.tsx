// The audit in the settings: what it is, and the way to the window in which it is read.
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { Actor } from '#shared/access/actor.ts';
import classes from '../settings.module.css';

export function AuditSection(props: { readonly actor: Actor }) {
  const { t } = useTranslation();
  const mayRead = props.actor.permissions.includes('org.view_audit_logs');
  const open = (tab: string) => () => void invokeMain(getBridge(), 'window.openAudit', { path: `/audit/${tab}` });
  return (
    <>
      <h1>{t('settings.audit.title')}</h1>
      <p className={classes.lead}>{mayRead ? t('settings.audit.text') : t('settings.audit.refusedReader')}</p>
      {mayRead ? (
        <div className={classes.toolbar}>
          <Button onClick={open('entries')}>{t('audit.openExplorer')}</Button>
          <Button variant="default" onClick={open('policies')}>
            {t('audit.tabs.policies')}
          </Button>
          <Button variant="default" onClick={open('keeping')}>
            {t('audit.tabs.keeping')}
          </Button>
        </div>
      ) : null}
    </>
  );
}
