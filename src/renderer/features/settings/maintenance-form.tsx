import { Alert, Button, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { MomentInput } from '#renderer/blocks/moment-input.tsx';
import { useTypedForm } from '#renderer/blocks/typed-forms.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useMaintenance } from '#renderer/blocks/use-maintenance.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { MOST_MAINTENANCE_TEXT, type Maintenance } from '#shared/sync/maintenance.ts';
import classes from './settings.module.css';

/** For administrators: tells everybody of the organization when the server will not answer. */
export function MaintenanceForm() {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const planned = useMaintenance();
  const [from, setFrom] = useState<string | null>(null);
  const [until, setUntil] = useState<string | null>(null);
  const [text, setText] = useState('');
  const [error, setError] = useState<string | null>(null);
  const [done, setDone] = useState('');
  useTypedForm(from !== null || until !== null || text !== '');

  async function announce(next: Maintenance | null): Promise<void> {
    setError(null);
    setDone('');
    try {
      await invokeMain(getBridge(), 'maintenance.announce', { planned: next });
      setDone(next === null ? t('maintenance.takenBack') : t('maintenance.announced'));
      if (next === null) return;
      setFrom(null);
      setUntil(null);
      setText('');
    } catch (failure) {
      setError(errorText(failure));
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (from !== null && until !== null) void announce({ from, until, text: text.trim() });
      }}
    >
      <Text size="sm" fw={540} component="h2">
        {t('maintenance.title')}
      </Text>
      <p className={classes.lead}>{t('maintenance.text')}</p>
      {error === null ? null : (
        <Alert color="yellow" mb="md" role="alert">
          {error}
        </Alert>
      )}
      {planned === null ? null : (
        <Group gap="sm" mb="sm" data-testid="maintenance-planned">
          <span>
            {t('maintenance.planned', { from: format.instant(planned.from), until: format.instant(planned.until) })}{' '}
            {planned.text}
          </span>
          <Button size="compact-xs" variant="default" onClick={() => void announce(null)}>
            {t('maintenance.takeBack')}
          </Button>
        </Group>
      )}
      <Group align="flex-end" gap="sm">
        <MomentInput w={230} label={t('maintenance.from')} value={from} onChange={setFrom} />
        <MomentInput w={230} label={t('maintenance.until')} value={until} onChange={setUntil} />
        <TextInput
          label={t('maintenance.why')}
          value={text}
          maxLength={MOST_MAINTENANCE_TEXT}
          w={260}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button type="submit" size="sm" disabled={from === null || until === null}>
          {t('maintenance.announce')}
        </Button>
      </Group>
      <p role="status">{done}</p>
    </form>
  );
}
