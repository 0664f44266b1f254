// What a pivot needs to know beside the records: the day, the time zone and the year of whoever looks, and what the fields
// are. Handed in, so that the same pivot is the same on every computer.
import type { FieldType } from '#shared/entities/define-entity.ts';
import type { Day } from '#shared/kernel/calendar.ts';

export interface PivotContext {
  /** The day relative dates of filters are relative to. */
  readonly today: Day;
  /** Day of an instant in the user's time zone; always the same answer for the same instant. `createTimeZone` makes one. */
  readonly dayOf: (epochMs: number) => Day;
  /** Month (1–12) the fiscal year begins with. A fiscal year is named after the calendar year it ends in. */
  readonly fiscalYearStart: number;
  /** Stored units of one unit of the organization's money: formulas calculate with amounts as people read them. */
  readonly moneyScale: number;
  /** Type of the field a path ends at; undefined when there is no such field (any more). */
  readonly typeOf: (path: string) => FieldType | undefined;
  /** Values of a closed list in their own order (options, stages); undefined for everything else. */
  readonly optionsOf: (path: string) => readonly string[] | undefined;
  /** What people read for a value, for sorting; null: the value itself (for a reference: nobody knows its name). */
  readonly labelOf: (path: string, key: string) => string | null;
}
