import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CurrencyInput } from '#renderer/blocks/currency-input.tsx';
import { TypedNumberInput } from '#renderer/blocks/typed-number-input.tsx';
import { pricePeriods, type Price } from '#shared/platform/billing.ts';
import classes from './platform.module.css';

/** As it was typed. */
export interface PriceTexts {
  readonly currency: string;
  readonly period: Price['period'];
  readonly base: number | string | null;
  readonly seat: number | string | null;
}

export const noPriceTexts: PriceTexts = { currency: 'EUR', period: 'month', base: null, seat: null };

export const toPriceTexts = (price: Price | null | undefined): PriceTexts => price ?? noPriceTexts;

const isAmount = (value: PriceTexts['base']): boolean => value === null || (typeof value === 'number' && value >= 0);

export const isPriceReadable = ({ base, seat }: PriceTexts): boolean => isAmount(base) && isAmount(seat);

/** Nothing where nothing was typed. */
export function toPrice({ currency, period, base, seat }: PriceTexts): Price | null {
  if (base === null && seat === null) return null;
  return { currency, period, base: Number(base ?? 0), seat: Number(seat ?? 0) };
}

export function PriceFields(props: {
  readonly values: PriceTexts;
  readonly of: string;
  readonly onChange: (values: PriceTexts) => void;
}) {
  const { t } = useTranslation();
  const { values, of, onChange } = props;
  return (
    <div className={classes.row}>
      {(['base', 'seat'] as const).map((name) => (
        <TypedNumberInput
          key={`${name} ${values.currency}`}
          label={t(`platform.prices.${name}`)}
          aria-label={`${of}: ${t(`platform.prices.${name}`)}`}
          placeholder={t('platform.prices.none')}
          value={values[name]}
          currency={values.currency}
          w={150}
          onChange={(value) => onChange({ ...values, [name]: value === '' ? null : value })}
        />
      ))}
      <CurrencyInput
        label={t('platform.prices.currency')}
        value={values.currency}
        width={150}
        onChange={(currency) => onChange({ ...values, currency })}
      />
      <NativeSelect
        label={t('platform.prices.period')}
        value={values.period}
        w={150}
        data={pricePeriods.map((value) => ({ value, label: t(`platform.prices.periods.${value}`) }))}
        onChange={(event) => onChange({ ...values, period: event.currentTarget.value as Price['period'] })}
      />
    </div>
  );
}
