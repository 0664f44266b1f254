import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { useRequest } from '#renderer/data/use-data.ts';
import type { UpdateStatus } from '#shared/ipc/app-channels.ts';
import classes from './settings.module.css';

/** This installation: version, server, where keys are kept, what the local database holds, updates. */
export function AboutSection(props: { readonly serverUrl: string; readonly tenantName: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const request = useRequest();
  const info = useAppSelector((state) => state.device.info);
  const sync = useAppSelector((state) => state.device.sync);
  const [counts, setCounts] = useState<Readonly<Record<string, number>>>({});
  const [update, setUpdate] = useState<UpdateStatus>({ state: 'idle' });
  useEffect(() => {
    void request('databaseState', {}).then((state) => setCounts(state.counts));
    void invokeMain(getBridge(), 'update.status', {}).then(setUpdate);
    return getBridge().on('update.changed', setUpdate);
  }, [request]);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const facts: readonly (readonly [string, string])[] = [
    ['version', `${info?.version ?? ''} (${info?.host === 'chromium' ? t('shell.chromiumHost') : 'Electron'})`],
    ['organization', props.tenantName],
    ['server', props.serverUrl],
    [
      'secrets',
      t(`settings.about.backend.${info?.secretBackend ?? 'passphrase'}`, { defaultValue: info?.secretBackend ?? '' }),
    ],
    ['records', format.number(total)],
    [
      'upToDate',
      sync?.upToDateAt === null || sync === null ? t('settings.about.never') : format.instant(sync.upToDateAt),
    ],
    ['unsent', format.number(sync?.pendingRecords ?? 0)],
  ];
  return (
    <>
      <h1>{t('settings.about.title')}</h1>
      <p className={classes.lead}>{t('settings.about.text')}</p>
      <dl className={classes.facts}>
        {facts.map(([key, value]) => (
          <div key={key} style={{ display: 'contents' }}>
            <dt>{t(`settings.about.${key}`)}</dt>
            <dd data-selectable>{value}</dd>
          </div>
        ))}
        <dt>{t('settings.about.update')}</dt>
        <dd>{t(`settings.about.updateState.${update.state}`, { ...update })}</dd>
      </dl>
      {update.state === 'ready' ? (
        <Button onClick={() => void invokeMain(getBridge(), 'update.install', {})}>
          {t('settings.about.install')}
        </Button>
      ) : update.state === 'unsupported' ? null : (
        <Button variant="default" onClick={() => void invokeMain(getBridge(), 'update.check', {}).then(setUpdate)}>
          {t('settings.about.check')}
        </Button>
      )}
    </>
  );
}
