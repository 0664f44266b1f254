// Text that survives every store: PostgreSQL keeps no NUL, and half of a surrogate pair is no character.

export function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** Is every text within a JSON value, names included, storable? Walks all of it: the depth must be bounded before. */
export function hasOnlyStorableText(value: unknown): boolean {
  if (typeof value === 'string') return isStorableText(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(hasOnlyStorableText);
  return Object.entries(value).every(([name, item]) => isStorableText(name) && hasOnlyStorableText(item));
}
