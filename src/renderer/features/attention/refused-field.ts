// A field that somebody else defined first. What was typed into it must never be sent as it is: it would become a value of
// the other field. It goes along into the new place, or is given up with the field; the rest of what was typed is sent.
import { kindOfSlot } from '#shared/entities/custom-field/custom-slots.ts';
import { optionsOfField } from '#shared/entities/custom-field/custom-field.ts';
import type { AttentionItem } from '#shared/ipc/sync-status.ts';
import { textOf } from '#shared/kernel/text-of.ts';

type Values = Readonly<Record<string, unknown>>;

/** What `defineField` takes to define the same field in another place. */
export function definitionAgain(values: Values): Values {
  const { entity, slot, label, help = null, section = null, isRequired, isListed } = values;
  const kind = kindOfSlot(textOf(slot));
  const options = optionsOfField(values).map((option) => option.label);
  return {
    entity,
    kind,
    label,
    help,
    section,
    isRequired: isRequired === true,
    isListed: isListed === true,
    ...(options.length === 0 ? {} : { options }),
  };
}

/** What of a definition says something to people. */
export function wordsOfField({ label, help, section, isRequired, isListed }: Values): Values {
  const words = { label, help, section, isRequired, isListed };
  return Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined && value !== null));
}

export interface Resending {
  readonly id: string;
  /** Null: nothing is left to send. */
  readonly send: { readonly command: 'createRecord' | 'updateRecord'; readonly input: Values } | null;
}

/**
 * What becomes of changes that waited for a field, in the order in which they were made: sent with their values under its new
 * place, or without them when there is none. `from`, `to`: ids of its definition; `valuesOf`: everything typed in a change.
 */
export function resendingsOf(
  followers: readonly AttentionItem[],
  from: string,
  to: string | null,
  valuesOf: (item: AttentionItem) => Values,
): readonly Resending[] {
  const inOrder = followers.toSorted((a, b) => a.operation.opNo - b.operation.opNo);
  return inOrder.map((item) => {
    const { entity, recordId, kind } = item.operation;
    if (entity === 'customField' && recordId === from) return changeOfDefinition(item.id, to, valuesOf(item));
    const { [slotOf(from)]: typed, ...rest } = valuesOf(item);
    const values = to === null || typed === undefined ? rest : { ...rest, [slotOf(to)]: typed };
    if (Object.keys(values).length === 0) return { id: item.id, send: null };
    const command = kind === 'create' ? 'createRecord' : 'updateRecord';
    return { id: item.id, send: { command, input: { entity, id: recordId, values } } };
  });
}

/** The definition in that place is somebody else's: what was changed in the own one is changed in the new one. */
function changeOfDefinition(id: string, to: string | null, values: Values): Resending {
  if (to === null) return { id, send: null };
  return { id, send: { command: 'updateRecord', input: { entity: 'customField', id: to, values } } };
}

const slotOf = (id: string): string => id.slice(id.indexOf('.') + 1);
