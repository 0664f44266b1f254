/** A value of unknown shape as text: texts as they are, numbers and booleans in words of JSON, everything else empty. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
