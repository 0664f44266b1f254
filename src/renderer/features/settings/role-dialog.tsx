import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';

export interface RoleWords {
  readonly name: string;
  readonly description: string | null;
}

/** What a role is called: of a new one that starts as a copy of another, or of one that is there. */
export function RoleDialog(props: {
  readonly title: string;
  readonly saveLabel: string;
  /** Null: a new one. */
  readonly before: RoleWords | null;
  readonly onClose: () => void;
  readonly onSave: (words: RoleWords) => Promise<void>;
}) {
  const { t } = useTranslation();
  const before = { name: props.before?.name ?? '', description: props.before?.description ?? '' };
  const [name, setName] = useState(before.name);
  const [description, setDescription] = useState(before.description);
  const [isTried, setTried] = useState(false);
  const isMissing = name.trim() === '';
  return (
    <FormDialog
      isOpen
      title={props.title}
      isTyped={name !== before.name || description !== before.description}
      onClose={props.onClose}
    >
      {(cancel) => (
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
              <Button variant="default" onClick={cancel}>
                {t('common.cancel')}
              </Button>
              <Button type="submit">{props.saveLabel}</Button>
            </Group>
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}
