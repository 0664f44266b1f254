// May this user do this to this record? Denied unless a permission, a scope and the fields all allow it. A change is
// judged on the record before and after, so that nobody pushes a record out of the own reach or pulls one into it.
// The screen asks to hide a button, the data host asks before it journals, the server asks again and decides.
import type { Actor } from '#shared/access/actor.ts';
import {
  fieldModeOf,
  isMasked,
  openFieldPolicy,
  UNKNOWN_FIELD_MESSAGE,
  type FieldPolicy,
} from '#shared/access/field-policy.ts';
import {
  findForecastRefusal,
  findOwnTarget,
  isForecastEntry,
  type ForecastRefusal,
} from '#shared/access/forecast-rights.ts';
import { isGovernableName, isGoverned } from '#shared/access/governed-fields.ts';
import { isConflictHidden, isHistoryHidden } from '#shared/access/project.ts';
import { findRoleRefusal, type RoleRefusal } from '#shared/access/role-rights.ts';
import { mailEntities, partsOfRecords } from '#shared/access/parent-record.ts';
import { audienceFields, judgeAudience } from '#shared/access/judge-audience.ts';
import { ownProfileFields, reachOf, type RecordAction } from '#shared/access/roles.ts';
import { holdsPermission } from '#shared/access/permissions-for.ts';
import {
  fieldForbidden,
  forbidden,
  foreignTeam,
  notVisible,
  plural,
  singular,
} from '#shared/access/refusal-sentences.ts';
import { refuse } from '#shared/access/refusals.ts';
import { isInScope, keySetOf, meets, ownershipKeysOf } from '#shared/access/scope.ts';
import { findUserRightsRefusal, type UserRightsRefusal } from '#shared/access/user-rights.ts';
import {
  fieldsOfGroup,
  groupOfField,
  mergePolicyOf,
  type AnyRecord,
  type EntityDefinition,
} from '#shared/entities/define-entity.ts';
import { setsHoursOfTeam } from '#shared/entities/user/working-hours.ts';
import { answerError } from '#shared/kernel/errors.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import { fail, ok, type Result } from '#shared/kernel/result.ts';

export interface AccessQuestion {
  readonly actor: Actor;
  readonly action: RecordAction;
  readonly definition: EntityDefinition;
  /** The stored record (for restore: as it was when it was deleted); null when there is none. */
  readonly before: AnyRecord | null;
  /** The record as it would stand afterwards; null for read, delete and a question about a button. */
  readonly after: AnyRecord | null;
  /** Merge groups the change names; needed for update and create. */
  readonly groups?: readonly string[];
  /** Fields the change gives a value; default: all of the groups. */
  readonly fields?: readonly string[];
  /**
   * Whether the user sees the stored record, where the asker knows: the server from its stored keys, a device because it
   * holds the record. Default: what follows from the record alone, which is too little for what follows a parent.
   */
  readonly isVisible?: boolean;
  /** Of a file, a comment, a time entry: the record it belongs to, null when the actor does not see that. */
  readonly parent?: { readonly definition: EntityDefinition; readonly record: AnyRecord } | null;
  /** Of a quota, a goal or a forecast: the person, team or territory it is about, null when there is none. */
  readonly subject?: AnyRecord | null;
  /** Of a new task that names the one before it in a series: that one, null when the actor does not see it. */
  readonly previous?: AnyRecord | null;
  /** Default: the actor's own. */
  readonly fieldPolicy?: FieldPolicy;
}

/** Allowed, or a refusal `not_visible`, `action_forbidden` or `field_forbidden` that says why and who could. */
export function can(question: AccessQuestion): Result<true> {
  const { actor, action, definition, before } = question;
  if (partsOfRecords.includes(definition.name) && action !== 'read') return judgePart(question);
  if (action === 'create') return judgeCreate(question);
  if (before === null || !(question.isVisible ?? isInScope(actor, definition, 'read', before))) return notVisible();
  if (definition.name === 'conflict' && isConflictHidden(policyOf(question), before)) return notVisible();
  if (isHistoryHidden(policyOf(question), before)) return notVisible();
  if ((action === 'delete' || action === 'restore') && definition.name !== 'user' && isOwnImport(actor, before))
    return ok(true);
  // Who manages a team says how much its people work, and nothing else of them.
  const isHours = definition.name === 'user' && action === 'update';
  if (isHours && setsHoursOfTeam(actor, before, touchedFields(question, before)))
    return question.after === null ? ok(true) : judgeFields(question, question.after);
  if (!holdsPermission(actor, definition, action, before)) return forbidden(question);
  if (!isInScope(actor, definition, action, before)) return forbidden(question);
  if (mailEntities.includes(definition.name) && action !== 'read' && before.ownerId !== actor.userId)
    return refuse(definition, 'Whose mailbox it lies in decides about a mail.', { reason: 'othersMail' });
  const own = action === 'read' ? null : findOwnTarget(actor, definition, before);
  if (own !== null) return refuse(definition, forecastSentences[own], { reason: own });
  return action === 'update' ? judgeUpdate(question, before) : judgeUserRights(question, []);
}

