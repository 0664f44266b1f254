// Defines a field: finds a place of its kind that nothing was ever put in. Which of the free ones, chance decides: two
// administrators who define fields without a network then hardly ever take the same, and if they do, the server keeps
// the first and refuses the second with everything that was typed into it.
import { Type } from 'typebox';
import { customField, customFieldId, isChoiceKind } from '#shared/entities/custom-field/custom-field.ts';
import {
  customizableEntities,
  isCustomizable,
  kindsOf,
  slotKinds,
  slotsOfKind,
} from '#shared/entities/custom-field/custom-slots.ts';
import { nextOptions } from '#shared/entities/custom-field/next-options.ts';
import { defineCommand, invalid, outcome } from '#shared/entities/define-command.ts';
import { draftCreate } from '#shared/entities/draft-record.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { textOf } from '#shared/kernel/text-of.ts';

export const defineField = defineCommand(
  Type.Object({
    entity: Type.Enum([...customizableEntities]),
    kind: Type.Enum([...slotKinds]),
    label: Type.String({ maxLength: 200 }),
    help: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    section: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    /** Labels of a choice, in order. */
    options: Type.Optional(Type.Array(Type.String(), { maxItems: 1000 })),
    isRequired: Type.Optional(Type.Boolean()),
    isListed: Type.Optional(Type.Boolean()),
  }),
  async (context, { entity, kind, options, ...values }) => {
    if (!isCustomizable(entity) || !kindsOf(entity).includes(kind)) {
      return invalid('customField', [
        { field: 'slot', code: 'customPlace', message: 'There is no such place for a field.' },
      ]);
    }
    const known = await context.find('customField', 'entity', entity);
    if (known.some((record) => isSame(record, values.label))) {
      return invalid('customField', [{ field: 'label', code: 'sameLabel', message: 'Another field has this name.' }]);
    }
    const taken = new Set(known.map((record) => textOf(record['slot'])));
    const free = slotsOfKind(kind).filter((slot) => !taken.has(slot));
    const slot = free[numberOf(context.createId()) % free.length];
    if (slot === undefined) {
      return invalid('customField', [
        { field: 'slot', code: 'noPlaceLeft', message: 'There is no room for more fields of this kind.' },
      ]);
    }
    const place = known.reduce((last, record) => Math.max(last, Number(record['place']) || 0), 0) + 1;
    const entered = {
      ...values,
      entity,
      slot,
      place,
      ...(isChoiceKind(kind)
        ? {
            options: nextOptions(
              [],
              (options ?? []).map((text) => ({ label: text })),
            ),
          }
        : {}),
    };
    const id = customFieldId(entity, slot);
    const made = await draftCreate(context, customField, entered, { command: 'defineField', id });
    return made.ok ? outcome(made.value.operations, id) : made;
  },
);

function isSame(record: AnyRecord, label: string): boolean {
  return record['isArchived'] !== true && textOf(record['label']).trim().toLowerCase() === label.trim().toLowerCase();
}

/** The last digits of an id are random. */
function numberOf(id: string): number {
  return Number.parseInt(id.replaceAll(/[^0-9a-f]/gi, '').slice(-8), 16) || 0;
}
