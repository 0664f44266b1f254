// A field's value as text: for list cells, read-only details and labels. One place decides how each type reads.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat, type Format } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import type { Names } from '#shared/words/names.ts';
import { maskedTextOf } from '#shared/access/field-policy.ts';
import { isInstant } from '#shared/kernel/calendar.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';
import type { Labels } from '#shared/query/live-answer.ts';

export type FieldText = (definition: EntityDefinition, record: AnyRecord, field: string, labels: Labels) => string;

export function useFieldText(): FieldText {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  return useMemo(
    () =>
      createFieldText(format, names, { yes: t('common.yes'), no: t('common.no'), hidden: t('common.notAvailable') }),
    [format, names, t],
  );
}

const envelopeInstants = new Set(['createdAt', 'updatedAt']);
const envelopePeople = new Set(['createdBy', 'updatedBy']);

function createFieldText(format: Format, names: Names, words: { yes: string; no: string; hidden: string }): FieldText {
  const reference = (id: unknown, labels: Labels): string =>
    typeof id === 'string' && id !== '' ? (labels[id] ?? words.hidden) : '';
  return (definition, record, field, labels) => {
    const value = record[field];
    const masked = maskedTextOf(value);
    if (masked !== null) return masked;
    if (value === null || value === undefined || value === '') return '';
    if (envelopeInstants.has(field)) return format.instant(textOf(value));
    if (envelopePeople.has(field)) return reference(value, labels);
    if (field === 'stageId') return labels[textOf(value)] ?? textOf(value);
    const type = definition.fields[field]?.type ?? 'text';
    switch (type) {
      case 'money':
        return format.money(Number(value), typeof record['currency'] === 'string' ? record['currency'] : 'EUR');
      case 'integer':
        // A year is a name of a year, not a quantity.
        return field.startsWith('year') ? textOf(value) : format.number(Number(value));
      case 'number':
        return definition.fields[field]?.isUngrouped === true ? textOf(value) : format.number(Number(value));
      case 'percent':
        return format.percent(Number(value));
      case 'date':
        return field === 'dueDate' && isInstant(record['dueAt'])
          ? `${format.day(textOf(value))}, ${format.time(record['dueAt'])}`
          : format.day(textOf(value));
      case 'dateTime':
        return format.instant(textOf(value));
      case 'boolean':
        return value === true ? words.yes : words.no;
      case 'select':
        return names.option(definition, field, textOf(value));
      case 'multiSelect':
        return Array.isArray(value)
          ? value.map((item) => names.option(definition, field, String(item))).join(', ')
          : '';
      case 'tags':
        return Array.isArray(value) ? value.join(', ') : '';
      case 'reference':
        return reference(value, labels);
      case 'references':
        return Array.isArray(value) ? value.map((id) => reference(id, labels)).join(', ') : '';
      case 'json':
        return JSON.stringify(value);
      case 'text':
      case 'longText':
      case 'email':
      case 'phone':
      case 'url':
      case 'currency':
        return textOf(value);
    }
  };
}
