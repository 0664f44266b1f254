import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { SessionState } from '#shared/ipc/session-state.ts';

/** The computer was too long without its server: why, until when it worked, what is kept, and how it opens again. */
export function LeasePanel(props: { readonly session: Extract<SessionState, { readonly status: 'leaseEnded' }> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { session } = props;

  async function run(work: () => Promise<unknown>): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (failure) {
      setError(errorText(failure));
    } finally {
      setBusy(false);
    }
  }

  return (
    <Stack gap="sm" data-testid="lease-ended" data-reason={session.reason}>
      <Text fw={600}>{t('lease.title', { company: session.tenantName })}</Text>
      <Text size="sm">
        {session.reason === 'clock'
          ? t('lease.clock')
          : t('lease.over', { count: session.days, until: format.instant(session.endsAt) })}
      </Text>
      <Text size="sm">{t('lease.how', { server: session.serverUrl })}</Text>
      {session.unsentCount === 0 ? null : (
        <Alert color="blue">{t('lease.unsent', { count: session.unsentCount })}</Alert>
      )}
      {error === null ? null : (
        <Alert color="red" role="alert">
          {error}
        </Alert>
      )}
      <Group justify="space-between" mt={4}>
        <Button
          variant="subtle"
          color="gray"
          disabled={isBusy}
          onClick={() => void run(() => invokeMain(getBridge(), 'session.signOut', { unsent: 'keep' }))}
        >
          {t('lease.signOut')}
        </Button>
        <Button
          size="sm"
          loading={isBusy}
          autoFocus
          onClick={() => void run(() => invokeMain(getBridge(), 'session.meetServer', {}))}
        >
          {t('lease.connect')}
        </Button>
      </Group>
    </Stack>
  );
}
