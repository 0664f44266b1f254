import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { sharingChoices } from '#shared/entities/document-sharing.ts';
import { entities } from '#shared/entities/registry.ts';

export interface ReportSettings {
  readonly name: string;
  readonly sharing: string;
}

/** Name of a saved report, and who sees it. */
export function ReportSettingsDialog(props: {
  readonly start: ReportSettings;
  /** Resolves to false when it could not be saved: the dialog stays. */
  readonly onSave: (settings: ReportSettings) => Promise<boolean>;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const [name, setName] = useState(props.start.name);
  const [sharing, setSharing] = useState(props.start.sharing);

  async function save(): Promise<void> {
    if (await props.onSave({ name: name.trim(), sharing })) props.onClose();
  }

  return (
    <Modal
      opened
      onClose={props.onClose}
      title={t('analytics.reports.settings')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack gap="sm">
          <TextInput
            label={names.field(entities.report, 'name')}
            required
            maxLength={120}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label={names.field(entities.report, 'sharing')}
            description={t('dashboards.sharedHint')}
            allowDeselect={false}
            data={sharingChoices.map((value) => ({ value, label: names.option(entities.report, 'sharing', value) }))}
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
