// What a user may do with a single field. The rules are data, so that an administrator's field rules can be added
// without a second place that decides; a field nobody wrote a rule for is governed by the record alone.

/** Ordered from least to most: `hidden` < `mask` < `view` < `edit`. */
export type FieldMode = 'hidden' | 'mask' | 'view' | 'edit';

/** Mode by `entity.field`; fields that are not named are `edit`. */
export type FieldPolicy = Readonly<Record<string, FieldMode>>;

export const openFieldPolicy: FieldPolicy = {};

export function fieldModeOf(policy: FieldPolicy, entity: string, field: string): FieldMode {
  const key = `${entity}.${field}`;
  return Object.hasOwn(policy, key) ? (policy[key] ?? 'hidden') : 'edit';
}

/** What stands in a record in place of a masked value. Its text never holds a part of the value. */
export interface MaskedValue {
  readonly $masked: string;
}

export const MASK: MaskedValue = { $masked: '•••' };

/** True for a masked marker, also nested in a list or an object: it may be shown, never stored. */
export function isMasked(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Object.hasOwn(value, '$masked')) return true;
  return Object.values(value).some((item) => isMasked(item));
}
