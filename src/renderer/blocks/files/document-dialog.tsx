import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { useIsChanged } from '#renderer/blocks/use-is-changed.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { entities } from '#shared/entities/registry.ts';
import { cleanFileName } from '#shared/files/file-name.ts';
import { textOf } from '#shared/kernel/text-of.ts';

/** What a document is called, what it is and how far it has come. */
export function DocumentDialog(props: { readonly file: LocalRecord; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const names = useNames();
  const run = useCommand();
  const definition = entities.file;
  const { file } = props;
  const [values, setValues] = useState(() => ({
    title: textOf(file['title']),
    documentKind: textOf(file['documentKind']) || null,
    status: textOf(file['status']) || null,
  }));
  const isTyped = useIsChanged(values);

  async function save(): Promise<void> {
    const title = values.title.trim() === '' ? null : cleanFileName(values.title);
    const input = { entity: 'file', id: file.id, values: { ...values, title } };
    if ((await run('updateRecord', input, { done: t('files.changed') })) !== null) props.onClose();
  }

  const choice = (field: 'documentKind' | 'status') => (
    <Select
      label={names.field(definition, field)}
      data={(definition.fields[field]?.options ?? []).map(({ value }) => ({
        value,
        label: names.option(definition, field, value),
      }))}
      value={values[field]}
      onChange={(value) => setValues((before) => ({ ...before, [field]: value }))}
      clearable
      clearButtonProps={{ 'aria-label': t('common.clear') }}
      placeholder={t('common.choose')}
    />
  );
  return (
    <FormDialog isOpen isTyped={isTyped} onClose={props.onClose} title={t('files.detailsOf')}>
      {(cancel) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <Stack gap="sm">
            <TextInput
              label={names.field(definition, 'title')}
              placeholder={textOf(file['name'])}
              maxLength={180}
              data-autofocus
              value={values.title}
              onChange={(event) => {
                const title = event.currentTarget.value;
                setValues((before) => ({ ...before, title }));
              }}
            />
            {choice('documentKind')}
            {choice('status')}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={cancel}>
                {t('common.cancel')}
              </Button>
              <Button type="submit">{t('common.save')}</Button>
            </Group>
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}
