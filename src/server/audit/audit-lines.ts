// Entries as somebody may see them. What a record said before and after passes the same rules as the record itself: out of
// reach it is left out, hidden fields do not exist, masked ones are masks; names are those of today, as the reader sees them.
import type { Actor } from '#shared/access/actor.ts';
import { fieldModeOf, hiddenGroupsOf, isOwnership, MASK, openFieldPolicy } from '#shared/access/field-policy.ts';
import { projectFields } from '#shared/access/project.ts';
import { keySetOf, meets } from '#shared/access/scope.ts';
import type { AuditedValues } from '#shared/audit/audited-values.ts';
import { pointedTo } from '#shared/audit/pointed-to.ts';
import { namedActionOf } from '#shared/audit/named-actions.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import { entities, entityOf } from '#shared/entities/registry.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { AuditLine } from '#shared/sync/audit-messages.ts';
import type { SqlSession } from '#server/store/database.ts';
import { placeKey, placeOf, readRecords, type StoredRecord } from '#server/sync/stored-record.ts';

/** An entry with what is known about it, as it is read. */
export interface LineRow {
  readonly no: number;
  readonly at: number;
  readonly actor: string | null;
  readonly device: string | null;
  readonly session: string | null;
  readonly command: string;
  readonly effect: string;
  readonly entity: string;
  readonly id: string;
  readonly groups: readonly string[];
  readonly outcome: string;
  readonly isSensitive: boolean;
  readonly detail: Readonly<Record<string, string>> | null;
  readonly values: string | null;
  readonly isToReview: boolean;
  readonly policies: readonly string[] | null;
  readonly reviewedAt: number | null;
  readonly reviewedBy: string | null;
  readonly note: string | null;
}

/** Selects {@link LineRow}s from `audit a`; put the condition and the order behind it. */
export const LINE_SQL = `SELECT a.no, a.at, a.actor, a.device, a.session, a.command, a.effect, a.entity, a.id, a.groups, a.outcome,
  a.sensitive AS "isSensitive", a.detail, a.field_values AS values, r.no IS NOT NULL OR a.needs_review AS "isToReview", r.policies,
  r.reviewed_at AS "reviewedAt", r.reviewed_by AS "reviewedBy", r.note
  FROM audit a LEFT JOIN audit_review r ON r.tenant = a.tenant AND r.no = a.no`;

type Known = ReadonlyMap<string, StoredRecord>;

function findRecord(known: Known, entity: string, id: string): StoredRecord | undefined {
  const definition = entityOf(entity);
  if (definition === undefined) return undefined;
  const stored = known.get(placeKey(definition.collection, id));
  return stored?.record.kind === definition.name ? stored : undefined;
}

/** The records entries are about, and the people who made them. */
export function readSubjects(session: SqlSession, tenantId: TenantId, rows: readonly LineRow[]): Promise<Known> {
  const people = rows.flatMap(({ actor }) => (actor === null ? [] : [placeOf(entities.user, actor)]));
  const subjects = rows.flatMap(({ entity, id }) => {
    const definition = entityOf(entity);
    return definition === undefined ? [] : [placeOf(definition, id)];
  });
  return readRecords(session, tenantId, [...people, ...subjects], false);
}

function isVisible(actor: Actor, definition: EntityDefinition, stored: StoredRecord): boolean {
  return meets(keySetOf(actor, definition, 'read'), stored.scopeKeys);
}

function titleOf(actor: Actor, definition: EntityDefinition, stored: StoredRecord | undefined): string | null {
  if (stored === undefined || !isVisible(actor, definition, stored)) return null;
  const title = textOf(
    projectFields(actor.fields ?? openFieldPolicy, definition, stored.record)?.[definition.titleField] ?? '',
  );
  return title === '' ? null : title;
}

function emailOf(actor: Actor, { record }: StoredRecord): string | null {
  const email = projectFields(actor.fields ?? openFieldPolicy, entities.user, record)?.['email'];
  return typeof email === 'string' ? email : null;
}