/** What is part of a record and has an author: a file, a comment, time that was spent. */
function judgePart(question: AccessQuestion): Result<true> {
  const { actor, action, definition, before, after, parent, isVisible } = question;
  if (action === 'create' && before !== null) {
    return fail(answerError('duplicate', 'A record with this id exists already.'));
  }
  if (action !== 'create' && (before === null || !(isVisible ?? isInScope(actor, definition, 'read', before))))
    return notVisible();
  if (!actor.permissions.includes('record.update')) return forbidden(question);
  if (action === 'create' && after !== null && (after.ownerId ?? actor.userId) !== actor.userId) {
    return refuse(definition, `Whoever adds a ${singular(definition)} is its owner.`, { reason: 'createForOthers' });
  }
  // A question about a button, before it is known for which record.
  if (parent === undefined && after === null && before === null) return ok(true);
  if (parent === undefined || parent === null) {
    return fail(answerError('invalid', 'The record this belongs to is not available to you.'));
  }
  if (definition.name !== 'file') return judgeAuthored(question);
  // Whoever may change the record attaches, removes and brings back its files.
  const asked = { actor, action: 'update', definition: parent.definition, before: parent.record } as const;
  return can({ ...asked, after: null, groups: [], isVisible: true });
}

/** Whoever sees the record says something about it and notes own time; what is written stays its author's. */
function judgeAuthored(question: AccessQuestion): Result<true> {
  const { actor, action, definition, before, after } = question;
  if (action !== 'create' && before?.ownerId !== actor.userId) {
    const isAdministrator = actor.permissions.includes('org.configure_settings');
    if (action === 'update' || !isAdministrator)
      return refuse(definition, 'Only whoever wrote this can change it.', { reason: 'authorOnly' });
  }
  return after === null ? ok(true) : judgeFields(question, after);
}

/** Ids an import gives: its own id, a UUID, and a number. */
const IMPORTED_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-\d+$/;

/** Whoever may import may take an own import back: records it made, as long as they are still the importer's. */
function isOwnImport(actor: Actor, before: AnyRecord): boolean {
  const mayImport =
    actor.permissions.includes('data.import_customers') || actor.permissions.includes('org.import_data');
  return (
    mayImport && IMPORTED_ID.test(before.id) && before.createdBy === actor.userId && before.ownerId === actor.userId
  );
}

function judgeCreate(question: AccessQuestion): Result<true> {
  const { actor, definition, before, after } = question;
  if (before !== null) return fail(answerError('duplicate', 'A record with this id exists already.'));
  if (!holdsPermission(actor, definition, 'create', null)) return forbidden(question);
  if (reachOf(actor, definition.name, 'create') === 'none') return forbidden(question);
  if (after === null) return ok(true);
  if (isForecastEntry(definition)) {
    const forecast = judgeForecast(question, after);
    return forecast.ok ? judgeFields(question, after) : forecast;
  }
  const isNext = isNextOfSeries(question, after);
  if (!isNext && !meets(keySetOf(actor, definition, 'create'), ownershipKeysOf(after))) {
    return refuse(
      definition,
      `You can create ${plural(definition)} for yourself${mayReassign(actor) ? ' and your teams' : ''}, not for somebody else. Ask a team manager to do it.`,
      { reason: mayReassign(actor) ? 'createOutsideTeams' : 'createForOthers' },
    );
  }
  if (!isNext && !mayUseTeam(actor, null, after.teamId)) return foreignTeam(definition);
  const refusedAudience = definition.name === 'announcement' ? findAnnouncementRefusal(actor, after) : null;
  if (refusedAudience !== null)
    return refuse(definition, announcementSentences[refusedAudience], { reason: refusedAudience });
  const rights = judgeUserRights(question, []);
  const audience = rights.ok ? judgeAudience(actor, definition, null, after, []) : rights;
  return audience.ok ? judgeFields(question, after) : audience;
}

