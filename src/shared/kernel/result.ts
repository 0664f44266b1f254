import type { OutpostError } from '#shared/kernel/errors.ts';

/** The answer of anything that may be refused: a value, or an error that says what to do next. Never thrown across processes. */
export type Result<Value, Failure = OutpostError> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Failure };

export function ok<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function fail<Failure>(error: Failure): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error };
}
