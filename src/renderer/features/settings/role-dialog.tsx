import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Name of a new role that starts as a copy of another one. */
export function RoleDialog(props: {
  readonly from: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onSave: (values: { readonly name: string; readonly description: string | null }) => Promise<void>;
}) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={props.isOpen}
      onClose={props.onClose}
      title={t('settings.roles.newFrom', { role: props.from })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <RoleForm {...props} />
    </Modal>
  );
}

function RoleForm(props: Parameters<typeof RoleDialog>[0]) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [isTried, setTried] = useState(false);
  const isMissing = name.trim() === '';
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (isMissing) return;
        void props.onSave({ name: name.trim(), description: description.trim() === '' ? null : description });
      }}
    >
      <Stack gap="sm">
        <TextInput
          label={t('settings.roles.name')}
          withAsterisk
          data-autofocus
          maxLength={80}
          value={name}
          error={isTried && isMissing ? t('problems.required') : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label={t('settings.roles.description')}
          autosize
          minRows={2}
          maxLength={1000}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit">{t('settings.roles.create')}</Button>
        </Group>
      </Stack>
    </form>
  );
}