type AnnouncementRefusal = 'announceToAll' | 'createForOthers';

const announcementSentences: Readonly<Record<AnnouncementRefusal, string>> = {
  announceToAll: 'You can tell your teams something. An administrator can tell everybody.',
  createForOthers: 'You can say something in your own name only.',
};

/** Managers tell their teams something; administrators everybody, and what is not about a team. The server alone writes to one person. */
function findAnnouncementRefusal(actor: Actor, after: AnyRecord): AnnouncementRefusal | null {
  if (after.ownerId !== actor.userId || after['sharing'] === 'person') return 'createForOthers';
  if (actor.permissions.includes('org.configure_settings')) return null;
  const isOfTeam = after['sharing'] === 'team' && after['topic'] === 'team';
  return isOfTeam && actor.teamIds.includes(after.teamId ?? '') ? null : 'announceToAll';
}

/** Whoever completes a task that repeats makes the next one, for the same person and team, whoever that is. */
function isNextOfSeries({ actor, definition, previous }: AccessQuestion, after: AnyRecord): boolean {
  if (definition.name !== 'task' || previous === undefined || previous === null) return false;
  if ((previous['recurrence'] ?? null) === null || previous.id !== after['previousId']) return false;
  const isSamePlace =
    (previous.ownerId ?? null) === (after.ownerId ?? null) && (previous.teamId ?? null) === (after.teamId ?? null);
  const mayComplete = { actor, action: 'update', definition, before: previous, after: null, isVisible: true } as const;
  return isSamePlace && can(mayComplete).ok;
}

const forecastSentences: Readonly<Record<ForecastRefusal, string>> = {
  ownQuota: 'Nobody sets the own quota. Your manager or an administrator can.',
  ownGoal: 'Nobody sets the own goals. Your manager or an administrator can.',
  notBelow: 'You can do that for yourself and for the people and territories below you.',
  othersForecast: 'A forecast is submitted by whoever it belongs to.',
  ownership:
    'A quota or a goal belongs to the person or team it is for, an adjustment or a submitted forecast to its author.',
};

function judgeForecast({ actor, definition, subject }: AccessQuestion, after: AnyRecord): Result<true> {
  if (subject === undefined || subject === null) {
    return fail(answerError('invalid', 'The person, team or territory this is about is not available to you.'));
  }
  const reason = findForecastRefusal(actor, definition, after, subject);
  return reason === null ? ok(true) : refuse(definition, forecastSentences[reason], { reason });
}

function judgeUpdate(question: AccessQuestion, before: AnyRecord): Result<true> {
  const { actor, definition, after } = question;
  const profile = judgeOwnProfile(question, before);
  if (!profile.ok) return profile;
  const audience = judgeAudience(actor, definition, before, after, touchedFields(question, before, audienceFields));
  if (!audience.ok || after === null) return audience;
  const changesOwner = (before.ownerId ?? null) !== (after.ownerId ?? null);
  const changesTeam = (before.teamId ?? null) !== (after.teamId ?? null);
  if (definition.name === 'goal' && (changesOwner || changesTeam)) {
    return refuse(definition, forecastSentences.ownership, { reason: 'ownership' });
  }
  if (!mayReassign(actor) && (changesOwner || !isInScope(actor, definition, 'update', after))) {
    return refuse(
      definition,
      `You cannot give this ${singular(definition)} to somebody else. A team manager or an administrator can reassign it.`,
      { reason: 'giveAway' },
    );
  }
  if (!mayUseTeam(actor, before.teamId, after.teamId)) return foreignTeam(definition);
  return judgeFields(question, after);
}

/** Whoever cannot reassign puts a record into no other team than an own one. */
function mayUseTeam(actor: Actor, teamBefore: string | null, teamAfter: string | null): boolean {
  if ((teamAfter ?? null) === (teamBefore ?? null) || (teamAfter ?? null) === null) return true;
  return mayReassign(actor) || (teamAfter !== null && actor.teamIds.includes(teamAfter));
}

/** Everyone but an administrator changes users only in the own profile, and there only harmless fields. */
function judgeOwnProfile(question: AccessQuestion, before: AnyRecord): Result<true> {
  const { actor, definition } = question;
  if (definition.name !== 'user') return ok(true);
  const touched = touchedFields(question, before);
  if (reachOf(actor, 'user', 'update') === 'all') return judgeUserRights(question, touched);
  const refused = touched.find((field) => !(ownProfileFields as readonly string[]).includes(field));
  if (refused === undefined) return ok(true);
  return fieldForbidden(definition, refused, 'field', 'An administrator of your organization can change it.');
}

