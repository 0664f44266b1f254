import type { EntityDefinition } from '#shared/entities/define-entity.ts';

/** Of its own fields, an organization is asked for those it wants to see in lists and those it requires. */
export function askedCustomFields({ fields }: EntityDefinition): readonly string[] {
  return Object.keys(fields).filter((field) => {
    const found = fields[field];
    return found?.isCustom === true && (found.listed === true || found.required === true);
  });
}
