import { NumberInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { KEEP_FILES_DAYS, KEEP_FILES_MB } from '#shared/files/file-limits.ts';
import { SettingsForm } from '#renderer/features/settings/settings-form.tsx';
import type { FilesUsage } from '#shared/ipc/file-state.ts';

const isWithin = (
  value: number | string,
  { least, most }: { readonly least: number; readonly most: number },
): boolean => Number.isInteger(value) && Number(value) >= least && Number(value) <= most;

/** Which files this computer keeps without being asked, and how much room they take. */
export function KeepFilesForm() {
  const { t } = useTranslation();
  const format = useFormat();
  const { keepFilesDays, keepFilesMb } = useAppSelector((state) => state.device.preferences);
  const [days, setDays] = useState<number | string>(keepFilesDays);
  const [room, setRoom] = useState<number | string>(keepFilesMb);
  const [usage, setUsage] = useState<FilesUsage | null>(null);
  const [isDone, setDone] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const errorText = useErrorText();
  useEffect(() => {
    const read = (): void => void invokeMain(getBridge(), 'files.usage', {}).then(setUsage, () => setUsage(null));
    read();
    return getBridge().on('files.changed', read);
  }, []);
  const isValid = isWithin(days, KEEP_FILES_DAYS) && isWithin(room, KEEP_FILES_MB);
  const isChanged = days !== keepFilesDays || room !== keepFilesMb;
  async function save(): Promise<void> {
    setError(null);
    try {
      await invokeMain(getBridge(), 'preferences.set', { keepFilesDays: Number(days), keepFilesMb: Number(room) });
      setDone(true);
    } catch (failure) {
      setError(errorText(failure));
    }
  }

  return (
    <SettingsForm
      title={t('settings.files.title')}
      lead={t('settings.files.text')}
      error={error}
      isDone={isDone && !isChanged}
      doneText={t('settings.saved')}
      canSave={isValid && isChanged}
      onSave={save}
      facts={
        usage === null ? null : (
          <p data-testid="files-usage" data-bytes={usage.copyBytes}>
            {t('settings.files.usage', { count: usage.copyCount, size: format.bytes(usage.copyBytes) })}{' '}
            {usage.owedCount === 0
              ? null
              : t('settings.files.owed', { count: usage.owedCount, size: format.bytes(usage.owedBytes) })}
          </p>
        )
      }
    >
      <NumberInput
        label={t('settings.files.days')}
        description={t('settings.files.daysText')}
        value={days}
        onChange={setDays}
        min={KEEP_FILES_DAYS.least}
        max={KEEP_FILES_DAYS.most}
        allowDecimal={false}
        w={260}
      />
      <NumberInput
        label={t('settings.files.room')}
        description={t('settings.files.roomText')}
        value={room}
        onChange={setRoom}
        min={KEEP_FILES_MB.least}
        max={KEEP_FILES_MB.most}
        allowDecimal={false}
        w={260}
      />
    </SettingsForm>
  );
}
