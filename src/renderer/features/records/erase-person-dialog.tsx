import { Button, Group, List, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Says plainly what will be gone and what stays, and asks for the name: nobody does this by a slip. */
export function ErasePersonDialog(props: {
  readonly name: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** True when it is done. */
  readonly erase: () => Promise<boolean>;
}) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const isSure = typed.trim() === props.name.trim();

  function close(): void {
    setTyped('');
    props.onClose();
  }

  async function erase(): Promise<void> {
    setIsBusy(true);
    const isDone = await props.erase();
    setIsBusy(false);
    if (isDone) close();
  }

  return (
    <Modal
      opened={props.isOpen}
      onClose={close}
      title={<Text fw={600}>{t('privacy.title', { name: props.name })}</Text>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isSure && !isBusy) void erase();
        }}
      >
        <Stack gap="sm">
          <Text size="sm">{t('privacy.lead')}</Text>
          <List size="sm" spacing="xs">
            <List.Item>{t('privacy.what1')}</List.Item>
            <List.Item>{t('privacy.what2')}</List.Item>
            <List.Item>{t('privacy.what3')}</List.Item>
          </List>
          <TextInput
            label={t('privacy.type', { name: props.name })}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" color="red.9" disabled={!isSure} loading={isBusy}>
              {t('privacy.confirm')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
