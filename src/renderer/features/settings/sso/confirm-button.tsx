import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Asks before it does what cannot be taken back. */
export function ConfirmButton(props: {
  /** Names what goes, for whoever hears it. */
  readonly label: string;
  readonly text: string;
  readonly icon: ReactNode;
  readonly onConfirm: () => void;
}) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={props.icon}
        aria-label={props.label}
        onClick={() => setAsking(true)}
      >
        {t('sso.remove')}
      </Button>
      <Modal
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={props.label}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <Stack gap="md">
          <Text size="sm">{props.text}</Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" data-autofocus onClick={() => setAsking(false)}>
              {t('common.cancel')}
            </Button>
            <Button
              color="red"
              onClick={() => {
                setAsking(false);
                props.onConfirm();
              }}
            >
              {t('sso.remove')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
