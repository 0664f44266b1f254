import { NumberInput } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { ServerProblem } from '#renderer/blocks/server-problem.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useServerRead } from '#renderer/blocks/use-server-read.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { FileLimitsForm, type OrganizationFormProps } from '#renderer/features/settings/file-limits-form.tsx';
import { KeepFilesForm } from '#renderer/features/settings/keep-files-form.tsx';
import { MaintenanceForm } from '#renderer/features/settings/maintenance-form.tsx';
import { SettingsForm } from '#renderer/features/settings/settings-form.tsx';
import type { Actor } from '#shared/access/actor.ts';
import type { ChannelOutput } from '#shared/ipc/contract.ts';
import type { OrganizationSettings } from '#shared/sync/messages.ts';
import { LEASE_DAYS } from '#shared/sync/lease.ts';
import classes from './settings.module.css';

/** Until when this computer works without its server, and, for administrators, for how long every computer does. */
export function OfflineSection(props: { readonly actor: Actor }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [lease, setLease] = useState<ChannelOutput<'session.lease'>>(null);
  useEffect(() => {
    const read = (): void => void invokeMain(getBridge(), 'session.lease', {}).then(setLease);
    read();
    // Every contact with the server moves it.
    return getBridge().on('sync.changed', read);
  }, []);
  return (
    <>
      <h1>{t('settings.offline.title')}</h1>
      <p className={classes.lead}>{t('settings.offline.text')}</p>
      {lease === null ? null : (
        <p data-testid="lease-end" data-days={lease.days}>
          {t('settings.offline.until', { until: format.instant(lease.endsAt), count: lease.days })}
        </p>
      )}
      <KeepFilesForm />
      {props.actor.permissions.includes('org.configure_settings') ? <AdministratorForms /> : null}
    </>
  );
}

/** What holds for every computer of the organization. */
function AdministratorForms() {
  const [settings, setSettings] = useState<OrganizationSettings | null>(null);
  const read = useCallback(
    () => invokeMain(getBridge(), 'organization.settings', {}).then((found) => setSettings(found)),
    [],
  );
  const { problem } = useServerRead(read, settings !== null);
  if (settings === null) return <ServerProblem problem={problem} />;
  return (
    <>
      <LeaseDaysForm settings={settings} onSaved={setSettings} />
      <FileLimitsForm settings={settings} onSaved={setSettings} />
      <MaintenanceForm />
    </>
  );
}

function LeaseDaysForm(props: OrganizationFormProps) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const saved = props.settings.offlineLeaseDays;
  const [days, setDays] = useState<number | string>(saved);
  const [error, setError] = useState<string | null>(null);
  const [isDone, setDone] = useState(false);

  async function save(): Promise<void> {
    setError(null);
    setDone(false);
    try {
      const next = await invokeMain(getBridge(), 'organization.change', { offlineLeaseDays: Number(days) });
      props.onSaved(next);
      setDays(next.offlineLeaseDays);
      setDone(true);
    } catch (failure) {
      setError(errorText(failure));
    }
  }

  const isValid = Number.isInteger(days) && Number(days) >= LEASE_DAYS.least && Number(days) <= LEASE_DAYS.most;
  return (
    <SettingsForm
      title={t('settings.offline.organization')}
      lead={t('settings.offline.policy')}
      error={error}
      isDone={isDone}
      canSave={isValid && days !== saved}
      onSave={save}
    >
      <NumberInput
        label={t('settings.offline.days')}
        description={t('settings.offline.range', { least: LEASE_DAYS.least, most: LEASE_DAYS.most })}
        value={days}
        onChange={setDays}
        min={LEASE_DAYS.least}
        max={LEASE_DAYS.most}
        allowDecimal={false}
        w={260}
      />
    </SettingsForm>
  );
}
