// The looks of cells of a workbook, given out as numbers while the cells are written and described when all are known.
import { exponentOf } from '#shared/kernel/money.ts';

export type XlsxFont = 'plain' | 'bold' | 'title' | 'muted' | 'link';

export interface XlsxStyles {
  /** Number of the look: a format of numbers (empty: general), bold for sums, an indent for levels. */
  styleOf(format: string, options?: XlsxLook): number;
  /** `xl/styles.xml`. */
  toXml(): string;
}

export interface XlsxLook {
  readonly font?: XlsxFont;
  readonly indent?: number;
  readonly fill?: 'head' | 'sum';
  readonly align?: 'center' | 'right' | 'wrap';
}

const fonts: Readonly<Record<XlsxFont, string>> = {
  plain: '<font><sz val="11"/><name val="Calibri"/><family val="2"/></font>',
  bold: '<font><b/><sz val="11"/><name val="Calibri"/><family val="2"/></font>',
  title: '<font><b/><sz val="14"/><name val="Calibri"/><family val="2"/></font>',
  muted: '<font><sz val="11"/><color rgb="FF5B6575"/><name val="Calibri"/><family val="2"/></font>',
  link: '<font><u/><sz val="11"/><color rgb="FF0563C1"/><name val="Calibri"/><family val="2"/></font>',
};
const fontNames = Object.keys(fonts) as readonly XlsxFont[];

const fills = ['none', 'gray125', 'head', 'sum'] as const;
const fillColors: Readonly<Record<string, string>> = { head: 'FFE8ECF2', sum: 'FFF3F5F8' };

/** Deepest indent a spreadsheet shows in a sensible way. */
const MOST_INDENT = 15;
/** Numbers below belong to formats every program knows. */
const FIRST_OWN_FORMAT = 164;

const escapeFormat = (format: string): string =>
  format.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** The format of amounts of a currency: its own decimals, its code behind them. */
export function moneyFormat(currency: string | undefined): string {
  if (currency === undefined || !/^[A-Z]{3}$/.test(currency)) return '#,##0.00';
  const digits = exponentOf(currency);
  return `#,##0${digits === 0 ? '' : `.${'0'.repeat(digits)}`} "${currency}"`;
}

function fillXml(fill: (typeof fills)[number]): string {
  const color = fillColors[fill];
  if (color === undefined) return `<fill><patternFill patternType="${fill}"/></fill>`;
  return `<fill><patternFill patternType="solid"><fgColor rgb="${color}"/><bgColor indexed="64"/></patternFill></fill>`;
}

function alignmentXml({ align, indent = 0 }: XlsxLook): string {
  if (indent > 0) return `<alignment horizontal="left" indent="${String(Math.min(indent, MOST_INDENT))}"/>`;
  if (align === undefined) return '';
  return align === 'wrap' ? '<alignment vertical="top" wrapText="1"/>' : `<alignment horizontal="${align}"/>`;
}

export function createXlsxStyles(): XlsxStyles {
  const formats = new Map<string, number>([['', 0]]);
  const known = new Map<string, number>();
  const looks: string[] = [];

  function styleOf(format: string, look: XlsxLook = {}): number {
    const { font = 'plain', indent = 0, fill = '', align = '' } = look;
    const key = `${format} ${font} ${String(indent)} ${fill} ${align}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const formatNo = formats.get(format) ?? FIRST_OWN_FORMAT + formats.size;
    formats.set(format, formatNo);
    const fillNo = look.fill === undefined ? 0 : fills.indexOf(look.fill);
    const alignment = alignmentXml(look);
    const attributes = `numFmtId="${String(formatNo)}" fontId="${String(fontNames.indexOf(font))}" fillId="${String(fillNo)}" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"`;
    looks.push(alignment === '' ? `<xf ${attributes}/>` : `<xf ${attributes} applyAlignment="1">${alignment}</xf>`);
    known.set(key, looks.length - 1);
    return looks.length - 1;
  }
  styleOf('');

  return {
    styleOf,
    toXml() {
      const own = [...formats].filter(([format]) => format !== '');
      const numbers = own.map(
        ([format, no]) => `<numFmt numFmtId="${String(no)}" formatCode="${escapeFormat(format)}"/>`,
      );
      return [
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">',
        own.length === 0 ? '' : `<numFmts count="${String(own.length)}">${numbers.join('')}</numFmts>`,
        `<fonts count="${String(fontNames.length)}">${fontNames.map((name) => fonts[name]).join('')}</fonts>`,
        `<fills count="${String(fills.length)}">${fills.map(fillXml).join('')}</fills>`,
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
        `<cellXfs count="${String(looks.length)}">${looks.join('')}</cellXfs>`,
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>',
        '</styleSheet>',
      ].join('');
    },
  };
}
