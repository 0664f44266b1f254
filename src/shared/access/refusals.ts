// What a refusal of `can()` says: a code of the catalogue, an English sentence for programs and logs, and the reason with
// its facts, from which a screen makes the same sentence in the user's language (`refusals.<reason>`).
import type { RecordAction } from '#shared/access/roles.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import { answerError } from '#shared/kernel/errors.ts';
import { fail, type Result } from '#shared/kernel/result.ts';

export const refusalReasons = [
  /** The role does not allow it at all. */
  'role',
  /** Data may be seen, and not taken out. */
  'export',
  /** Allowed, but only for own records. */
  'ownOnly',
  'teamOnly',
  'createForOthers',
  'createOutsideTeams',
  'announceToAll',
  'giveAway',
  'foreignTeam',
  /** Reached by a territory or a share: content may be changed, who sees the record may not. */
  'lent',
  /** A mail is its owner's. */
  'othersMail',
  'shareSelf',
  /** A field of somebody's user that administrators change. */
  'field',
  'masked',
  'fieldRule',
  'ownRights',
  'ownUser',
  'superAdmin',
  /** The person it is about may do more than the one who asks. */
  'outranks',
  /** About a role: it cannot be changed, or it would give more than its author has. */
  'builtInRole',
  'grantsMore',
  'keptByOutpost',
  // Forecasts and quotas.
  'ownQuota',
  'ownGoal',
  'authorOnly',
  'notBelow',
  'othersForecast',
  'ownership',
  /** Only the server finds these. */
  'answeredLongAgo',
  'deletedMeanwhile',
  'deletedLongAgo',
  'unseenMeanwhile',
  'roleInUse',
  'fieldTaken',
  'territoriesBelow',
  'erased',
  'planUsers',
  'planRecords',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** Who could do it instead. */
export const whoCouldNames = ['admin', 'manager', 'outpost'] as const;
export type WhoCould = (typeof whoCouldNames)[number];

export interface RefusalFacts {
  readonly reason: RefusalReason;
  readonly field?: string;
  readonly action?: RecordAction;
  readonly role?: string;
  /** What the organization calls a custom role. */
  readonly roleName?: string;
  readonly who?: WhoCould;
}

/** `field_forbidden` when the facts name a field, `action_forbidden` otherwise. */
export function refuse(definition: EntityDefinition, message: string, facts: RefusalFacts): Result<never> {
  const code = facts.field === undefined ? 'action_forbidden' : 'field_forbidden';
  return fail(answerError(code, message, { entity: definition.name, ...facts }));
}
