import { Autocomplete } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Offered from the start; any other code of three letters can be typed. */
const commonCurrencies = ['EUR', 'USD', 'GBP', 'CHF', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'JPY', 'CNY', 'INR'];

/** The code of a currency. Handed on when it is one, not while it is being typed. */
export function CurrencyInput(props: {
  readonly label: string;
  readonly description?: string;
  readonly value: string;
  readonly disabled?: boolean;
  readonly width?: number;
  readonly onChange: (currency: string) => void;
}) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? props.value;
  const isCode = /^[A-Z]{3}$/.test(shown);

  function change(text: string): void {
    const code = text.trim().toUpperCase();
    const isWhole = /^[A-Z]{3}$/.test(code);
    setTyped(isWhole ? null : code);
    if (isWhole && code !== props.value) props.onChange(code);
  }

  return (
    <Autocomplete
      label={props.label}
      description={props.description}
      value={shown}
      data={commonCurrencies}
      maxLength={3}
      w={props.width ?? 260}
      disabled={props.disabled === true}
      error={isCode || shown === '' ? null : t('problems.currency')}
      onChange={change}
      onBlur={() => setTyped(null)}
    />
  );
}
