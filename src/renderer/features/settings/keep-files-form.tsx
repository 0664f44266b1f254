import { Button, Group, NumberInput, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { KEEP_FILES_DAYS, KEEP_FILES_MB } from '#shared/files/file-limits.ts';
import type { FilesUsage } from '#shared/ipc/contract.ts';
import classes from './settings.module.css';

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
  useEffect(() => {
    const read = (): void => void invokeMain(getBridge(), 'files.usage', {}).then(setUsage, () => setUsage(null));
    read();
    return getBridge().on('files.changed', read);
  }, []);
  const isValid = isWithin(days, KEEP_FILES_DAYS) && isWithin(room, KEEP_FILES_MB);
  const isChanged = days !== keepFilesDays || room !== keepFilesMb;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const change = { keepFilesDays: Number(days), keepFilesMb: Number(room) };
        void invokeMain(getBridge(), 'preferences.set', change).then(() => setDone(true));
      }}
    >
      <Text size="sm" fw={540} component="h2">
        {t('settings.files.title')}
      </Text>
      <p className={classes.lead}>{t('settings.files.text')}</p>
      {usage === null ? null : (
        <p data-testid="files-usage" data-bytes={usage.copyBytes}>
          {t('settings.files.usage', { count: usage.copyCount, size: format.bytes(usage.copyBytes) })}{' '}
          {usage.owedCount === 0
            ? null
            : t('settings.files.owed', { count: usage.owedCount, size: format.bytes(usage.owedBytes) })}
        </p>
      )}
      <Group align="flex-end" gap="sm">
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
        <Button type="submit" size="sm" disabled={!isValid || !isChanged}>
          {t('settings.offline.save')}
        </Button>
      </Group>
      <p role="status">{isDone && !isChanged ? t('settings.saved') : ''}</p>
    </form>
  );
}
