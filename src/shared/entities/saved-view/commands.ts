import { Type } from 'typebox';
import { lifeOperation } from '#shared/entities/build-operation.ts';
import {
  defineCommand,
  definitionOf,
  IdInput,
  judge,
  outcome,
  requireRecord,
  ValuesInput,
} from '#shared/entities/define-command.ts';
import { draftCreate, draftUpdate } from '#shared/entities/draft-record.ts';

/** Makes a saved view, or changes the one with the given id. */
export const saveView = defineCommand(
  Type.Object({ id: Type.Optional(IdInput), values: ValuesInput }),
  async (context, { id, values }) => {
    const definition = definitionOf('savedView');
    const existing = id === undefined ? null : await context.read('savedView', id);
    const options = { command: 'saveView', ...(id === undefined ? {} : { id }) };
    const drafted =
      existing === null
        ? await draftCreate(context, definition, values, options)
        : await draftUpdate(context, definition, existing, values, { command: 'saveView' });
    return drafted.ok ? outcome(drafted.value.operations, drafted.value.record.id) : drafted;
  },
);

export const deleteView = defineCommand(Type.Object({ id: IdInput }), async (context, { id }) => {
  const definition = definitionOf('savedView');
  const found = await requireRecord(context, 'savedView', id);
  if (!found.ok) return found;
  const allowed = await judge(context, 'delete', definition, found.value, null);
  if (!allowed.ok) return allowed;
  return outcome([lifeOperation(context, definition, 'delete', found.value, { command: 'deleteView' })], null);
});
