import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import type { ForecastQuery, ForecastRow } from '#shared/analytics/forecast/forecast-contract.ts';
import { useRequest } from '#renderer/data/use-data.ts';
import { useRowName } from '#renderer/features/forecast/use-row-name.ts';

/** Stands for the numbers as they are now. */
export function SubmitDialog(props: {
  readonly query: ForecastQuery;
  readonly row: ForecastRow;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const request = useRequest();
  const errorText = useErrorText();
  const nameOf = useRowName();
  const [note, setNote] = useState('');
  const name = nameOf(props.row);

  async function submit(): Promise<void> {
    const text = note.trim() === '' ? null : note.trim();
    const closeButtonProps = { 'aria-label': t('common.close') };
    try {
      await request('submitForecast', { query: props.query, nodeKey: props.row.key, note: text });
      notifications.show({ message: t('forecast.submit.done', { name }), closeButtonProps });
      props.onClose();
    } catch (error) {
      notifications.show({ color: 'red', title: t('common.notSaved'), message: errorText(error), closeButtonProps });
    }
  }

  return (
    <FormDialog isOpen title={t('forecast.submit.title', { name })} isTyped={note !== ''} onClose={props.onClose}>
      {(cancel) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <Stack gap="sm">
            <Text size="sm">{t('forecast.submit.text')}</Text>
            <TextInput
              label={t('forecast.adjust.note')}
              value={note}
              maxLength={500}
              data-autofocus
              onChange={(event) => setNote(event.currentTarget.value)}
            />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={cancel}>
                {t('common.cancel')}
              </Button>
              <Button type="submit">{t('forecast.submit.do')}</Button>
            </Group>
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}
