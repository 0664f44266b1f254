// The same rows as the columns of a pivot, in DuckDB: every field under its name, and the place of the row as `slot`.
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { FieldType } from '#shared/entities/define-entity.ts';
import type { Row, Types } from '../columns-of.ts';

/** SQL types; numbers with at most two decimals are decimals, so that their sums are exact. */
export function sqlTypeOf(type: FieldType, rows: readonly Row[], field: string): string {
  if (type === 'date') return 'DATE';
  if (type === 'dateTime') return 'TIMESTAMPTZ';
  if (type === 'boolean') return 'BOOLEAN';
  if (type === 'money' || type === 'integer') return 'BIGINT';
  if (type !== 'number' && type !== 'percent') return 'VARCHAR';
  const isShort = rows.every(
    (row) => row[field] === null || Number(row[field]) === Math.round(Number(row[field]) * 100) / 100,
  );
  return isShort ? 'DECIMAL(18,2)' : 'DOUBLE';
}

export async function openDuckDb(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  return instance.connect();
}

/** Makes (or makes anew) the table `d`. */
export async function loadRows(connection: DuckDBConnection, types: Types, rows: readonly Row[]): Promise<void> {
  const fields = Object.keys(types);
  const columns = fields.map((field) => `"${field}" ${sqlTypeOf(types[field] ?? 'text', rows, field)}`);
  await connection.run(`create or replace table d (slot BIGINT, ${columns.join(', ')})`);
  for (let from = 0; from < rows.length; from += 500) {
    const lines = rows.slice(from, from + 500).map((row, at) => {
      const values = fields.map((field) => toSql(row[field] ?? null));
      return `(${String(from + at)}, ${values.join(', ')})`;
    });
    await connection.run(`insert into d values ${lines.join(', ')}`);
  }
}

export function toSql(value: string | number | boolean | null): string {
  if (value === null) return 'null';
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}
