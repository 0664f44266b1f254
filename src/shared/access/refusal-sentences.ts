// What somebody is told who may not do something: why, and who could.
import type { Actor } from '#shared/access/actor.ts';
import { refuse, type RefusalReason, type WhoCould } from '#shared/access/refusals.ts';
import { reachOf, roleTitleOf, type RecordAction } from '#shared/access/roles.ts';
import { SIGN_IN_GROUP } from '#shared/access/user-rights.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import { answerError } from '#shared/kernel/errors.ts';
import { fail, type Result } from '#shared/kernel/result.ts';

interface AskedFor {
  readonly actor: Actor;
  readonly action: RecordAction;
  readonly definition: EntityDefinition;
}

/** The sentence for absent and forbidden records alike: it must not tell them apart. */
export const NOT_VISIBLE_MESSAGE = 'This record is not available to you.';

const actionWords: Readonly<Record<RecordAction, string>> = {
  create: 'create',
  read: 'see',
  update: 'change',
  delete: 'delete',
  restore: 'restore',
};

export const singular = (definition: EntityDefinition) => definition.label.toLowerCase();
export const plural = (definition: EntityDefinition) => definition.labelPlural.toLowerCase();

export function notVisible(): Result<true> {
  return fail(answerError('not_visible', NOT_VISIBLE_MESSAGE));
}

export function forbidden({ actor, action, definition }: AskedFor): Result<true> {
  const reach = reachOf(actor, definition.name, action);
  const doing = `${actionWords[action]} ${plural(definition)}`;
  const who = whoCould(action, definition);
  if (reach === 'own' || reach === 'team') {
    const whose = reach === 'own' ? 'your own' : 'those of your teams';
    const reason = reach === 'own' ? 'ownOnly' : 'teamOnly';
    const message = `You can ${doing}, but only ${whose}. ${whoCouldSentences[who]}`;
    return refuse(definition, message, { reason, action, who });
  }
  const { role, roleName } = actor;
  const message = `Your role (${roleTitleOf(actor)}) does not allow you to ${doing}. ${whoCouldSentences[who]}`;
  return refuse(definition, message, {
    reason: 'role',
    action,
    role,
    who,
    ...(roleName === undefined ? {} : { roleName }),
  });
}

const whoCouldSentences: Readonly<Record<WhoCould, string>> = {
  admin: 'An administrator of your organization can.',
  manager: 'Your team manager or an administrator can.',
  outpost: 'Outpost does that itself.',
};

function whoCould(action: RecordAction, definition: EntityDefinition): WhoCould {
  if (definition.audience === 'tenant') return 'admin';
  return definition.name === 'conflict' && action !== 'update' ? 'outpost' : 'manager';
}

export function fieldForbidden(
  definition: EntityDefinition,
  field: string,
  reason: RefusalReason,
  why: string,
): Result<true> {
  const label = field === SIGN_IN_GROUP ? 'Sign-in' : (definition.fields[field]?.label ?? field);
  return refuse(definition, `You cannot change "${label}" of this ${singular(definition)}. ${why}`, { reason, field });
}

export function foreignTeam(definition: EntityDefinition): Result<true> {
  return refuse(
    definition,
    `You can put a ${singular(definition)} only into your own team. A team manager or an administrator can move it.`,
    { reason: 'foreignTeam' },
  );
}
