import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { useProved } from '#renderer/features/settings/security/use-proved.tsx';
import { GivenSecret } from '#renderer/features/settings/webhooks/given-secret.tsx';
import { useWebhookProblem } from '#renderer/features/settings/webhooks/use-webhook-problem.ts';
import { SECRET_OVERLAP_HOURS, type GivenWebhook, type Webhook } from '#shared/sync/webhook-messages.ts';

/** A new secret, which the receiver learns while both of them sign. */
export function RotateSecretDialog(props: {
  readonly row: Webhook;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const problemOf = useWebhookProblem();
  const [given, setGiven] = useState<GivenWebhook | null>(null);
  const { row, onDone, onClose } = props;

  const { run, error, proof } = useProved(async () => {
    setGiven(await invokeMain(getBridge(), 'webhooks.rotate', { id: row.id }));
    onDone();
  }, problemOf);

  function content() {
    if (proof !== null) return proof;
    if (given !== null) return <GivenSecret given={given} onClose={onClose} />;
    return (
      <Stack gap="md">
        {error === null ? null : (
          <Alert color="yellow" role="alert">
            {error}
          </Alert>
        )}
        <Text size="sm">{t('settings.webhooks.rotateText', { count: SECRET_OVERLAP_HOURS })}</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button onClick={run}>{t('settings.webhooks.rotateNow')}</Button>
        </Group>
      </Stack>
    );
  }

  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={<Text fw={600}>{t('settings.webhooks.rotateTitle', { name: row.name })}</Text>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      closeOnClickOutside={false}
      closeOnEscape={given === null}
    >
      {content()}
    </Modal>
  );
}
