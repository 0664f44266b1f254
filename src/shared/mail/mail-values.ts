// What the places of a mail are filled in with, read from the records as whoever sends it sees them: a value that is hidden
// or masked for the sender is not known, and the fallback stands in its place.
import { isMasked } from '#shared/access/field-policy.ts';
import { entities } from '#shared/entities/registry.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { toEpochMs } from '#shared/kernel/calendar.ts';
import { toDecimalText } from '#shared/kernel/money.ts';
import { mailVariables, type VariableSource } from '#shared/mail/mail-variables.ts';
import type { TemplateValues } from '#shared/mail/render-template.ts';

export interface MailSubjects {
  /** A contact or a lead. */
  readonly person?: AnyRecord | null;
  /** The account of a contact; a lead names its company itself. */
  readonly company?: AnyRecord | null;
  readonly deal?: AnyRecord | null;
  /** The user who sends it. */
  readonly sender?: AnyRecord | null;
}

export interface MailMoment {
  readonly now: string;
  readonly timeZone: string;
  /** Language of numbers and days. */
  readonly locale: string;
}

/** Values by name; names without a value are not there. */
export function mailValuesOf(subjects: MailSubjects, moment: MailMoment): TemplateValues {
  return { ...valuesOfMoment(moment), ...recordValuesOf(subjects, moment) };
}

/** Without those of the moment, which are the same for everybody: writing a day takes longer than all the rest of a person. */
export function recordValuesOf(subjects: MailSubjects, moment: MailMoment): TemplateValues {
  const values: Record<string, string> = {};
  for (const { name, source, fields } of mailVariables) {
    for (const record of recordsOf(source, subjects)) {
      const field = fields[record.kind];
      const text = field === undefined ? '' : textOfField(record, field, moment);
      if (text !== '' && values[name] === undefined)
        values[name] = name === 'sender_first_name' ? firstWord(text) : text;
    }
  }
  return values;
}

function recordsOf(source: VariableSource, { person, company, deal, sender }: MailSubjects): readonly AnyRecord[] {
  const records: Partial<Record<VariableSource, readonly (AnyRecord | null | undefined)[]>> = {
    person: [person],
    company: [company, person],
    deal: [deal],
    sender: [sender],
  };
  return (records[source] ?? []).filter((record) => record !== null && record !== undefined);
}

const firstWord = (text: string): string => text.split(/\s+/)[0] ?? '';

function textOfField(record: AnyRecord, field: string, { locale }: MailMoment): string {
  const value = record[field];
  if (value === null || value === undefined || isMasked(value)) return '';
  const type = entities[record.kind].fields[field]?.type;
  if (type === 'money' && typeof value === 'number') return moneyText(value, record['currency'], locale);
  if (type === 'date' && typeof value === 'string') return dayText(value, 'UTC', locale);
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
}

function moneyText(minorUnits: number, currency: unknown, locale: string): string {
  if (typeof currency !== 'string') return '';
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  return format.format(Number(toDecimalText(minorUnits, currency)));
}

function dayText(instant: string, timeZone: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone }).format(toEpochMs(instant));
}

function valuesOfMoment({ now, timeZone, locale }: MailMoment): Readonly<Record<string, string>> {
  const part = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone }).format(toEpochMs(now));
  return { month: part({ month: 'long' }), year: part({ year: 'numeric' }), date: dayText(now, timeZone, locale) };
}
