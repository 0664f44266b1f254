// What a user may do with a single field. A policy is a list of what is visible, never of what is hidden: an entity that
// it does not name is governed by the record alone, and in one that it names a field without a mode does not exist for
// this user. So the policy that travels to a device says nothing about what the device may not know.
import { allSlots, isCustomSlot } from '#shared/entities/custom-field/custom-slots.ts';
import type { EntityDefinition, EntityName } from '#shared/entities/define-entity.ts';
import { groupOfField } from '#shared/entities/define-entity.ts';

/** From least to most. */
export const fieldModes = ['hidden', 'mask', 'view', 'edit'] as const;
export type FieldMode = (typeof fieldModes)[number];

/**
 * In place of a field: the mode of every custom field that is not named. There are many places for them, nearly all of
 * them unused, so a policy names only those that differ, hidden ones included: that they exist, their definitions tell.
 */
export const OTHER_CUSTOM = '*';

/** Modes of the visible fields of every entity that any rule restricts. */
export type FieldPolicy = Partial<Readonly<Record<EntityName, Readonly<Record<string, FieldMode>>>>>;

export const openFieldPolicy: FieldPolicy = {};

/** The sentence for a field that is hidden and for one that nobody defined: it must not tell them apart. */
export const UNKNOWN_FIELD_MESSAGE = 'The operation names a field that does not exist.';

export function fieldModeOf(policy: FieldPolicy, entity: EntityName, field: string): FieldMode {
  const modes = Object.hasOwn(policy, entity) ? policy[entity] : undefined;
  if (modes === undefined) return 'edit';
  if (Object.hasOwn(modes, field)) return modes[field] ?? 'hidden';
  return (isCustomSlot(field) ? modes[OTHER_CUSTOM] : undefined) ?? 'hidden';
}

/** The less permissive of two modes. */
export function lesserMode(left: FieldMode, right: FieldMode): FieldMode {
  return fieldModes.indexOf(left) <= fieldModes.indexOf(right) ? left : right;
}

/** True when the user sees the value itself. */
export function isPlainlyVisible(policy: FieldPolicy, entity: EntityName, field: string): boolean {
  const mode = fieldModeOf(policy, entity, field);
  return mode === 'view' || mode === 'edit';
}

/** The definition as somebody knows it who does not see all fields. */
export function withSeenFields(policy: FieldPolicy | undefined, definition: EntityDefinition): EntityDefinition {
  if (policy?.[definition.name] === undefined) return definition;
  const seen = Object.entries(definition.fields).filter(
    ([field]) => isOwnership(field) || fieldModeOf(policy, definition.name, field) !== 'hidden',
  );
  return { ...definition, fields: Object.fromEntries(seen) };
}

/** Who a record belongs to decides who sees it, and is no field that a rule restricts. */
export function isOwnership(field: string): boolean {
  return field === 'ownerId' || field === 'teamId';
}

const knownHidden = new WeakMap<FieldPolicy, Map<EntityName, readonly string[]>>();

/** Merge groups of which this user sees no field at all: changes of them never happened for this user. */
export function hiddenGroupsOf(policy: FieldPolicy, definition: EntityDefinition): readonly string[] {
  if (policy[definition.name] === undefined) return [];
  const known = knownHidden.get(policy) ?? new Map<EntityName, readonly string[]>();
  knownHidden.set(policy, known);
  const found = known.get(definition.name) ?? findHiddenGroups(policy, definition);
  known.set(definition.name, found);
  return found;
}

function findHiddenGroups(policy: FieldPolicy, definition: EntityDefinition): readonly string[] {
  const seen = new Set<string>();
  const all = new Set<string>();
  const slots = [...allSlots()].filter((slot) => Object.hasOwn(definition.fields, slot));
  for (const field of [...Object.keys(definition.fields), ...slots]) {
    const group = groupOfField(definition, field);
    all.add(group);
    if (fieldModeOf(policy, definition.name, field) !== 'hidden') seen.add(group);
  }
  return [...all].filter((group) => !seen.has(group)).sort();
}

/** What stands in a record in place of a masked value: text to show, made where the value is known. */
export interface MaskedValue {
  readonly $masked: string;
}

/** Shown where nothing says how a field is masked. It never holds a part of the value. */
export const MASK: MaskedValue = { $masked: '•••' };

/** True for a masked marker, also nested in a list or an object: it may be shown, never stored. */
export function isMasked(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Object.hasOwn(value, '$masked')) return true;
  return Object.values(value).some((item) => isMasked(item));
}

/** The text of a marker, null for any other value. */
export function maskedTextOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, '$masked')) return null;
  const text = (value as MaskedValue).$masked;
  return typeof text === 'string' ? text : MASK.$masked;
}

/** The record without markers: what is known of it. */
export function withoutMasked<Values extends object>(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !isMasked(value))) as Values;
}
