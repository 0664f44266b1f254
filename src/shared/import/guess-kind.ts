// What kind of field a column of a file would be, for one that fits none there is. When in doubt it is text: that takes every
// value as it stands.
import type { SlotKind } from '#shared/entities/custom-field/custom-slots.ts';
import { isYesOrNo } from '#shared/import/convert-value.ts';

const MOST_OPTIONS = 15;
const LONGEST_OPTION = 60;
const LONGEST_TEXT = 200;

export interface GuessedKind {
  readonly kind: SlotKind;
  /** Labels of a choice in the order in which they occur. */
  readonly options?: readonly string[];
}

const patterns: readonly (readonly [SlotKind, RegExp])[] = [
  ['mail', /^[^\s@]+@[^\s@]+\.[^\s@]+$/],
  ['link', /^(?:https?:\/\/|www\.)\S+\.\S+$/i],
  ['date', /^(?:\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4})$/],
  ['percent', /^\d{1,3}(?:[.,]\d+)?\s*%$/],
  ['number', /^[-+]?\d[\d.,\s']*$/],
];

/** Texts that begin with a zero are names of things (a postal code), not quantities. */
const isName = (text: string): boolean => /^0\d/.test(text);

export function guessKind(values: readonly string[]): GuessedKind {
  if (values.length === 0) return { kind: 'text' };
  if (values.every(isYesOrNo) && values.some((value) => !/^[01]$/.test(value))) return { kind: 'tick' };
  const found = patterns.find(([, pattern]) => values.every((value) => pattern.test(value)));
  if (found !== undefined && !(found[0] === 'number' && values.some(isName))) return { kind: found[0] };
  if (values.some((value) => value.length > LONGEST_TEXT)) return { kind: 'longText' };
  const options = [...new Set(values)];
  const isRepeated = options.length * 2 <= values.length;
  const isShort = options.length <= MOST_OPTIONS && options.every((option) => option.length <= LONGEST_OPTION);
  const isUnique = new Set(options.map((option) => option.toLowerCase())).size === options.length;
  return isRepeated && isShort && isUnique ? { kind: 'choice', options } : { kind: 'text' };
}
