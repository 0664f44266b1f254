// Names of entities, fields and options in somebody's language. The registry's English labels are the fallback. A custom
// field is called what its organization calls it, in every language and whatever definition the caller holds.
import type { Definitions } from '#shared/entities/custom-field/custom-definitions.ts';
import { isCustomSlot } from '#shared/entities/custom-field/custom-slots.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';

/** The text of the first of these keys that has one, with values put in; otherwise `defaultValue`. */
export type Translate = (
  ...asked: [key: string | string[]] | [key: string | string[], values: Readonly<Record<string, unknown>>]
) => string;

export interface Names {
  entity(definition: EntityDefinition): string;
  entities(definition: EntityDefinition): string;
  field(definition: EntityDefinition, field: string): string;
  option(definition: EntityDefinition, field: string, value: string): string;
  /** A sentence that stands below the field in forms; empty when there is none. */
  help(definition: EntityDefinition, field: string): string;
}

/** `field` may be a path over references: its last step has the value. */
function isCustom(field: string): boolean {
  return isCustomSlot(field.slice(field.lastIndexOf('.') + 1));
}

const optionOf = (definition: EntityDefinition, field: string, value: string): string | undefined =>
  definition.fields[field]?.options?.find((option) => option.value === value)?.label;

/** `definitions`: what the organization defined. */
export function createNames(t: Translate, definitions: Definitions): Names {
  const known = (definition: EntityDefinition, field: string): EntityDefinition =>
    isCustomSlot(field) ? definitions[definition.name] : definition;
  return {
    entity: (definition) => t(`entities.${definition.name}.one`, { defaultValue: definition.label }),
    entities: (definition) => t(`entities.${definition.name}.many`, { defaultValue: definition.labelPlural }),
    field: (definition, field) =>
      isCustom(field)
        ? (known(definition, field).fields[field]?.label ?? field)
        : t([`fields.${definition.name}.${field}`, `fields.common.${field}`], {
            defaultValue: definition.fields[field]?.label ?? field,
          }),
    option: (definition, field, value) =>
      isCustom(field)
        ? (optionOf(known(definition, field), field, value) ?? value)
        : t([`options.${definition.name}.${field}.${value}`, `options.common.${value}`], {
            defaultValue: optionOf(definition, field, value) ?? value,
          }),
    help: (definition, field) => {
      const own = known(definition, field).fields[field]?.help;
      if (own === undefined || isCustom(field)) return own ?? '';
      return t(`fieldHelp.${definition.name}.${field}`, { defaultValue: own });
    },
  };
}
