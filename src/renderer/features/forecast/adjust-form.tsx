import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { TypedNumberInput } from '#renderer/blocks/typed-number-input.tsx';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { AmountCellProps } from '#renderer/features/forecast/forecast-props.ts';
import { useRowName } from '#renderer/features/forecast/use-row-name.ts';

const MOST_LETTERS = 500;

/** Another number in place of this one, with the reason; taken back beside it or by Undo. */
export function AdjustForm(props: AmountCellProps & { readonly columnName: string; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const run = useCommand();
  const nameOf = useRowName();
  const userId = useAppSelector((state) =>
    state.device.session?.status === 'signedIn' ? state.device.session.actor.userId : null,
  );
  const { row, column, currency, state, columnName } = props;
  const cell = row.columns[column];
  const mine = [cell.owner, cell.manager].find((adjustment) => adjustment?.byId === userId) ?? null;
  const [value, setValue] = useState<number | string | null>(mine?.value ?? cell.base);
  const [note, setNote] = useState(mine?.note ?? '');
  const name = nameOf(row);

  async function save(): Promise<void> {
    if (typeof value !== 'number' || row.id === null) return;
    const id = crypto.randomUUID();
    const { hierarchy, period, columnMode } = state.query;
    const saved = await run(
      'adjustForecast',
      {
        id,
        place: {
          hierarchy,
          periodStart: period.start,
          periodEnd: period.end,
          of: { entity: row.kind, id: row.id },
        },
        columnMode,
        category: column,
        value,
        baseValue: cell.base,
        currency,
        note: note.trim() === '' ? null : note.trim(),
      },
      {
        done: t('forecast.adjust.done', { name, column: columnName }),
        undo: {
          command: 'deleteRecord',
          input: { entity: 'forecastAdjustment', id },
          entity: 'forecastAdjustment',
          ids: [id],
          left: { value },
        },
      },
    );
    if (saved !== null) props.onClose();
  }

  async function takeBack(): Promise<void> {
    if (mine === null) return;
    const input = { entity: 'forecastAdjustment', id: mine.id };
    await run('deleteRecord', input, {
      done: t('forecast.adjust.takenBack', { name, column: columnName }),
      undo: { command: 'restoreRecord', input, entity: 'forecastAdjustment', ids: [mine.id], left: null },
    });
    props.onClose();
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Stack gap="xs">
        <TypedNumberInput
          label={t('forecast.adjust.value', { name, column: columnName })}
          description={t('forecast.adjust.base', { base: format.money(cell.base, currency) })}
          value={value}
          currency={currency}
          data-autofocus
          onChange={setValue}
        />
        <TextInput
          label={t('forecast.adjust.note')}
          value={note}
          maxLength={MOST_LETTERS}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Group justify="space-between">
          {mine === null ? (
            <span />
          ) : (
            <Button size="xs" variant="subtle" color="gray" onClick={() => void takeBack()}>
              {t('forecast.adjust.takeBack')}
            </Button>
          )}
          <Button size="xs" type="submit" disabled={typeof value !== 'number'}>
            {t('forecast.adjust.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
