import { NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { FILE_QUOTA_GB, FILE_SIZE_MB, toSetting } from '#shared/files/file-limits.ts';
import { SettingsForm } from '#renderer/features/settings/settings-form.tsx';
import type { OrganizationSettings } from '#shared/sync/messages.ts';

export interface OrganizationFormProps {
  readonly settings: OrganizationSettings;
  readonly onSaved: (settings: OrganizationSettings) => void;
}

/** How large files of the organization may be, for administrators. */
export function FileLimitsForm({ settings, onSaved }: OrganizationFormProps) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [edited, setEdited] = useState<{ readonly size?: number | string; readonly quota?: number | string }>({});
  const [error, setError] = useState<string | null>(null);
  const [isDone, setDone] = useState(false);
  const size = edited.size ?? toSetting(settings.fileSizeMb, FILE_SIZE_MB);
  const quota = edited.quota ?? toSetting(settings.fileQuotaGb, FILE_QUOTA_GB);

  async function save(): Promise<void> {
    setError(null);
    setDone(false);
    try {
      const { offlineLeaseDays } = await invokeMain(getBridge(), 'organization.settings', {});
      const change = { offlineLeaseDays, fileSizeMb: Number(size), fileQuotaGb: Number(quota) };
      onSaved(await invokeMain(getBridge(), 'organization.change', change));
      setEdited({});
      setDone(true);
    } catch (failure) {
      setError(errorText(failure));
    }
  }

  const isValid = toSetting(size, FILE_SIZE_MB) === size && toSetting(quota, FILE_QUOTA_GB) === quota;
  const isChanged = size !== settings.fileSizeMb || quota !== settings.fileQuotaGb;
  return (
    <SettingsForm
      title={t('settings.files.organization')}
      lead={t('settings.files.policy')}
      error={error}
      isDone={isDone}
      canSave={isValid && isChanged}
      onSave={save}
    >
      <NumberInput
        label={t('settings.files.size')}
        description={t('settings.files.sizeRange', { least: FILE_SIZE_MB.least, most: FILE_SIZE_MB.most })}
        value={size}
        onChange={(next) => setEdited({ ...edited, size: next })}
        min={FILE_SIZE_MB.least}
        max={FILE_SIZE_MB.most}
        allowDecimal={false}
        w={260}
      />
      <NumberInput
        label={t('settings.files.quota')}
        description={t('settings.files.quotaText')}
        value={quota}
        onChange={(next) => setEdited({ ...edited, quota: next })}
        min={FILE_QUOTA_GB.least}
        max={FILE_QUOTA_GB.most}
        allowDecimal={false}
        w={260}
      />
    </SettingsForm>
  );
}
