// The database as the job library wants it. Its texts and values are its own: objects and arrays of objects travel as JSON,
// instants as text, and what has no parameters may be several statements.
import type { DatabaseOptions } from 'pg-boss';
import type { SqlDatabase, SqlValue } from '#server/store/database.ts';

function isPlainList(value: readonly unknown[]): value is readonly string[] {
  return value.every((one) => typeof one === 'string');
}

function toSqlValue(value: unknown): SqlValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return value.toString();
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value) && isPlainList(value)) return value;
  return JSON.stringify(value);
}

export function toBossDatabase(database: SqlDatabase): NonNullable<DatabaseOptions['db']> {
  return {
    async executeSql(text, values = []) {
      const rows =
        values.length === 0 ? await database.script(text) : await database.query(text, values.map(toSqlValue));
      return { rows: [...rows] };
    },
    async listen(channel, onNotification, onReconnect) {
      // An empty message: the connection was made anew, and something may have been missed.
      const stop = await database.listen(channel, (payload) =>
        payload === '' ? onReconnect() : onNotification(payload),
      );
      onReconnect();
      return { close: stop };
    },
  };
}
