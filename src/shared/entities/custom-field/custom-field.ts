// A field that an administrator defined: what a place of an entity (`custom-slots.ts`) is called, and how it is offered.
// Its id names the entity and the place, so two administrators who take the same place apart from each other meet in one
// record: the first definition stands, the second comes back to its author. A place is never given to another field, and
// a definition is archived instead of deleted: there may be values on computers that nobody has heard of for weeks.
import { isCustomizable, kindOfSlot, kindsOf, type SlotKind } from '#shared/entities/custom-field/custom-slots.ts';
import { defineEntity, type FieldProblem, type RecordOf } from '#shared/entities/define-entity.ts';
import { ownershipFields } from '#shared/entities/record-fields.ts';
import { isPlainObject } from '#shared/kernel/json.ts';
import { isStorableText } from '#shared/kernel/storable-text.ts';

/** One answer of a choice. It keeps its value for ever; `isArchived`: no longer offered, shown where it was chosen. */
export interface CustomOption {
  readonly value: string;
  readonly label: string;
  readonly isArchived?: boolean;
}

export const MOST_OPTIONS = 200;
export const MOST_LABEL = 80;
const VALUE_PATTERN = /^[a-z0-9][a-z0-9_-]{0,39}$/;

export const customField = defineEntity({
  name: 'customField',
  collection: 'catalog',
  label: 'Custom field',
  labelPlural: 'Custom fields',
  titleField: 'label',
  audience: 'tenant',
  fields: {
    entity: { type: 'text', label: 'Records', required: true, maxLength: 32, indexed: true },
    slot: { type: 'text', label: 'Place', required: true, maxLength: 32 },
    label: { type: 'text', label: 'Label', required: true, maxLength: MOST_LABEL, listed: true },
    help: { type: 'text', label: 'Help text', maxLength: 300 },
    section: { type: 'text', label: 'Section', maxLength: 60 },
    options: { type: 'json', label: 'Options' },
    isRequired: { type: 'boolean', label: 'Required' },
    isListed: { type: 'boolean', label: 'Shown in lists from the start' },
    isArchived: { type: 'boolean', label: 'Archived' },
    /** Fields of an entity stand in this order. */
    place: { type: 'number', label: 'Order' },
    ...ownershipFields,
  },
  mergePolicies: {
    owner: 'current',
    entity: 'immutable',
    slot: 'immutable',
    label: 'manual',
    options: 'manual',
  },
  validate: (record): readonly FieldProblem[] => [...problemsOfPlace(record), ...problemsOfOptions(record)],
});
export type CustomFieldRecord = RecordOf<typeof customField>;

/** Id of the definition of a place. */
export function customFieldId(entity: string, slot: string): string {
  return `${entity}.${slot}`;
}

function problemsOfPlace({ id, entity, slot }: Readonly<Record<string, unknown>>): readonly FieldProblem[] {
  const name = String(entity);
  const kind = kindOfSlot(String(slot));
  const isPossible = kind !== undefined && isCustomizable(name) && kindsOf(name).includes(kind);
  return isPossible && id === customFieldId(name, String(slot)) ? [] : [unknownPlace];
}

const unknownPlace: FieldProblem = {
  field: 'slot',
  code: 'customPlace',
  message: 'There is no such place for a field.',
};

function problemsOfOptions({ slot, options }: Readonly<Record<string, unknown>>): readonly FieldProblem[] {
  const isChoice = isChoiceKind(kindOfSlot(String(slot)));
  if (!isChoice) return (options ?? null) === null ? [] : [badOptions];
  if (!Array.isArray(options) || options.length === 0 || options.length > MOST_OPTIONS) return [badOptions];
  const values = new Set<unknown>();
  const labels = new Set<string>();
  for (const option of options as readonly unknown[]) {
    if (!isOption(option)) return [badOptions];
    values.add(option.value);
    labels.add(option.label.trim().toLowerCase());
  }
  return values.size === options.length && labels.size === options.length ? [] : [badOptions];
}

const badOptions: FieldProblem = {
  field: 'options',
  code: 'customOptions',
  message: `Name 1 to ${String(MOST_OPTIONS)} different options.`,
};

function isOption(option: unknown): option is CustomOption {
  if (!isPlainObject(option)) return false;
  const { value, label, isArchived = false, ...others } = option;
  if (typeof value !== 'string' || !VALUE_PATTERN.test(value) || typeof isArchived !== 'boolean') return false;
  if (Object.keys(others).length > 0) return false;
  return typeof label === 'string' && label.trim() !== '' && label.length <= MOST_LABEL && isStorableText(label);
}

export function isChoiceKind(kind: SlotKind | undefined): boolean {
  return kind === 'choice' || kind === 'choices';
}

/** The options of a stored definition; of damaged ones those that can be read. */
export function optionsOfField(record: Readonly<Record<string, unknown>>): readonly CustomOption[] {
  const { options } = record;
  return Array.isArray(options) ? (options as readonly unknown[]).filter((option) => isOption(option)) : [];
}
