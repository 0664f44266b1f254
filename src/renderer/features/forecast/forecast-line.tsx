import { UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconMap2, IconUsersGroup } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import type { ForecastRow } from '#shared/analytics/forecast/forecast-contract.ts';
import { AmountCell } from '#renderer/features/forecast/amount-cell.tsx';
import type { ForecastTableProps } from '#renderer/features/forecast/forecast-props.ts';
import { QuotaCell } from '#renderer/features/forecast/quota-cell.tsx';
import { useRowName } from '#renderer/features/forecast/use-row-name.ts';
import { Pill, type PillTone } from '#renderer/ui/pill.tsx';
import { forecastColumns } from '#shared/analytics/forecast-sums.ts';
import type { PaceState } from '#shared/analytics/quota-attainment.ts';
import classes from './forecast.module.css';

const tones: Readonly<Record<PaceState, PillTone>> = {
  achieved: 'good',
  ahead: 'good',
  onTrack: 'accent',
  behind: 'warn',
  missed: 'danger',
};

/** One person, team or territory. */
export function ForecastLine(
  props: ForecastTableProps & {
    readonly row: ForecastRow;
    readonly isOpen: boolean;
    readonly onToggle: (isOpen: boolean) => void;
  },
) {
  const { t } = useTranslation();
  const format = useFormat();
  const { row, currency, state } = props;
  const name = useRowName()(row);
  const isSelected = row.key === props.selectedKey;
  const { standing } = row;
  const percent = (share: number): string => format.percent(Math.round(share * 100));
  return (
    <tr data-row={row.key} data-selected={isSelected} data-kind={row.kind}>
      <th scope="row" className={classes.nameCell} style={{ paddingLeft: 8 + row.level * 16 }}>
        <span className={classes.name}>
          <Toggle {...props} />
          <UnstyledButton
            className={classes.nameButton}
            data-cell
            aria-pressed={isSelected}
            title={name}
            onClick={() => props.onSelect(row.key)}
          >
            <KindIcon kind={row.kind} />
            <span className={classes.nameText}>{name}</span>
          </UnstyledButton>
        </span>
      </th>
      {forecastColumns.map((column) => (
        <AmountCell
          key={column}
          state={state}
          row={row}
          column={column}
          currency={currency}
          isReadOnly={props.isReadOnly}
        />
      ))}
      <td className={classes.strong}>{row.forecast === null ? '–' : format.money(row.forecast, currency, 'short')}</td>
      <QuotaCell row={row} state={state} currency={currency} isReadOnly={props.isReadOnly} />
      <td>
        {standing.attainment === null ? (
          '–'
        ) : (
          <span className={classes.attainment}>
            {standing.state === null ? null : (
              <Pill tone={tones[standing.state]} title={paceText()}>
                {t(`forecast.pace.${standing.state}`)}
              </Pill>
            )}
            {percent(standing.attainment)}
          </span>
        )}
      </td>
      <td>
        {standing.coverage === null
          ? '–'
          : t('forecast.times', { times: format.number(oneDecimal(standing.coverage)) })}
      </td>
      <td>{standing.gap === null ? '–' : format.money(standing.gap, currency, 'short')}</td>
    </tr>
  );

  function paceText(): string {
    return standing.pace === null
      ? t('forecast.paceUnknown')
      : t('forecast.paceText', { pace: percent(standing.pace) });
  }
}

function oneDecimal(value: number): number {
  return Math.round(value * 10) / 10;
}

function Toggle(props: {
  readonly row: ForecastRow;
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
}) {
  const { t } = useTranslation();
  const name = useRowName()(props.row);
  if (!props.row.hasChildren) return <span className={classes.noToggle} />;
  return (
    <UnstyledButton
      className={classes.toggle}
      aria-expanded={props.isOpen}
      aria-label={t(props.isOpen ? 'forecast.close' : 'forecast.open', { name })}
      onClick={() => props.onToggle(!props.isOpen)}
    >
      {props.isOpen ? <IconChevronDown size={14} aria-hidden /> : <IconChevronRight size={14} aria-hidden />}
    </UnstyledButton>
  );
}

function KindIcon(props: { readonly kind: ForecastRow['kind'] }) {
  if (props.kind === 'team') return <IconUsersGroup size={14} stroke={1.7} aria-hidden />;
  return props.kind === 'territory' ? <IconMap2 size={14} stroke={1.7} aria-hidden /> : null;
}
