// Values of a table as people read them, in their language and time zone: for documents (PDF, HTML), never for programs.
import { amountText, withoutDust } from '#shared/export/exact-number.ts';
import {
  currencyOf,
  type ExportCell,
  type ExportColumn,
  type ExportRow,
  type ExportStyle,
} from '#shared/export/export-table.ts';
import { createLocalTime } from '#shared/export/local-time.ts';
import { isDay, toEpochMs } from '#shared/kernel/calendar.ts';
import { exponentOf } from '#shared/kernel/money.ts';

export type PeopleText = (cell: ExportCell, column: ExportColumn, row: ExportRow) => string;

export function isRightAligned({ type }: ExportColumn): boolean {
  return type === 'number' || type === 'integer' || type === 'money' || type === 'percent';
}

function createMoneyText(locale: string): (minorUnits: number, currency: string | undefined) => string {
  const formats = new Map<string, Intl.NumberFormat>();
  return (minorUnits, currency) => {
    const isCode = currency !== undefined && /^[A-Z]{3}$/.test(currency);
    const key = isCode ? currency : '';
    const digits = isCode ? exponentOf(currency) : 2;
    let format = formats.get(key);
    if (format === undefined) {
      const decimals = { minimumFractionDigits: digits, maximumFractionDigits: digits };
      format = new Intl.NumberFormat(
        locale,
        isCode ? { style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...decimals } : decimals,
      );
      formats.set(key, format);
    }
    return format.format(Number(amountText(minorUnits, currency)));
  };
}

/** Makes every value readable. */
export function createPeopleText(style: ExportStyle): PeopleText {
  const { locale, words } = style;
  const time = createLocalTime(style.timeZone);
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
  const plain = new Intl.NumberFormat(locale, { useGrouping: false, maximumFractionDigits: 6 });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const instant = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
  const money = createMoneyText(locale);

  function textOfText(cell: string, type: ExportColumn['type']): string {
    if (type === 'date' && isDay(cell)) return day.format(toEpochMs(cell));
    if (type !== 'dateTime') return cell;
    const epochMs = toEpochMs(cell);
    return Number.isNaN(epochMs) ? cell : instant.format(epochMs + time.offsetMs(epochMs));
  }

  return (cell, column, row) => {
    if (cell === null) return '';
    if (typeof cell === 'boolean') return cell ? words.yes : words.no;
    if (typeof cell === 'string') return textOfText(cell, column.type);
    if (!Number.isFinite(cell)) return '';
    if (column.type === 'money') return money(cell, currencyOf(column, row));
    const text = (column.isUngrouped === true ? plain : number).format(withoutDust(cell));
    return column.type === 'percent' ? `${text} %` : text;
  };
}
