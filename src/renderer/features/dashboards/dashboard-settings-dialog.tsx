import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { entities } from '#shared/entities/registry.ts';

export interface DashboardSettings {
  readonly name: string;
  readonly sharing: string;
}

/** Name of a dashboard, and who sees it. */
export function DashboardSettingsDialog(props: {
  readonly title: string;
  readonly start: DashboardSettings;
  readonly onSave: (settings: DashboardSettings) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const [name, setName] = useState(props.start.name);
  const [sharing, setSharing] = useState(props.start.sharing);
  const options = entities.dashboard.fields['sharing']?.options ?? [];
  return (
    <Modal opened onClose={props.onClose} title={props.title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          props.onSave({ name: name.trim(), sharing });
        }}
      >
        <Stack gap="sm">
          <TextInput
            label={names.field(entities.dashboard, 'name')}
            required
            maxLength={120}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label={names.field(entities.dashboard, 'sharing')}
            description={t('dashboards.sharedHint')}
            allowDeselect={false}
            data={options.map(({ value }) => ({
              value,
              label: names.option(entities.dashboard, 'sharing', value),
            }))}
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
