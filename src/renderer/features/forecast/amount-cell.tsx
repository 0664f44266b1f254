// One number: what it is made of on hover and focus, its deals on a click, another one in its place beside it.
import { ActionIcon, HoverCard, Popover, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AmountCellProps } from '#renderer/features/forecast/forecast-props.ts';
import { useFormat } from '#renderer/app/format/format.ts';
import { AdjustForm } from '#renderer/features/forecast/adjust-form.tsx';
import { CellExplanation } from '#renderer/features/forecast/cell-explanation.tsx';
import { useRowName } from '#renderer/features/forecast/use-row-name.ts';
import { useShowDeals } from '#renderer/features/forecast/use-show-deals.ts';
import classes from './forecast.module.css';

export function AmountCell(props: AmountCellProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const showDeals = useShowDeals(props.state.query);
  const nameOf = useRowName();
  const [isAdjusting, setAdjusting] = useState(false);
  const { row, column, currency } = props;
  const cell = row.columns[column];
  const isAdjusted = cell.owner !== null || cell.manager !== null;
  const isStale = cell.owner?.isStale === true || cell.manager?.isStale === true;
  const columnName = t(`forecast.columns.${props.state.view.columnMode}.${column}`);
  const mayAdjust = row.may.adjust && column !== 'closed' && !props.isReadOnly;
  const amount = format.money(cell.managerAdjusted, currency, 'short');
  return (
    <td className={classes.amountCell} data-column={column}>
      <HoverCard openDelay={250} width={320} shadow="md" position="bottom-end" disabled={isAdjusting}>
        <HoverCard.Target>
          <UnstyledButton
            className={classes.amount}
            data-cell
            data-adjusted={isAdjusted}
            aria-label={t('forecast.cell', { name: nameOf(row), column: columnName, amount })}
            onClick={() => showDeals(row, column)}
          >
            {isStale ? (
              <IconAlertTriangle size={12} className={classes.stale} aria-label={t('forecast.stale')} />
            ) : null}
            {isAdjusted && !isStale ? <IconPencil size={11} role="img" aria-label={t('forecast.adjusted')} /> : null}
            {amount}
          </UnstyledButton>
        </HoverCard.Target>
        <HoverCard.Dropdown>
          <CellExplanation {...props} columnName={columnName} />
        </HoverCard.Dropdown>
      </HoverCard>
      {mayAdjust ? (
        <Popover
          opened={isAdjusting}
          onChange={setAdjusting}
          position="bottom-end"
          shadow="md"
          width={300}
          trapFocus
          returnFocus
        >
          <Popover.Target>
            <ActionIcon
              className={classes.pencil ?? ''}
              variant="subtle"
              color="gray"
              size={20}
              aria-label={t('forecast.adjust.open', { name: nameOf(row), column: columnName })}
              onClick={() => setAdjusting(!isAdjusting)}
            >
              <IconPencil size={13} aria-hidden />
            </ActionIcon>
          </Popover.Target>
          <Popover.Dropdown>
            <AdjustForm {...props} columnName={columnName} onClose={() => setAdjusting(false)} />
          </Popover.Dropdown>
        </Popover>
      ) : null}
    </td>
  );
}
