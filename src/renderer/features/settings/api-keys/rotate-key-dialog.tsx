import { Alert, Button, Group, Modal, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { GivenKey } from '#renderer/features/settings/api-keys/given-key.tsx';
import { useProved } from '#renderer/features/settings/security/use-proved.tsx';
import {
  DEFAULT_OVERLAP_HOURS,
  MOST_OVERLAP_HOURS,
  type ApiKey,
  type GivenApiKey,
} from '#shared/sync/access-messages.ts';

const overlaps = [0, 1, DEFAULT_OVERLAP_HOURS, MOST_OVERLAP_HOURS];

/** A new secret for a key; how long the one before works on is chosen before it is made. */
export function RotateKeyDialog(props: {
  readonly row: ApiKey;
  readonly onGiven: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [hours, setHours] = useState(DEFAULT_OVERLAP_HOURS);
  const [given, setGiven] = useState<GivenApiKey | null>(null);
  const { row } = props;

  const { run, error, proof } = useProved(async () => {
    setGiven(await invokeMain(getBridge(), 'keys.rotate', { id: row.id, overlapHours: hours }));
    props.onGiven();
  }, errorText);

  return (
    <Modal
      opened
      size="lg"
      onClose={props.onClose}
      title={<Text fw={600}>{t('settings.apiKeys.rotateTitle', { name: row.name })}</Text>}
      closeButtonProps={{ 'aria-label': t('common.close') }}
      closeOnClickOutside={false}
      closeOnEscape={given === null}
    >
      {proof !== null ? (
        proof
      ) : given === null ? (
        <Stack gap="md">
          {error === null ? null : (
            <Alert color="yellow" role="alert">
              {error}
            </Alert>
          )}
          <Text size="sm">{t('settings.apiKeys.rotateText')}</Text>
          <Select
            label={t('settings.apiKeys.overlapChoice')}
            data={overlaps.map((value) => ({
              value: String(value),
              label:
                value === 0 ? t('settings.apiKeys.overlapNone') : t('settings.apiKeys.overlapHours', { count: value }),
            }))}
            value={String(hours)}
            allowDeselect={false}
            onChange={(value) => setHours(Number(value ?? DEFAULT_OVERLAP_HOURS))}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={props.onClose} data-autofocus>
              {t('common.cancel')}
            </Button>
            <Button onClick={run}>{t('settings.apiKeys.rotate')}</Button>
          </Group>
        </Stack>
      ) : (
        <GivenKey given={given} onClose={props.onClose} />
      )}
    </Modal>
  );
}
