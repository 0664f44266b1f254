import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { useProved } from '#renderer/features/settings/security/use-proved.tsx';
import { useWebhookProblem } from '#renderer/features/settings/webhooks/use-webhook-problem.ts';
import type { Webhook } from '#shared/sync/webhook-messages.ts';

/** Says what stops before it stops. */
export function RemoveWebhookDialog(props: {
  readonly row: Webhook;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const problemOf = useWebhookProblem();
  const { row, onDone, onClose } = props;

  const { run, error, proof } = useProved(async () => {
    await invokeMain(getBridge(), 'webhooks.remove', { id: row.id });
    onDone();
    onClose();
  }, problemOf);

  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={600}>{t('settings.webhooks.removeTitle', { name: row.name })}</Text>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {proof ?? (
        <Stack gap="md">
          {error === null ? null : (
            <Alert color="yellow" role="alert">
              {error}
            </Alert>
          )}
          <Text size="sm">{t('settings.webhooks.removeText')}</Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose} data-autofocus>
              {t('common.cancel')}
            </Button>
            <Button color="red" onClick={run}>
              {t('settings.webhooks.removeNow')}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
