// One description of what is exported, whatever made it (a list, a pivot, a report) and whatever it becomes (CSV, JSON,
// Excel, PDF, HTML). Rows come in batches from an iterator, so that a large table is never held as a whole.
import type { Json } from '#shared/kernel/json.ts';

export const exportFormats = ['csv', 'json', 'xlsx', 'pdf', 'html'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/**
 * What the cells of a column are. `money`: minor units (with decimals for an average); `percent`: 25 is 25 %; `date`: a day
 * YYYY-MM-DD; `dateTime`: an ISO instant. A text in any other column is written as that text (a mask, for example).
 */
export type ExportType = 'text' | 'number' | 'integer' | 'money' | 'percent' | 'date' | 'dateTime' | 'boolean';

export type ExportCell = string | number | boolean | null;

export interface ExportColumn {
  /** Names the column in JSON; must differ from all others. */
  readonly key: string;
  readonly label: string;
  readonly type: ExportType;
  /** Of all amounts of this column; otherwise each row says its own. */
  readonly currency?: string;
  /** In characters; default: by type and label. */
  readonly width?: number;
  /** A number that names rather than counts (a year): no thousands separators. */
  readonly isUngrouped?: boolean;
}

export interface ExportRow {
  readonly cells: readonly ExportCell[];
  /** Of amounts in columns without a currency. */
  readonly currency?: string;
  /** A sum over rows: shown bold. Default: a row like all others. */
  readonly kind?: 'row' | 'subtotal' | 'total';
  /** How deep the row stands below a total: its first cell is indented. */
  readonly level?: number;
}

/** A heading over `span` columns next to each other. */
export interface HeaderCell {
  readonly label: string;
  readonly span: number;
}

export interface ExportTable {
  readonly title: string;
  /** Lines below the title: filters, "as of", who exported when. */
  readonly subtitle: readonly string[];
  readonly columns: readonly ExportColumn[];
  /** Headings above the labels of the columns, the outermost first; the spans of each add up to all columns. */
  readonly headers?: readonly (readonly HeaderCell[])[];
  readonly rows: AsyncIterable<readonly ExportRow[]> | Iterable<readonly ExportRow[]>;
  /** How many rows there will be, as far as known. */
  readonly rowCount?: number;
  /** Drawn where the form has pictures (Excel, PDF, HTML). */
  readonly charts?: readonly ExportChart[];
}

export interface ExportChart {
  readonly title: string;
  readonly svg: string;
  /** In points of the picture: the relation of the two is kept. */
  readonly width: number;
  readonly height: number;
  /** The same as dots, for forms that hold no drawings (Excel). */
  readonly png?: Uint8Array<ArrayBuffer>;
}

/** Many things under one head: a dashboard, a forecast with its details. */
export interface ExportBoard {
  readonly title: string;
  /** As of a table: filters, who exported when. */
  readonly subtitle: readonly string[];
  readonly parts: readonly ExportPart[];
}

/** One of them. Its `subtitle` says what is special about it, or why it has no rows. */
export interface ExportPart extends ExportTable {
  /** One number, to be read from afar; its rows say it to programs. */
  readonly figure?: ExportFigure;
  /** The rows say what the charts show: on paper they are left out. */
  readonly isDrawn?: boolean;
  /** Of the twelve columns of a board. */
  readonly span?: number;
}

export interface ExportFigure {
  readonly text: string;
  /** How it changed, and whether that is good. */
  readonly change?: string;
  readonly tone?: 'good' | 'bad' | 'same';
}

export type ExportContent = ExportTable | ExportBoard;

export function isBoard(content: ExportContent): content is ExportBoard {
  return 'parts' in content;
}

/** How values read for the person who exports. */
/** How the organization looks whose file it is. */
export interface ExportBrand {
  readonly name: string | null;
  /** A PNG. */
  readonly logo: Uint8Array | null;
  /** `#rrggbb` of the rule below both. */
  readonly bar: string;
}

export interface ExportStyle {
  /** Stands above the title of a PDF. */
  readonly brand?: ExportBrand;
  /** BCP 47, such as `de-DE`. */
  readonly locale: string;
  /** IANA name, such as `Europe/Berlin`: instants are written as the time there. */
  readonly timeZone: string;
  readonly words: {
    readonly yes: string;
    readonly no: string;
    /** Name of the sheet with title and filters. */
    readonly about: string;
    /** `Page {{page}} of {{pages}}`. */
    readonly page: string;
    /** Shown in place of rows where there are none. */
    readonly empty: string;
    /** Columns of a board in one table: which part, which row of it, which value. */
    readonly part: string;
    readonly line: string;
    readonly row: string;
    readonly value: string;
    readonly number: string;
    readonly currency: string;
    /** What a chart shows, to be read. */
    readonly table: string;
  };
}

/** What the platform does for a writer. */
export interface ByteTools {
  encode(text: string): Uint8Array<ArrayBuffer>;
  /** Raw DEFLATE. */
  deflate(chunks: AsyncIterable<Uint8Array<ArrayBuffer>>): AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/** What had to be changed for the format to hold it. */
export interface ExportNotes {
  /** Texts that were longer than a cell of Excel holds, and were cut. */
  shortened: number;
}

/** Batches of rows of a table that is held already. */
export function* inBatches(rows: readonly ExportRow[], size = 500): Generator<readonly ExportRow[]> {
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size);
}

/** The currency of an amount, undefined when nothing says one. */
export function currencyOf(column: ExportColumn, row: ExportRow): string | undefined {
  return column.currency ?? row.currency;
}

/** A plain value as JSON has it. */
export type JsonCell = Json;
