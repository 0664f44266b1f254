import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { ProveStep } from '#renderer/features/settings/security/prove-step.tsx';
import { useWebhookProblem } from '#renderer/features/settings/webhooks/use-webhook-problem.ts';
import { toOutpostError } from '#shared/kernel/errors.ts';
import type { Webhook } from '#shared/sync/webhook-messages.ts';

/** Says what stops before it stops. */
export function RemoveWebhookDialog(props: {
  readonly row: Webhook;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const problemOf = useWebhookProblem();
  const [error, setError] = useState<string | null>(null);
  const [isProving, setProving] = useState(false);
  const { row, onDone, onClose } = props;

  async function remove(): Promise<void> {
    setError(null);
    try {
      await invokeMain(getBridge(), 'webhooks.remove', { id: row.id });
      onDone();
      onClose();
    } catch (failure) {
      if (toOutpostError(failure).code === 'proof_required') return setProving(true);
      setError(problemOf(failure));
    }
  }

  const goOn = (): void => {
    setProving(false);
    void remove();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={600}>{t('settings.webhooks.removeTitle', { name: row.name })}</Text>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {isProving ? (
        <ProveStep onProved={goOn} onBack={() => setProving(false)} />
      ) : (
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
            <Button color="red" onClick={() => void remove()}>
              {t('settings.webhooks.removeNow')}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
