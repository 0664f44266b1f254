// The field for amounts and whole numbers. It takes what people type or paste in either way of writing; what it cannot
// read it says and hands on as typed, so that saving is refused instead of another number being saved.
import { TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { readAmount, readWholeNumber } from '#renderer/app/format/read-number.ts';

export interface TypedNumberInputProps extends Omit<TextInputProps, 'value' | 'onChange'> {
  readonly value: unknown;
  /** Amounts are minor units of it; null for a whole number. */
  readonly currency: string | null;
  /** A year is a name of a year, not a quantity. */
  readonly isUngrouped?: boolean;
  readonly onChange: (value: number | string | null) => void;
}

export function TypedNumberInput(props: TypedNumberInputProps) {
  const { value, currency, isUngrouped = false, onChange, error, ...rest } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const [text, setText] = useState(() => show(value));
  const [isFocused, setFocused] = useState(false);
  // Text that says the value stays as it was typed; another value replaces it.
  const shown = read(text) === (value ?? null) ? text : show(value);

  function read(typed: string): number | string | null {
    return currency === null ? readWholeNumber(typed) : readAmount(typed, currency);
  }

  function show(it: unknown): string {
    if (typeof it !== 'number') return typeof it === 'string' ? it : '';
    if (currency !== null) return format.amount(it, currency);
    return isUngrouped ? String(it) : format.number(it);
  }

  const problem = currency === null ? t('problems.wholeNumber') : t('problems.amount', { currency });
  return (
    <TextInput
      {...rest}
      inputMode="decimal"
      value={shown}
      error={typeof value === 'string' && !isFocused ? problem : error}
      {...(currency === null
        ? {}
        : { rightSection: <span className="op-muted">{currency}</span>, rightSectionWidth: 48 })}
      onFocus={() => setFocused(true)}
      onBlur={(event) => {
        setFocused(false);
        setText(show(value));
        rest.onBlur?.(event);
      }}
      onChange={(event) => {
        const typed = event.currentTarget.value;
        setText(typed);
        onChange(read(typed));
      }}
    />
  );
}
