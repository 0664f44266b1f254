import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { sharingChoices } from '#shared/entities/document-sharing.ts';
import { entities } from '#shared/entities/registry.ts';

export interface DocumentSettings {
  readonly name: string;
  readonly sharing: string;
}

/** Name of a dashboard or a saved report, and who sees it. */
export function DocumentSettingsDialog(props: {
  readonly entity: 'dashboard' | 'report';
  readonly title: string;
  readonly start: DocumentSettings;
  readonly onSave: (settings: DocumentSettings) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const [name, setName] = useState(props.start.name);
  const [sharing, setSharing] = useState(props.start.sharing);
  const definition = entities[props.entity];
  return (
    <Modal opened onClose={props.onClose} title={props.title} closeButtonProps={{ 'aria-label': t('common.close') }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          props.onSave({ name: name.trim(), sharing });
        }}
      >
        <Stack gap="sm">
          <TextInput
            label={names.field(definition, 'name')}
            required
            maxLength={120}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label={names.field(definition, 'sharing')}
            description={t('dashboards.sharedHint')}
            allowDeselect={false}
            data={sharingChoices.map((value) => ({ value, label: names.option(definition, 'sharing', value) }))}
            value={sharing}
            onChange={(value) => setSharing(value ?? sharing)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={props.onClose}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" disabled={name.trim() === ''}>
              {t('common.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
