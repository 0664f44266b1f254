// Names of entities, fields and options in somebody's language. The registry's English labels are the fallback, so that a
// field added by an administrator shows at once.
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
}

export function createNames(t: Translate): Names {
  return {
    entity: (definition) => t(`entities.${definition.name}.one`, { defaultValue: definition.label }),
    entities: (definition) => t(`entities.${definition.name}.many`, { defaultValue: definition.labelPlural }),
    field: (definition, field) =>
      t([`fields.${definition.name}.${field}`, `fields.common.${field}`], {
        defaultValue: definition.fields[field]?.label ?? field,
      }),
    option: (definition, field, value) =>
      t([`options.${definition.name}.${field}.${value}`, `options.common.${value}`], {
        defaultValue: definition.fields[field]?.options?.find((option) => option.value === value)?.label ?? value,
      }),
  };
}
