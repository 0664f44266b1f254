import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Whether what was typed may go. Escape is heard by whoever asks where `hearsEscape` is false. */
export function DiscardQuestion(props: {
  readonly isOpen: boolean;
  readonly hearsEscape?: boolean;
  readonly onKeep: () => void;
  readonly onDiscard: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={props.isOpen}
      onClose={props.onKeep}
      closeOnEscape={props.hearsEscape !== false}
      title={<Text fw={600}>{t('typed.title')}</Text>}
      size="sm"
      zIndex={300}
      closeButtonProps={{ 'aria-label': t('typed.keep') }}
    >
      <Stack gap="md" data-hears-escape={props.hearsEscape !== false}>
        <Text size="sm">{t('typed.text')}</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onDiscard}>
            {t('typed.discard')}
          </Button>
          <Button data-autofocus onClick={props.onKeep}>
            {t('typed.keep')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
