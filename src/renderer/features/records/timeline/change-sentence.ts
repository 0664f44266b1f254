// An entry of a deal's history that tells of no move, in words: "Amount 10,000 € → 12,000 €". What a user sees masked is
// told by its mask, what is hidden is not told.
import type { TFunction } from 'i18next';
import type { Format } from '#renderer/app/format/format.ts';
import { maskedTextOf } from '#shared/access/field-policy.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { changedFieldsOf, entryFields, type TrackedField } from '#shared/entities/stage-change/changed-groups.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { Labels } from '#shared/query/live-answer.ts';
import type { Names } from '#shared/words/names.ts';

interface Words {
  readonly t: TFunction;
  readonly format: Format;
  readonly names: Names;
  /** Names of records by id. */
  readonly labels: Labels;
}

const nothing = '—';

function valueText({ format, names, labels }: Words, field: TrackedField, value: unknown, currency: unknown): string {
  const masked = maskedTextOf(value);
  if (masked !== null) return masked;
  if (value === null || value === undefined) return nothing;
  if (field === 'amount' && typeof value === 'number') return format.money(value, textOf(currency) || 'EUR');
  if (field === 'probability' && typeof value === 'number') return format.percent(value);
  if (field === 'closeDate') return format.day(textOf(value));
  if (field === 'forecastCategory') return names.option(entities.deal, 'forecastCategory', textOf(value));
  if (field === 'ownerId') return labels[textOf(value)] ?? nothing;
  return textOf(value);
}

/** One line about everything that changed. */
export function changeSentence(words: Words, entry: AnyRecord): string {
  const { t, names } = words;
  const fields = changedFieldsOf(entry);
  // Another currency shows in the amounts, where there is an amount.
  const isInAmount = typeof entry['amountAfter'] === 'number' || typeof entry['amountBefore'] === 'number';
  const told = fields.flatMap((field): readonly TrackedField[] => {
    if (field !== 'currency' || !isInAmount) return [field];
    return fields.includes('amount') ? [] : ['amount'];
  });
  if (told.length === 0) return t('timeline.changeUnseen');
  return told
    .map((field) => {
      const [before, after] = entryFields[field];
      const from = valueText(words, field, entry[before], entry['currencyBefore'] ?? entry['currency']);
      const to = valueText(words, field, entry[after], entry['currency']);
      return t('timeline.change', { field: names.field(entities.deal, field), from, to });
    })
    .join(' · ');
}
