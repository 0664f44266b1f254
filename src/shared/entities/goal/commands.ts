// Sets the same goal for one person or team, or for several at once: each gets one of its own, which is followed and changed
// apart from the others. Goals are changed and deleted like any other record.
import { Type } from 'typebox';
import {
  defineCommand,
  definitionOf,
  IdInput,
  outcome,
  requireRecord,
  ValuesInput,
} from '#shared/entities/define-command.ts';
import { draftCreate } from '#shared/entities/draft-record.ts';
import { figuresOf, ORGANIZATION_ID } from '#shared/entities/organization/organization.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';

const COMMAND = 'setGoals';
const MOST_SUBJECTS = 200;

export const setGoals = defineCommand(
  Type.Object({
    subjects: Type.Array(Type.Object({ entity: Type.Enum(['user', 'team']), id: IdInput }), {
      minItems: 1,
      maxItems: MOST_SUBJECTS,
    }),
    values: ValuesInput,
  }),
  async (context, { subjects, values }) => {
    const definition = definitionOf('goal');
    const { fiscalYearStart } = figuresOf(await context.read('organization', ORGANIZATION_ID));
    const operations: OperationDraft[] = [];
    let first: string | null = null;
    for (const { entity, id } of subjects) {
      const subject = await requireRecord(context, entity, id);
      if (!subject.ok) return subject;
      const whose =
        entity === 'user'
          ? { userId: id, ownerId: id, teamId: subject.value.teamId }
          : { forTeamId: id, ownerId: context.actor.userId, teamId: id };
      const made = await draftCreate(
        context,
        definition,
        { ...values, ...whose, fiscalYearStart },
        { command: COMMAND },
      );
      if (!made.ok) return made;
      operations.push(...made.value.operations);
      first ??= made.value.record.id;
    }
    return outcome(operations, first);
  },
);