function toChanges(actor: Actor, definition: EntityDefinition | undefined, text: string): AuditLine['changes'] {
  const values = JSON.parse(text) as AuditedValues;
  const policy = actor.fields ?? openFieldPolicy;
  const hide = (value: unknown): unknown => (value === null ? null : MASK);
  const changes = Object.entries(values).flatMap(([field, [before, after]]) => {
    const mode = definition === undefined || isOwnership(field) ? 'edit' : fieldModeOf(policy, definition.name, field);
    if (mode === 'hidden') return [];
    return [mode === 'mask' ? { field, before: hide(before), after: hide(after) } : { field, before, after }];
  });
  return changes.length === 0 ? null : changes;
}

/** What the records are called that values of these entries point to, by id, as far as this reader sees them. */
export async function readNamed(
  session: SqlSession,
  actor: Actor,
  lines: readonly AuditLine[],
): Promise<ReadonlyMap<string, string>> {
  const found = lines.flatMap(({ entity, changes }) =>
    (changes ?? []).flatMap(({ field, before, after }) => {
      const target = pointedTo(entityOf(entity), field);
      const ids = [before, after].flat().filter((id): id is string => typeof id === 'string' && id !== '');
      return target === null ? [] : ids.map((id) => ({ definition: entities[target], id }));
    }),
  );
  const places = found.map(({ definition, id }) => placeOf(definition, id));
  const known = await readRecords(session, actor.tenantId as TenantId, places, false);
  return new Map(
    found.flatMap(({ definition, id }) => {
      const title = titleOf(actor, definition, findRecord(known, definition.name, id));
      return title === null ? [] : [[id, title] as const];
    }),
  );
}

/** Why something was refused may name fields of the record: only for who sees all of them. */
function toDetail(actor: Actor, definition: EntityDefinition | undefined, detail: LineRow['detail']) {
  if (detail === null || definition === undefined || actor.fields?.[definition.name] === undefined) return detail;
  const { error: _error, ...rest } = detail;
  return rest;
}

function toReview({ isToReview, policies, reviewedAt, reviewedBy, note }: LineRow): AuditLine['review'] {
  if (!isToReview) return null;
  const at = reviewedAt === null ? null : toInstant(reviewedAt);
  return { policies: [...(policies ?? [])], reviewedAt: at, reviewedBy, note };
}

/** The entry for this reader; null when it is about nothing the reader may know of. */
export function toLine(actor: Actor, row: LineRow, known: Known): AuditLine | null {
  const { groups, values, entity, id, command, effect } = row;
  const definition = entityOf(entity);
  const hidden = definition === undefined ? [] : hiddenGroupsOf(actor.fields ?? openFieldPolicy, definition);
  const seen = groups.filter((group) => !hidden.includes(group));
  if (seen.length === 0 && groups.length > 0) return null;
  const stored = findRecord(known, entity, id);
  // What is no record (settings, keys) has nobody it is out of reach for.
  const isWithheld = definition !== undefined && stored !== undefined && !isVisible(actor, definition, stored);
  const person = row.actor === null ? undefined : findRecord(known, 'user', row.actor);
  return {
    no: row.no,
    at: toInstant(row.at),
    actor: row.actor,
    actorName: titleOf(actor, entities.user, person),
    actorEmail: person === undefined ? null : emailOf(actor, person),
    device: row.device,
    session: row.session,
    command,
    effect,
    action: namedActionOf({ command, effect, entity, groups: seen }),
    entity,
    id,
    name: definition === undefined ? null : titleOf(actor, definition, stored),
    groups: seen,
    outcome: row.outcome,
    isSensitive: row.isSensitive,
    review: toReview(row),
    changes: values === null || isWithheld ? null : toChanges(actor, definition, values),
    isWithheld: isWithheld && values !== null,
    detail: toDetail(actor, definition, row.detail),
  };
}
