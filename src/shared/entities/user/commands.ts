// What happens when somebody leaves: everything that has to go on gets a successor, and then the person is switched off. All of
// it is one command, saved on this computer at once or not at all, so that nobody is switched off whose work lies around; the
// server judges each record as if it had been given away alone.
import { Type } from 'typebox';
import type { CommandContext } from '#shared/entities/command.ts';
import { lifeOperation } from '#shared/entities/build-operation.ts';
import {
  defineCommand,
  definitionOf,
  IdInput,
  invalid,
  judge,
  outcome,
  requireRecord,
} from '#shared/entities/define-command.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { draftCreate, draftUpdate } from '#shared/entities/draft-record.ts';
import { compareByReceipt } from '#shared/entities/forecast-adjustment/forecast-adjustment.ts';
import { findOwned, ownedKinds, placeOfKind, type OwnedKind } from '#shared/entities/user/owned-records.ts';
import { ok, type Result } from '#shared/kernel/result.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';

const COMMAND = 'user.handOver';
/** Below this nobody notices, above a single command would keep a computer busy for long; larger portfolios go in parts. */
export const MOST_HANDED_OVER = 50_000;

type Drafted = Promise<Result<readonly OperationDraft[]>>;

export const handOver = defineCommand(
  Type.Object({
    userId: IdInput,
    /** Successor of each kind; a kind that is not named stays where it is. */
    to: Type.Partial(Type.Record(Type.Enum(ownedKinds), IdInput)),
    deactivate: Type.Boolean(),
  }),
  async (context, { userId, to, deactivate }) => {
    const user = await requireRecord(context, 'user', userId);
    if (!user.ok) return user;
    const operations: OperationDraft[] = [];
    for (const kind of ownedKinds) {
      const successorId = to[kind];
      if (successorId === undefined) continue;
      const successor = await findSuccessor(context, userId, successorId);
      if (!successor.ok) return successor;
      for (const record of await findOwned(context, kind, userId)) {
        const drafted = await draftHandOver(context, kind, record, { user: user.value, successor: successor.value });
        if (!drafted.ok) return drafted;
        operations.push(...drafted.value);
      }
    }
    if (operations.length > MOST_HANDED_OVER)
      return invalid('user', [
        { field: 'to', code: 'tooMany', message: 'These are too many at once; go kind by kind.' },
      ]);
    if (!deactivate) return outcome(operations, userId);
    const switched = await draftUpdate(
      context,
      definitionOf('user'),
      user.value,
      { isActive: false },
      { command: 'user.deactivate' },
    );
    // Last: whoever is switched off has nothing left to give.
    return switched.ok ? outcome([...operations, ...switched.value.operations], userId) : switched;
  },
);

async function findSuccessor(context: CommandContext, userId: string, id: string): Promise<Result<AnyRecord>> {
  const successor = await requireRecord(context, 'user', id);
  if (!successor.ok) return successor;
  const isFit = id !== userId && successor.value['isActive'] !== false;
  return isFit
    ? successor
    : invalid('user', [{ field: 'to', code: 'successor', message: 'Choose another, active person as successor.' }]);
}

interface People {
  readonly user: AnyRecord;
  readonly successor: AnyRecord;
}

async function draftHandOver(context: CommandContext, kind: OwnedKind, record: AnyRecord, people: People): Drafted {
  if (kind === 'quota') return draftQuota(context, record, people.successor);
  const { entity, field } = placeOfKind[kind];
  const value = kind === 'directReport' ? newManagerOf(record, people) : people.successor.id;
  const drafted = await draftUpdate(context, definitionOf(entity), record, { [field]: value }, { command: COMMAND });
  return drafted.ok ? ok(drafted.value.operations) : drafted;
}

/** A successor who reported to the person reports to whom the person reported: nobody is the own manager. */
function newManagerOf(report: AnyRecord, { user, successor }: People): unknown {
  return report.id === successor.id ? (user['managerId'] ?? null) : successor.id;
}

/** What was to be closed is to be closed still: the successor's quota of the same period grows by it. */
async function draftQuota(context: CommandContext, quota: AnyRecord, successor: AnyRecord): Drafted {
  const definition = definitionOf('quota');
  const { periodType, periodStart, fiscalYearStart, amount, currency } = quota;
  const options = { command: COMMAND };
  const mayGo = await judge(context, 'delete', definition, quota, null);
  if (!mayGo.ok) return mayGo;
  const removed = lifeOperation(context, definition, 'delete', quota, options);
  const own = (await context.find('quota', 'userId', successor.id))
    .filter((other) => other['periodType'] === periodType && other['periodStart'] === periodStart)
    .toSorted(compareByReceipt)[0];
  const isSum = own !== undefined && own['currency'] === currency;
  const values = { amount: isSum ? Number(own['amount']) + Number(amount) : amount, currency };
  if (own !== undefined && !isSum)
    return invalid('quota', [
      { field: 'currency', code: 'quotaCurrencies', message: 'Quotas of two currencies do not add up.' },
    ]);
  if (own !== undefined) {
    const grown = await draftUpdate(context, definition, own, values, options);
    return grown.ok ? ok([...grown.value.operations, removed]) : grown;
  }
  const owner = { ownerId: successor.id, teamId: successor.teamId, userId: successor.id };
  const made = await draftCreate(
    context,
    definition,
    { ...values, ...owner, periodType, periodStart, fiscalYearStart },
    options,
  );
  return made.ok ? ok([...made.value.operations, removed]) : made;
}
