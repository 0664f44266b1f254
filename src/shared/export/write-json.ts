// A table as JSON for programs: values keep their types, amounts are decimal text beside their currency, instants stay
// instants. One row a line, so that a large file can be read piece by piece.
import { amountText, withoutDust } from '#shared/export/exact-number.ts';
import {
  currencyOf,
  type ExportBoard,
  type ExportCell,
  type ExportColumn,
  type ExportRow,
  type ExportTable,
} from '#shared/export/export-table.ts';
import type { Json } from '#shared/kernel/json.ts';

function toJson(cell: ExportCell, column: ExportColumn, row: ExportRow): Json {
  if (typeof cell !== 'number') return cell;
  if (!Number.isFinite(cell)) return null;
  if (column.type !== 'money') return withoutDust(cell);
  const currency = currencyOf(column, row);
  return { amount: amountText(cell, currency), currency: currency ?? null };
}

function rowObject(table: ExportTable, row: ExportRow): Json {
  const values = table.columns.map((column, index) => [column.key, toJson(row.cells[index] ?? null, column, row)]);
  const { kind = 'row', level } = row;
  return {
    ...(kind === 'row' ? {} : { $kind: kind }),
    ...(level === undefined ? {} : { $level: level }),
    ...(Object.fromEntries(values) as Record<string, Json>),
  };
}

function aboveOf(table: ExportTable): readonly (readonly string[])[] {
  return (table.headers ?? []).map((level) =>
    level.flatMap(({ label, span }) => Array.from({ length: span }, () => label)),
  );
}

function describeColumns(table: ExportTable): Json {
  const above = aboveOf(table);
  return table.columns.map(({ key, label, type, currency }, index) => ({
    key,
    label,
    ...(above.length === 0 ? {} : { under: above.map((level) => level[index] ?? '') }),
    type,
    ...(currency === undefined ? {} : { currency }),
  }));
}

async function* tableJson(table: ExportTable): AsyncGenerator<string> {
  const head = { title: table.title, about: table.subtitle, columns: describeColumns(table) };
  yield `${JSON.stringify(head, null, 1).slice(0, -2)},\n "rows": [`;
  let isFirst = true;
  for await (const batch of table.rows) {
    let text = '';
    for (const row of batch) {
      text += `${isFirst ? '' : ','}\n  ${JSON.stringify(rowObject(table, row))}`;
      isFirst = false;
    }
    if (text !== '') yield text;
  }
  yield `${isFirst ? '' : '\n '}]\n}`;
}

/** The file in pieces. */
export async function* writeJson(table: ExportTable): AsyncGenerator<string> {
  yield* tableJson(table);
  yield '\n';
}

/** Each part is a table as by itself. */
export async function* writeBoardJson(board: ExportBoard): AsyncGenerator<string> {
  yield `${JSON.stringify({ title: board.title, about: board.subtitle }, null, 1).slice(0, -2)},\n "parts": [`;
  let isFirst = true;
  for (const part of board.parts) {
    yield isFirst ? '\n' : ',\n';
    isFirst = false;
    yield* tableJson(part);
  }
  yield ']\n}\n';
}
