// What becomes of two people's work, told once more from the merge table: which value must stand after an operation, and
// which value must be kept as lost. Looks at a commit from outside: the record before, the record after, the conflicts.
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';
import type { Change, Operation } from '#shared/sync/operation.ts';
import { demand, Violation } from '#test/sim/oracles/violation.ts';

type Values = Readonly<Record<string, unknown>>;

/** Policies by entity and group, as the product's documents give them; everything else is `incoming`. */
const policies: Readonly<Record<string, string>> = {
  'account.externalId': 'current',
  'account.tags': 'set',
  'account.shares': 'set',
  'account.description': 'text3',
  'account.owner': 'manual',
  'account.territoryId': 'current',
  'contact.externalId': 'current',
  'contact.tags': 'set',
  'contact.shares': 'set',
  'contact.description': 'text3',
  'contact.owner': 'manual',
  'contact.doNotCall': 'restrictive',
  'contact.emailOptOut': 'restrictive',
  'deal.amount': 'manual',
  'deal.closeDate': 'manual',
  'deal.owner': 'manual',
  'deal.stage': 'machine',
  'task.externalId': 'current',
  'task.tags': 'set',
  'task.description': 'text3',
  'task.owner': 'manual',
  'task.due': 'manual',
  'task.spentMinutes': 'counter',
  'task.participantIds': 'set',
  'task.prerequisiteIds': 'set',
  'user.owner': 'manual',
  'user.email': 'manual',
  'user.role': 'current',
  'user.isActive': 'current',
  'user.externalId': 'current',
  'team.owner': 'manual',
  'team.parentId': 'manual',
  'team.leadId': 'manual',
  'team.description': 'text3',
  'contact.territoryId': 'current',
  'territory.parentId': 'manual',
  'territory.managerId': 'manual',
  'territory.memberIds': 'set',
  'conflict.state': 'machine',
};

const isSame = (left: unknown, right: unknown): boolean =>
  toCanonicalJson(left ?? null) === toCanonicalJson(right ?? null);

function pick(values: Values, fields: readonly string[]): Values {
  return Object.fromEntries(fields.map((field) => [field, values[field] ?? null]));
}

const toList = (value: unknown): readonly string[] => (Array.isArray(value) ? (value as string[]) : []);

interface Seen {
  readonly operation: Operation;
  readonly before: AnyRecord;
  readonly after: AnyRecord;
  /** Conflict records this operation made. */
  readonly conflicts: readonly AnyRecord[];
}

/** Checks an accepted patch that was the only operation of its transaction on this record. */
export function watchPatch(seen: Seen): void {
  for (const change of seen.operation.changes) watchChange(seen, change);
}

function watchChange({ operation, before, after, conflicts }: Seen, change: Change): void {
  const policy = policies[`${operation.entity}.${change.group}`] ?? 'incoming';
  const fields = [
    ...new Set(
      [change.base, change.to, change.delta, change.add, change.remove].flatMap((part) => Object.keys(part ?? {})),
    ),
  ];
  const stood = pick(before, fields);
  const stands = pick(after, fields);
  const lost = conflicts.filter((conflict) => conflict['group'] === change.group);
  const say = (what: string) => (): string =>
    `${what} (${operation.entity} ${operation.recordId}, ${change.group}: ${JSON.stringify({ change, stood, stands, lost })})`;
  if (policy === 'counter') {
    for (const [field, delta] of Object.entries(change.delta ?? {}))
      demand(stands[field] === Number(stood[field] ?? 0) + delta, 'SYNC-43', say('a delta was not added'));
    return;
  }
  if (policy === 'set') {
    for (const field of fields) watchSet(field, change, stood, stands, say);
    return;
  }
  const base = { ...stood, ...pick(change.base, Object.keys(change.base)) };
  const mine = { ...base, ...change.to };
  if (isSame(stood, mine) || isSame(mine, base)) {
    demand(isSame(stands, stood) && lost.length === 0, 'SYNC-40', say('nothing was to change'));
  } else if (isSame(stood, base)) {
    demand(isSame(stands, mine) && lost.length === 0, 'SYNC-40', say('an undisputed value was not taken'));
  } else watchDispute(policy, { stood, stands, mine, base }, lost, say);
}

function watchSet(
  field: string,
  change: Change,
  stood: Values,
  stands: Values,
  say: (what: string) => () => string,
): void {
  const removed = new Set(change.remove?.[field]);
  const seenBefore = new Set(toList(change.base[field]));
  const added = toList(change.add?.[field]).filter((item) => !seenBefore.has(item));
  const wanted = [...new Set([...toList(stood[field]).filter((item) => !removed.has(item)), ...added])].sort();
  demand(isSame(toList(stands[field]).toSorted(), wanted), 'SYNC-43', say('additions and removals were not followed'));
}

interface Dispute {
  readonly stood: Values;
  readonly stands: Values;
  readonly mine: Values;
  readonly base: Values;
}

/** All three differ: the policy decides, and whoever loses is kept. */
function watchDispute(
  policy: string,
  { stood, stands, mine, base }: Dispute,
  lost: readonly AnyRecord[],
  say: (what: string) => () => string,
): void {
  const keeps = (values: Values): boolean => lost.length === 1 && isSame(lost[0]?.['lost'], values);
  switch (policy) {
    case 'incoming':
      demand(isSame(stands, mine), 'SYNC-45', say('the arriving value was not taken whole'));
      demand(keeps(stood), 'SYNC-41', say('the value that stood was not kept as lost'));
      return;
    case 'current':
    case 'manual':
      demand(isSame(stands, stood), 'SYNC-45', say('the value that stood was changed'));
      demand(keeps(mine), 'SYNC-41', say('the arriving value was not kept as lost'));
      return;
    case 'restrictive':
      for (const field of Object.keys(stands)) {
        const liftsUnseen = stood[field] === true && stands[field] !== true && base[field] !== true;
        demand(!liftsUnseen, 'SYNC-44', say('an objection was lifted that nobody had seen'));
      }
      return;
    case 'text3':
      for (const field of Object.keys(stands)) {
        const known = new Set([...tokensOf(base[field]), ...tokensOf(stands[field])]);
        const isIn = (token: string): boolean => known.has(token);
        demand(tokensOf(mine[field]).every(isIn) || keeps(mine), 'SYNC-41', say('typed text is nowhere'));
        demand(tokensOf(stood[field]).every(isIn) || keeps(stood), 'SYNC-41', say('text of somebody else is nowhere'));
      }
      return;
    case 'machine':
      return;
    default:
      throw new Violation('SYNC-42', `no rule for ${policy}`);
  }
}

/** The unique values in a text. */
export function tokensOf(value: unknown): readonly string[] {
  return typeof value === 'string' ? (value.match(/~[^~\s]+~/g) ?? []) : [];
}