const userRightsSentences: Readonly<Record<UserRightsRefusal['reason'], string>> = {
  ownRights: 'Nobody can change the own rights; ask another administrator.',
  ownUser: 'Nobody can delete the own user, so that an administrator always remains; ask another administrator.',
  superAdmin: 'Only a super administrator can make somebody a super administrator, or change the rights of one.',
  outranks: 'This person may do more than you; an administrator decides over their rights.',
  grantsMore: 'You can give only rights that you hold yourself, and only as far as you reach.',
};

function judgeUserRights({ actor, action, definition, before, after }: AccessQuestion, touched: readonly string[]) {
  const refusal = definition.name === 'user' ? findUserRightsRefusal({ actor, action, before, after, touched }) : null;
  if (refusal === null) return ok<true>(true);
  const sentence = userRightsSentences[refusal.reason];
  if (refusal.field === null) return refuse(definition, sentence, { reason: refusal.reason });
  return fieldForbidden(definition, refusal.field, refusal.reason, sentence);
}

/** Fields whose value differs, or that the named groups hold when the values are not known. `asked`: no others matter. */
function touchedFields(question: AccessQuestion, before: AnyRecord, asked?: readonly string[]): readonly string[] {
  const { definition, after, groups } = question;
  if (after !== null && asked !== undefined)
    return asked.filter((field) => !isJsonEqual(before[field] ?? null, after[field] ?? null));
  const named = (groups ?? []).flatMap((group) => [group, ...fieldsOfGroup(definition, group)]);
  if (after === null) return named;
  const fields = [...new Set([...named, 'ownerId', 'teamId', ...Object.keys(definition.fields)])];
  return fields.filter((field) => !isJsonEqual(before[field] ?? null, after[field] ?? null));
}

const roleSentences: Readonly<Record<RoleRefusal, string>> = {
  builtInRole: 'The built-in roles cannot be changed.',
  grantsMore: 'You can give only rights that you hold yourself, and only as far as you reach.',
};

function policyOf({ actor, fieldPolicy }: AccessQuestion): FieldPolicy {
  return fieldPolicy ?? actor.fields ?? openFieldPolicy;
}

function judgeFields(question: AccessQuestion, after: AnyRecord): Result<true> {
  const { actor, definition } = question;
  const policy = policyOf(question);
  if (definition.name === 'role') {
    const refusal = findRoleRefusal(actor, after);
    if (refusal !== null) return refuse(definition, roleSentences[refusal], { reason: refusal });
  }
  for (const field of writtenFields(question, after)) {
    if (isMasked(after[field])) return fieldForbidden(definition, field, 'masked', 'Its value is masked for you.');
    const mode = fieldModeOf(policy, definition.name, field);
    if (mode === 'edit' || isSetByStep(question, after, field)) continue;
    if (mode === 'hidden') return fail(answerError('invalid', UNKNOWN_FIELD_MESSAGE, { entity: definition.name }));
    return fieldForbidden(definition, field, 'fieldRule', 'An administrator of your organization decides who may.');
  }
  return ok(true);
}

/** Fields whose value another one becomes by this change. */
function writtenFields(question: AccessQuestion, after: AnyRecord): readonly string[] {
  const { definition, before } = question;
  const groups = question.groups ?? Object.keys(after);
  const named = question.fields ?? groups.flatMap((group) => [group, ...fieldsOfGroup(definition, group)]);
  return [...new Set(named)].filter((field) => !isJsonEqual(before?.[field] ?? null, after[field] ?? null));
}

/**
 * A step of a state machine (a deal enters a stage) sets what the step means together with it. Whoever may take the
 * step may therefore write those fields with it, without seeing them; alone, they are governed like any other.
 */
function isSetByStep(question: AccessQuestion, after: AnyRecord, field: string): boolean {
  const { definition, before } = question;
  const group = groupOfField(definition, field);
  // Of the history of a deal the server fills in what its author does not see.
  if (definition.name === 'stageChange') return before === null;
  if (mergePolicyOf(definition, group) !== 'machine') return false;
  return fieldsOfGroup(definition, group).some(
    (other) =>
      isGoverned(definition, field) &&
      !isGovernableName(other) &&
      !isJsonEqual(before?.[other] ?? null, after[other] ?? null),
  );
}

/** True when the user may hand records to others: team managers and administrators. */
export function mayReassign(actor: Actor): boolean {
  return actor.permissions.includes('team.manage_members') || actor.permissions.includes('org.manage_users');
}
