import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { ApiKey } from '#shared/sync/access-messages.ts';

/** Says what stops before it stops. */
export function RevokeKeyDialog(props: {
  readonly row: ApiKey;
  readonly onRevoke: () => Promise<void>;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={<Text fw={600}>{t('settings.apiKeys.revokeTitle', { name: props.row.name })}</Text>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack gap="md">
        <Text size="sm">{t('settings.apiKeys.revokeText')}</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose} data-autofocus>
            {t('common.cancel')}
          </Button>
          <Button color="red" onClick={() => void props.onRevoke().then(props.onClose)}>
            {t('settings.apiKeys.revoke')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
