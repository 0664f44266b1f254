// The editor of a field, chosen by its type. Values go in and out exactly as the record stores them.
import { Checkbox, NumberInput, Select, TagsInput, MultiSelect, Textarea, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { DayInput } from '#renderer/blocks/day-input.tsx';
import { MomentInput } from '#renderer/blocks/moment-input.tsx';
import { ReferenceInput } from '#renderer/blocks/reference-input.tsx';
import { TypedNumberInput } from '#renderer/blocks/typed-number-input.tsx';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';

export interface FieldInputProps {
  readonly definition: EntityDefinition;
  readonly field: string;
  readonly value: unknown;
  /** Title of the record a reference points to. */
  readonly valueLabel?: string | undefined;
  /** Currency of the record, for money fields. */
  readonly currency: string;
  readonly error?: string | undefined;
  readonly isDisabled?: boolean;
  /** Gets the focus when the dialog around it opens. */
  readonly isFirst?: boolean;
  /** The label is spoken, not shown: something beside the field names it already. */
  readonly isLabelHidden?: boolean;
  readonly onChange: (value: unknown) => void;
}

const CURRENCIES = ['EUR', 'USD', 'GBP', 'CHF', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'JPY', 'CAD', 'AUD'];

export function FieldInput(props: FieldInputProps) {
  const { t } = useTranslation();
  const names = useNames();
  const field = props.definition.fields[props.field];
  if (field === undefined) return null;
  const label = names.field(props.definition, props.field);
  const help = names.help(props.definition, props.field);
  const base = {
    ...(props.isLabelHidden === true ? { 'aria-label': label } : { label, withAsterisk: field.required ?? false }),
    ...(props.isFirst === true ? { 'data-autofocus': true } : {}),
    ...(help === '' ? {} : { description: help }),
    error: props.error,
    disabled: props.isDisabled ?? false,
  };
  const text = typeof props.value === 'string' ? props.value : '';
  const toText = (value: string): void => props.onChange(value.trim() === '' ? null : value);
  const chosen = new Set(Array.isArray(props.value) ? props.value : [props.value]);
  const offered = (field.options ?? []).filter(({ value, isArchived }) => isArchived !== true || chosen.has(value));
  const options = offered.map(({ value }) => ({
    value,
    label: names.option(props.definition, props.field, value),
  }));

  switch (field.type) {
    case 'longText':
      return (
        <Textarea
          {...base}
          autosize
          minRows={3}
          maxRows={12}
          value={text}
          onChange={(event) => toText(event.currentTarget.value)}
        />
      );
    case 'boolean':
      return (
        <Checkbox
          {...base}
          mt={6}
          checked={props.value === true}
          onChange={(event) => props.onChange(event.currentTarget.checked)}
        />
      );
    case 'integer':
      return (
        <TypedNumberInput
          {...base}
          value={props.value}
          currency={null}
          isUngrouped={field.isUngrouped ?? false}
          onChange={props.onChange}
        />
      );
    case 'money':
      return <TypedNumberInput {...base} value={props.value} currency={props.currency} onChange={props.onChange} />;
    case 'number':
    case 'percent':
      return (
        <NumberInput
          {...base}
          value={typeof props.value === 'number' ? props.value : ''}
          {...(field.type === 'percent' ? { min: 0, max: 100, suffix: ' %' } : {})}
          onChange={(value) => props.onChange(value === '' ? null : Number(value))}
        />
      );
    case 'currency':
      return (
        <Select {...base} data={CURRENCIES} value={text === '' ? null : text} onChange={props.onChange} searchable />
      );
    case 'date':
      return (
        <DayInput
          {...base}
          value={text === '' ? null : text}
          clearable={field.required !== true}
          onChange={(value) => props.onChange(value)}
        />
      );
    case 'dateTime':
      return (
        <MomentInput
          {...base}
          value={text === '' ? null : text}
          clearable={field.required !== true}
          onChange={props.onChange}
        />
      );
    case 'select':
      return (
        <Select
          {...base}
          data={options}
          value={text === '' ? null : text}
          onChange={props.onChange}
          clearable={field.required !== true}
          allowDeselect={field.required !== true}
          clearButtonProps={{ 'aria-label': t('common.clear') }}
        />
      );
    case 'multiSelect':
      return <MultiSelect {...base} data={options} value={toList(props.value)} onChange={props.onChange} />;
    case 'tags':
      return <TagsInput {...base} value={toList(props.value)} onChange={props.onChange} />;
    case 'reference':
      return field.to === undefined ? null : (
        <ReferenceInput
          entity={field.to}
          {...(props.isLabelHidden === true ? { ariaLabel: label } : { label })}
          value={text === '' ? null : text}
          valueLabel={props.valueLabel}
          onChange={props.onChange}
          isRequired={field.required ?? false}
          isDisabled={props.isDisabled ?? false}
          error={props.error}
        />
      );
    case 'text':
    case 'email':
    case 'phone':
    case 'url':
      return (
        <TextInput
          {...base}
          type={field.type === 'email' ? 'email' : field.type === 'phone' ? 'tel' : 'text'}
          maxLength={field.maxLength ?? 500}
          value={text}
          onChange={(event) => toText(event.currentTarget.value)}
        />
      );
    case 'references':
    case 'json':
      // Edited by screens of their own (products of a deal, stages of a pipeline), not in a plain form.
      return null;
  }
}

function toList(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
