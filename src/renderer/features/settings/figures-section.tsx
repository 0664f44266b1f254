// What the organization decides about its figures: currency, beginning of the year, working days, and what other currencies
// are worth. Ordinary records: saved on this computer first, offline too, and everybody has them.
import { Checkbox, Group, NativeSelect, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { CurrencyInput } from '#renderer/blocks/currency-input.tsx';
import { FiguresFacts } from '#renderer/features/settings/figures-facts.tsx';
import { ExchangeRates } from '#renderer/features/settings/exchange-rates.tsx';
import { useOrganization } from '#renderer/blocks/use-organization.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { highValueThresholdOf, ORGANIZATION_ID, weekdays } from '#shared/entities/organization/organization.ts';
import { entities } from '#shared/entities/registry.ts';
import { fractionDigits } from '#shared/words/currency-digits.ts';
import classes from './settings.module.css';

export function FiguresSection() {
  const { t } = useTranslation();
  const can = useCan();
  const { figures } = useOrganization();
  return (
    <>
      <h1>{t('settings.figures.title')}</h1>
      <p className={classes.lead}>{t('settings.figures.text')}</p>
      {can('create', entities.organization) ? (
        <FiguresForm />
      ) : (
        <div className={classes.form}>
          <FiguresFacts />
        </div>
      )}
      <ExchangeRates homeCurrency={figures.currency} />
    </>
  );
}

function FiguresForm() {
  const { t, i18n } = useTranslation();
  const names = useNames();
  const run = useCommand();
  const { record, figures } = useOrganization();
  const months = new Intl.DateTimeFormat(i18n.language, { month: 'long', timeZone: 'UTC' });

  function put(values: Readonly<Record<string, unknown>>): void {
    const done = { done: t('settings.saved') };
    if (record === null) {
      const whole = { currency: figures.currency, ...values };
      void run('createRecord', { entity: 'organization', id: ORGANIZATION_ID, values: whole }, done);
    } else void run('updateRecord', { entity: 'organization', id: ORGANIZATION_ID, values }, done);
  }

  return (
    <>
      <div className={classes.form}>
        <CurrencyInput
          label={t('settings.figures.currency')}
          description={t('settings.figures.currencyText')}
          value={figures.currency}
          onChange={(currency) => put({ currency })}
        />
        <NativeSelect
          label={names.field(entities.organization, 'fiscalYearStart')}
          value={String(figures.fiscalYearStart)}
          data={Array.from({ length: 12 }, (_, month) => ({
            value: String(month + 1),
            label: months.format(Date.UTC(2026, month, 1)),
          }))}
          onChange={(event) => put({ fiscalYearStart: Number(event.currentTarget.value) })}
        />
        <Checkbox.Group
          label={names.field(entities.organization, 'workingDays')}
          description={t('settings.figures.workingDaysText')}
          value={figures.workingDays.flatMap((day) => weekdays[day - 1] ?? [])}
          onChange={(days) => put({ workingDays: days })}
        >
          <Group gap="sm" mt={6}>
            {weekdays.map((day) => (
              <Checkbox key={day} value={day} label={names.option(entities.organization, 'workingDays', day)} />
            ))}
          </Group>
        </Checkbox.Group>
      </div>
      <div className={classes.form}>
        <HighValue
          key={`${figures.currency} ${String(highValueThresholdOf(record))}`}
          threshold={highValueThresholdOf(record)}
          currency={figures.currency}
          onChange={(highValueThreshold) => put({ highValueThreshold })}
        />
      </div>
    </>
  );
}

/** From which worth on a deal is told to its owner and the people above. */
function HighValue(props: {
  readonly threshold: number | null;
  readonly currency: string;
  readonly onChange: (threshold: number | null) => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const unit = 10 ** fractionDigits(props.currency);
  const [typed, setTyped] = useState<string | number>(props.threshold === null ? '' : props.threshold / unit);
  function save(): void {
    const next = typeof typed === 'number' && typed > 0 ? Math.round(typed * unit) : null;
    if (next !== props.threshold) props.onChange(next);
  }
  return (
    <NumberInput
      label={names.field(entities.organization, 'highValueThreshold')}
      description={t('settings.figures.highValueText')}
      suffix={` ${props.currency}`}
      min={0}
      thousandSeparator=" "
      decimalSeparator={t('common.decimalSeparator')}
      value={typed}
      onChange={setTyped}
      onBlur={save}
    />
  );
}
