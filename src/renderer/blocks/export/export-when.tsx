// Once, or by itself from now on: on which days, and when.
import { Group, NativeSelect, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { ClockInput } from '#renderer/blocks/clock-input.tsx';
import type { ExportPlan } from '#renderer/blocks/export/perform-export.ts';
import { exportDays, type ExportDays } from '#shared/ipc/export-channels.ts';

export interface WhenDraft {
  readonly days: ExportDays | 'once';
  /** As typed, `07:00`. */
  readonly time: string;
}

export const once: WhenDraft = { days: 'once', time: '07:00' };

/** Null: once, or a time nobody can read. */
export function planOf({ days, time }: WhenDraft): ExportPlan | null {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) ?? [];
  if (days === 'once' || hour === undefined || minute === undefined) return null;
  return { days, minuteOfDay: Number(hour) * 60 + Number(minute) };
}

export function ExportWhen(props: { readonly value: WhenDraft; readonly onChange: (next: WhenDraft) => void }) {
  const { t } = useTranslation();
  const { value, onChange } = props;
  const isPlanned = value.days !== 'once';
  return (
    <Stack gap={6}>
      <Group gap="xs" align="end" wrap="nowrap">
        <NativeSelect
          flex={1}
          label={t('export.when.label')}
          value={value.days}
          data={(['once', ...exportDays] as const).map((days) => ({ value: days, label: t(`export.when.${days}`) }))}
          onChange={({ currentTarget }) =>
            onChange({ ...value, days: exportDays.find((days) => days === currentTarget.value) ?? 'once' })
          }
        />
        {isPlanned ? (
          <ClockInput
            isLive
            w={120}
            label={t('export.when.time')}
            value={value.time}
            onChange={(time) => onChange({ ...value, time })}
          />
        ) : null}
      </Group>
      {isPlanned ? (
        <Text size="xs" c="dimmed">
          {t('export.when.text')}
        </Text>
      ) : null}
    </Stack>
  );
}
