// Sets what somebody should close in a period. A quota that is there for the same person and period takes the new amount;
// of two that were made apart from each other, the one received last holds and is the one that is changed.
import { Type } from 'typebox';
import { defineCommand, definitionOf, IdInput, outcome, requireRecord } from '#shared/entities/define-command.ts';
import { draftCreate, draftUpdate } from '#shared/entities/draft-record.ts';
import { compareByReceipt } from '#shared/entities/forecast-adjustment/forecast-adjustment.ts';
import { figuresOf, ORGANIZATION_ID } from '#shared/entities/organization/organization.ts';

const COMMAND = 'setQuota';

export const setQuota = defineCommand(
  Type.Object({
    of: Type.Object({ entity: Type.Enum(['user', 'territory']), id: IdInput }),
    periodType: Type.String({ maxLength: 16 }),
    periodStart: Type.String({ maxLength: 10 }),
    amount: Type.Number(),
  }),
  async (context, { of, periodType, periodStart, amount }) => {
    const definition = definitionOf('quota');
    const subject = await requireRecord(context, of.entity, of.id);
    if (!subject.ok) return subject;
    const { fiscalYearStart, currency } = figuresOf(await context.read('organization', ORGANIZATION_ID));
    const field = of.entity === 'user' ? 'userId' : 'territoryId';
    const existing = (await context.find('quota', field, of.id))
      .filter((record) => record['periodType'] === periodType && record['periodStart'] === periodStart)
      .toSorted(compareByReceipt)[0];
    const values = { amount, currency };
    if (existing !== undefined) {
      const changed = await draftUpdate(context, definition, existing, values, { command: COMMAND });
      return changed.ok ? outcome(changed.value.operations, existing.id) : changed;
    }
    const owner = of.entity === 'user' ? { ownerId: of.id, teamId: subject.value.teamId } : {};
    const entered = { ...values, ...owner, [field]: of.id, periodType, periodStart, fiscalYearStart };
    const made = await draftCreate(context, definition, entered, { command: COMMAND });
    return made.ok ? outcome(made.value.operations, made.value.record.id) : made;
  },
);
