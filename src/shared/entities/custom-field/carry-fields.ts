// Custom fields that go along when one record becomes another: to the field of the same name and kind there. A choice is carried by
// what its options are called, as each field has its own.
import { isCustomSlot, kindOfSlot } from '#shared/entities/custom-field/custom-slots.ts';
import type { EntityDefinition, FieldDefinition } from '#shared/entities/define-entity.ts';
import { isBlank } from '#shared/entities/validate-record.ts';

export interface CarriedField {
  readonly from: string;
  readonly to: string;
}

const foldLabel = (label: string): string => label.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase();

function nameOf({ fields }: EntityDefinition, slot: string): string {
  return `${kindOfSlot(slot) ?? ''} ${foldLabel(fields[slot]?.label ?? '')}`;
}

/** Which field goes where; both as the organization has them (`customDefinitions`). */
export function carriedFields(from: EntityDefinition, to: EntityDefinition): readonly CarriedField[] {
  const slots = Object.keys(to.fields).filter((slot) => isCustomSlot(slot));
  const byName = new Map(slots.map((slot) => [nameOf(to, slot), slot]));
  return Object.keys(from.fields)
    .filter((slot) => isCustomSlot(slot))
    .flatMap((slot) => {
      const target = byName.get(nameOf(from, slot));
      return target === undefined ? [] : [{ from: slot, to: target }];
    });
}

function carriedOption(from: FieldDefinition, to: FieldDefinition, value: unknown): string | null {
  const label = from.options?.find((option) => option.value === value)?.label;
  if (label === undefined) return null;
  return to.options?.find((option) => foldLabel(option.label) === foldLabel(label))?.value ?? null;
}

/** The value as the other field takes it; null for one it has no word for. */
export function carriedValue(from: FieldDefinition, to: FieldDefinition, value: unknown): unknown {
  if (isBlank(value)) return null;
  if (to.type === 'select') return carriedOption(from, to, value);
  if (to.type !== 'multiSelect' || !Array.isArray(value)) return value;
  const chosen = value.flatMap((each) => carriedOption(from, to, each) ?? []);
  return chosen.length === 0 ? null : chosen;
}

/** Values of a record for the fields of another, without those named (`entity.field` of the other). */
export function carriedValues(
  from: EntityDefinition,
  to: EntityDefinition,
  values: Readonly<Record<string, unknown>>,
  without: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  const carried = carriedFields(from, to).flatMap((field) => {
    const [source, target] = [from.fields[field.from], to.fields[field.to]];
    if (source === undefined || target === undefined || without.has(`${to.name}.${field.to}`)) return [];
    const value = carriedValue(source, target, values[field.from]);
    return value === null ? [] : [[field.to, value] as const];
  });
  return Object.fromEntries(carried);
}
