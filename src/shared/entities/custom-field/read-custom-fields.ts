import type { CommandContext } from '#shared/entities/command.ts';
import { unsentCreateOf } from '#shared/entities/build-operation.ts';
import { customFieldId } from '#shared/entities/custom-field/custom-field.ts';
import { isCustomSlot } from '#shared/entities/custom-field/custom-slots.ts';
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';

export interface KnownCustomFields {
  /** The record of a definition by its id. */
  readonly at: (id: string) => AnyRecord | null;
  /** Operations that made those of them which no server has seen: without them, the values would mean another field. */
  readonly unsent: readonly string[];
}

/** The definitions of the custom fields among these values. */
export async function readCustomFields(
  context: CommandContext,
  definition: EntityDefinition,
  values: Readonly<Record<string, unknown>>,
): Promise<KnownCustomFields> {
  const found = new Map<string, AnyRecord>();
  for (const field of Object.keys(values)) {
    if (!isCustomSlot(field) || values[field] === undefined) continue;
    const id = customFieldId(definition.name, field);
    const record = await context.read('customField', id);
    if (record !== null) found.set(id, record);
  }
  return { at: (id) => found.get(id) ?? null, unsent: [...found.values()].flatMap(unsentCreateOf) };
}
