import { Type } from 'typebox';
import { commentParentFieldOf } from '#shared/entities/comment/comment.ts';
import {
  defineCommand,
  definitionOf,
  IdInput,
  invalid,
  outcome,
  requireEntity,
  requireRecord,
} from '#shared/entities/define-command.ts';
import { draftCreate, draftUpdate } from '#shared/entities/draft-record.ts';

const Body = Type.String({ minLength: 1, maxLength: 10_000 });
const Mentioned = Type.Optional(Type.Array(IdInput, { maxItems: 50 }));

/** Says something about a record (TSK-04). */
export const addComment = defineCommand(
  Type.Object({
    entity: Type.String({ minLength: 1, maxLength: 32 }),
    recordId: IdInput,
    body: Body,
    mentionedIds: Mentioned,
    id: Type.Optional(IdInput),
  }),
  async (context, { entity, recordId, body, mentionedIds = [], id }) => {
    const definition = requireEntity(entity);
    if (!definition.ok) return definition;
    const field = commentParentFieldOf(definition.value.name);
    if (field === undefined) {
      return invalid('comment', [
        { field: 'body', code: 'commentParent', message: 'A comment belongs to exactly one record.' },
      ]);
    }
    const record = await requireRecord(context, definition.value.name, recordId);
    if (!record.ok) return record;
    const values = { body, [field]: recordId, mentionedIds: mentionedIds.length === 0 ? null : mentionedIds };
    const made = await draftCreate(context, definitionOf('comment'), values, {
      command: 'addComment',
      ...(id === undefined ? {} : { id }),
    });
    return made.ok ? outcome(made.value.operations, made.value.record.id) : made;
  },
);

/** Rewords an own comment; the page says that it was reworded. */
export const editComment = defineCommand(
  Type.Object({ id: IdInput, body: Body, mentionedIds: Mentioned }),
  async (context, { id, body, mentionedIds }) => {
    const found = await requireRecord(context, 'comment', id);
    if (!found.ok) return found;
    if (found.value['body'] === body) return outcome([], id);
    const values = { body, ...(mentionedIds === undefined ? {} : { mentionedIds }) };
    const drafted = await draftUpdate(context, definitionOf('comment'), found.value, values, {
      command: 'editComment',
      system: { editedAt: context.now },
    });
    return drafted.ok ? outcome(drafted.value.operations, id) : drafted;
  },
);
