import type { SqlErrorData } from '#server/store/pglite-protocol.ts';

/** An error of the SQL engine. `code` is the SQLSTATE, the same on both engines. */
export class SqlError extends Error {
  readonly code: string;
  readonly detail: string;
  readonly constraint: string;

  constructor(data: SqlErrorData, options?: { readonly cause?: unknown }) {
    super(data.message, options);
    this.name = 'SqlError';
    this.code = data.code;
    this.detail = data.detail;
    this.constraint = data.constraint;
  }
}

export function toSqlErrorData(error: unknown): SqlErrorData {
  const facts: Readonly<Record<string, unknown>> = typeof error === 'object' && error !== null ? { ...error } : {};
  const textOf = (name: string): string => {
    const value = facts[name];
    return typeof value === 'string' ? value : '';
  };
  return {
    message: error instanceof Error ? error.message : String(error),
    code: textOf('code'),
    detail: textOf('detail'),
    constraint: textOf('constraint'),
  };
}

const RETRYABLE = new Set(['40001', '40P01', '23505']);

/** True when the same transaction may succeed if it is run again: serialisation failure, deadlock, or a lost race for a new key. */
export function isRetryableSqlError(error: unknown): boolean {
  return error instanceof SqlError && RETRYABLE.has(error.code);
}
