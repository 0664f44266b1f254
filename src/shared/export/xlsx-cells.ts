// Values as cells of a sheet: real numbers, days, instants and booleans, each with its format, and texts that are never a
// formula. What Excel cannot hold as what it is (a day before 1900, a longer text) becomes text or is cut, and counted.
import { amountText, decimalText } from '#shared/export/exact-number.ts';
import {
  currencyOf,
  type ExportCell,
  type ExportColumn,
  type ExportNotes,
  type ExportRow,
} from '#shared/export/export-table.ts';
import { toEpochMs } from '#shared/kernel/calendar.ts';
import type { LocalTime } from '#shared/export/local-time.ts';
import { moneyFormat, type XlsxLook, type XlsxStyles } from '#shared/export/xlsx-styles.ts';

/** Letters in a cell. */
export const MOST_LETTERS = 32_767;
const CUT_MARK = '…';

const DAY_MS = 86_400_000;
/** Day 0 of Excel's calendar as it counts from March 1900 on; it believes in a 29 February 1900. */
const EPOCH_MS = toEpochMs('1899-12-30');
const FIRST_SURE_DAY_MS = toEpochMs('1900-03-01');
const END_OF_DAYS_MS = toEpochMs('9999-12-31') + DAY_MS;

// oxlint-disable-next-line no-control-regex
const UNUSUAL = /[&<>\u0000-\u001f\uD800-\uDFFF\uFFFE\uFFFF]|_x[0-9A-Fa-f]{4}_/;
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b-\u001f\uFFFE\uFFFF]/g;

/** Text for a place in a sheet. Control characters are written the way Excel writes them, so that they come back. */
export function escapeXml(text: string): string {
  if (!UNUSUAL.test(text)) return text;
  return text
    .toWellFormed()
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(CONTROL, (sign) => `_x${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** Name of a column by its place: A … Z, AA … XFD. */
export function columnName(index: number): string {
  let name = '';
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  }
  return name;
}

/** The number Excel counts a moment as; null for what it has no day for. */
function serialOf(epochMs: number): number | null {
  if (!(epochMs >= FIRST_SURE_DAY_MS && epochMs < END_OF_DAYS_MS)) return null;
  return (epochMs - EPOCH_MS) / DAY_MS;
}

/** Cuts without leaving half a character. */
function cutText(text: string, notes: ExportNotes): string {
  if (text.length <= MOST_LETTERS) return text;
  notes.shortened += 1;
  const kept = text.slice(0, MOST_LETTERS - CUT_MARK.length);
  return (kept.isWellFormed() ? kept : kept.slice(0, -1)) + CUT_MARK;
}

/** Spaces a reader of XML would drop. */
const OUTER_SPACE = /^\s|\s$|\n/;

const lookAttribute = (style: number): string => (style === 0 ? '' : ` s="${String(style)}"`);

export interface CellWriter {
  /** A cell at `A1` with the number of its look. */
  text(place: string, text: string, style: number): string;
  value(place: string, cell: ExportCell, column: ExportColumn, row: ExportRow, look: XlsxLook): string;
}

export function createCellWriter(styles: XlsxStyles, time: LocalTime, notes: ExportNotes): CellWriter {
  function text(place: string, value: string, style: number): string {
    const content = escapeXml(cutText(value, notes));
    const space = OUTER_SPACE.test(content) ? ' xml:space="preserve"' : '';
    return `<c r="${place}"${lookAttribute(style)} t="inlineStr"><is><t${space}>${content}</t></is></c>`;
  }
  const number = (place: string, value: string, style: number): string =>
    `<c r="${place}"${lookAttribute(style)}><v>${value}</v></c>`;

  function day(place: string, value: string, look: XlsxLook): string {
    const serial = serialOf(/^\d{4}-\d{2}-\d{2}$/.test(value) ? toEpochMs(value) : Number.NaN);
    return serial === null
      ? text(place, value, styles.styleOf('', look))
      : number(place, String(serial), styles.styleOf('yyyy-mm-dd', look));
  }

  function instant(place: string, value: string, look: XlsxLook): string {
    const epochMs = toEpochMs(value);
    const serial = Number.isNaN(epochMs) ? null : serialOf(epochMs + time.offsetMs(epochMs));
    if (serial === null) return text(place, time.textOf(value) ?? value, styles.styleOf('', look));
    return number(place, String(serial), styles.styleOf('yyyy-mm-dd hh:mm', look));
  }

  function amount(place: string, cell: number, column: ExportColumn, row: ExportRow, look: XlsxLook): string {
    switch (column.type) {
      case 'money': {
        const currency = currencyOf(column, row);
        return number(place, amountText(cell, currency), styles.styleOf(moneyFormat(currency), look));
      }
      case 'percent':
        return number(place, decimalText(cell / 100), styles.styleOf(Number.isInteger(cell) ? '0%' : '0.00%', look));
      case 'integer':
        return number(place, decimalText(cell), styles.styleOf(column.isUngrouped === true ? '0' : '#,##0', look));
      case 'number':
      case 'text':
      case 'date':
      case 'dateTime':
      case 'boolean':
        return number(place, decimalText(cell), styles.styleOf('', look));
    }
  }

  return {
    text,
    value(place, cell, column, row, look) {
      if (typeof cell === 'string' && cell !== '') {
        if (column.type === 'date') return day(place, cell, look);
        if (column.type === 'dateTime') return instant(place, cell, look);
        return text(place, cell, styles.styleOf('', look));
      }
      if (typeof cell === 'number' && Number.isFinite(cell)) return amount(place, cell, column, row, look);
      if (typeof cell === 'boolean') {
        return `<c r="${place}"${lookAttribute(styles.styleOf('', look))} t="b"><v>${cell ? '1' : '0'}</v></c>`;
      }
      return look.fill === undefined ? '' : `<c r="${place}"${lookAttribute(styles.styleOf('', look))}/>`;
    },
  };
}
