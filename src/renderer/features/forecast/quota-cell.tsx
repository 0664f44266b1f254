import { ActionIcon, Button, Group, Popover, Stack } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { TypedNumberInput } from '#renderer/blocks/typed-number-input.tsx';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import type { ForecastRow } from '#shared/analytics/forecast/forecast-contract.ts';
import type { ForecastViewState } from '#renderer/features/forecast/use-forecast-view.ts';
import { useRowName } from '#renderer/features/forecast/use-row-name.ts';
import classes from './forecast.module.css';

interface QuotaCellProps {
  readonly row: ForecastRow;
  readonly state: ForecastViewState;
  readonly currency: string;
  readonly isReadOnly: boolean;
}

/** The quota with that of the people below beside it, and the way to set it. */
export function QuotaCell(props: QuotaCellProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const nameOf = useRowName();
  const [isOpen, setOpen] = useState(false);
  const { row, currency, state } = props;
  const maySet = row.may.setQuota && state.query.periodType !== null && !props.isReadOnly;
  return (
    <td className={classes.amountCell} data-column="quota">
      <span className={classes.quota}>
        {row.quota === null ? '–' : format.money(row.quota, currency, 'short')}
        {row.quotaBelow === null ? null : (
          <span className="op-muted" title={t('forecast.quotaBelow')}>
            Σ {format.money(row.quotaBelow, currency, 'short')}
          </span>
        )}
      </span>
      {maySet ? (
        <Popover opened={isOpen} onChange={setOpen} position="bottom-end" shadow="md" width={260} trapFocus returnFocus>
          <Popover.Target>
            <ActionIcon
              className={classes.pencil ?? ''}
              variant="subtle"
              color="gray"
              size={20}
              aria-label={t('forecast.quota.open', { name: nameOf(row) })}
              onClick={() => setOpen(!isOpen)}
            >
              <IconPencil size={13} aria-hidden />
            </ActionIcon>
          </Popover.Target>
          <Popover.Dropdown>
            <QuotaForm {...props} onClose={() => setOpen(false)} />
          </Popover.Dropdown>
        </Popover>
      ) : null}
    </td>
  );
}

function QuotaForm(props: QuotaCellProps & { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const run = useCommand();
  const nameOf = useRowName();
  const { row, currency, state } = props;
  const [value, setValue] = useState<number | string | null>(row.quota);
  const { periodType, period } = state.query;
  // The quota of a team is its lead's.
  const of = row.kind === 'territory' ? { entity: 'territory', id: row.id } : { entity: 'user', id: row.ownerId };

  async function save(): Promise<void> {
    if (typeof value !== 'number') return;
    const input = { of, periodType, periodStart: period.start, amount: value };
    const saved = await run('setQuota', input, { done: t('forecast.quota.done', { name: nameOf(row) }) });
    if (saved !== null) props.onClose();
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
          label={t('forecast.quota.value', { name: nameOf(row) })}
          value={value}
          currency={currency}
          data-autofocus
          onChange={setValue}
        />
        <Group justify="flex-end">
          <Button size="xs" type="submit" disabled={typeof value !== 'number'}>
            {t('forecast.quota.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
