// Erases a person for good. Every value goes: records, conflicts, files, what was answered about them, their account, from where
// they signed in. What stays is ids: in the log, so that every device hears of it and purges; in the audit; and in the erasure list, which refuses the
// same ids and addresses for ever and is applied again after a restore.
import { forgetRecipients } from '#server/campaigns/forget-recipients.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { groupOfField } from '#shared/entities/define-entity.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlSession } from '#server/store/database.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import { expireExports } from '#server/audit/audit-exports.ts';
import { removeContent } from '#server/files/sweep-content.ts';
import { commitChanges, type PendingCommit } from '#server/sync/commit-changes.ts';
import { createSqlTransaction } from '#server/sync/sql/sql-sync-store.ts';
import { rememberErasedEmails } from '#server/privacy/erased-emails.ts';
import { forgetFormerValues } from '#server/privacy/forget-former-values.ts';
import {
  emailsOf,
  findPerson,
  linksOf,
  readImportsNaming,
  readPartsAbout,
  type FoundRecord,
  type PersonWish,
} from '#server/privacy/find-person.ts';

export interface ErasureSummary {
  /** Records that are gone, the person included. */
  readonly erased: number;
  /** Records that stay and no longer point to the person. */
  readonly unlinked: number;
  readonly ids: readonly string[];
}

export interface Eraser {
  /** Null: the operator of the server. */
  readonly userId: string | null;
  readonly nowMs: number;
  /** Applying an old erasure again: an active user does not stop it, and nobody there is no mistake. */
  readonly isRepeated?: boolean;
}

const CHANGES_OF_A_COMMIT = 200;

/** @throws OutpostError `not_found` when there is no such person; `invalid` for a user who is still active. */
export async function erasePerson(
  session: SqlSession,
  tenantId: TenantId,
  wish: PersonWish,
  eraser: Eraser,
): Promise<ErasureSummary> {
  await holdPushes(session, tenantId);
  const person = await findPerson(session, tenantId, wish);
  const subject = person.themselves[0]?.record.id;
  if (subject === undefined) {
    if (eraser.isRepeated === true) return { erased: 0, unlinked: 0, ids: [] };
    throw new OutpostError('not_found', 'There is no such person here.');
  }
  if (eraser.isRepeated !== true) assertNoActiveUser(person.themselves);
  const gone = [...person.themselves, ...person.theirs];
  const ids = person.themselves.map(({ record }) => record.id);
  const emails = person.themselves.flatMap(emailsOf);
  const imports = await readImportsNaming(session, tenantId, emails);
  const goneIds = gone.map(({ record }) => record.id);
  const parts = await readPartsAbout(session, tenantId, goneIds);
  await rememberErasedEmails(session, tenantId, subject, emails);
  await remember(session, tenantId, subject, gone, eraser);
  const changes = [
    ...gone.map(toErasure),
    ...person.pointing.map((found) => toUnlinked(found, ids)),
    ...imports.map((found) => toChange(found, { rowErrors: null })),
    ...parts.map((found) => toForgetting(found, goneIds)),
  ];
  const commits: PendingCommit[] = [];
  for (let from = 0; from < changes.length; from += CHANGES_OF_A_COMMIT) {
    const part = changes.slice(from, from + CHANGES_OF_A_COMMIT).map((change) => ({ ...change, opId: null }));
    commits.push({ actorId: eraser.userId, deviceId: null, changes: part });
  }
  const { written } = await commitChanges(createSqlTransaction(session, tenantId), eraser.nowMs, commits);
  await written;
  await removeContent(session, tenantId, goneIds);
  await scrubAnswers(session, tenantId, goneIds);
  await closeAccounts(session, tenantId, ids);
  await forgetRecipients(session, tenantId, goneIds);
  await forgetDetails(session, tenantId, ids, goneIds);
  const erasures = gone.map(({ record }) => ({ entity: record.kind, id: record.id }));
  await appendAudit(
    session,
    tenantId,
    eraser.nowMs,
    erasures.map((what) => ({ ...by(eraser), command: 'erasePerson', ...what, groups: [], outcome: 'applied' })),
  );
  return { erased: gone.length, unlinked: person.pointing.length, ids: goneIds };
}

const by = ({ userId }: Eraser) => ({ actor: userId, device: null });

/**
 * What the audit says of where somebody was goes, and what their records said before and after; that something happened, and
 * to which ids, stays with its hash. Nothing finds it by a name any more.
 */
async function forgetDetails(
  session: SqlSession,
  tenantId: TenantId,
  ids: readonly string[],
  goneIds: readonly string[],
): Promise<void> {
  await expireExports(session, tenantId, 'all');
  // Whoever makes words of entries is done, or begins after this.
  await session.query('SELECT no FROM audit_followed WHERE tenant = $1 FOR UPDATE', [tenantId]);
  const ofPerson = '(actor = ANY($2::text[]) OR id = ANY($2::text[]))';
  await session.query(
    `UPDATE audit_words w SET names = '' FROM audit a WHERE w.tenant = $1 AND a.tenant = $1 AND a.no = w.no AND ${ofPerson}`,
    [tenantId, goneIds],
  );
  await session.query(
    `UPDATE audit SET detail = NULL, detail_salt = NULL WHERE tenant = $1 AND detail_salt IS NOT NULL AND ${ofPerson}`,
    [tenantId, ids],
  );
  await session.query(
    `UPDATE audit SET field_values = NULL, values_salt = NULL
     WHERE tenant = $1 AND values_salt IS NOT NULL AND id = ANY($2::text[])`,
    [tenantId, goneIds],
  );
}

/** Waits for the pushes under way and lets none begin before the end: none of them was judged without the erasure. */
async function holdPushes(session: SqlSession, tenantId: TenantId): Promise<void> {
  await session.query('SELECT user_id FROM user_scope WHERE tenant = $1 ORDER BY user_id FOR UPDATE', [tenantId]);
}

function assertNoActiveUser(persons: readonly FoundRecord[]): void {
  const isActive = persons.some(
    ({ definition, record, isDeleted }) => definition.name === 'user' && !isDeleted && record['isActive'] !== false,
  );
  if (!isActive) return;
  throw new OutpostError(
    'invalid',
    'This person is an active user. Hand over their records and deactivate them first, then erase them.',
  );
}

async function remember(
  session: SqlSession,
  tenantId: TenantId,
  subject: string,
  gone: readonly FoundRecord[],
  eraser: Eraser,
): Promise<void> {
  await session.query(
    `INSERT INTO erasure_list (tenant, id, kind, subject, erased_at, erased_by)
     SELECT $1, e.id, e.kind, $2, $3::bigint, $4 FROM unnest($5::text[], $6::text[]) AS e(id, kind)
     ON CONFLICT (tenant, id) DO NOTHING`,
    [
      tenantId,
      subject,
      eraser.nowMs,
      eraser.userId,
      gone.map(({ record }) => record.id),
      gone.map(({ record }) => record.kind),
    ],
  );
}

/** The record without a value; its keys stay, so that those who saw it hear that it is gone. */
function toErasure({ definition, record, scopeKeys, fieldRev }: FoundRecord): Change {
  const { id, kind, rev, ownerId, teamId, createdAt, createdBy, updatedAt, updatedBy } = record;
  const after: AnyRecord = { id, kind, rev, ownerId, teamId, createdAt, createdBy, updatedAt, updatedBy };
  return {
    definition,
    action: 'delete',
    groups: [],
    after,
    keysBefore: scopeKeys,
    keysAfter: scopeKeys,
    fieldRevBefore: fieldRev,
    keepsStamps: false,
  };
}

type Change = Omit<PendingCommit['changes'][number], 'opId'>;

function toUnlinked(found: FoundRecord, ids: readonly string[]): Change {
  const { definition, record } = found;
  const values: Record<string, unknown> = {};
  for (const { field, isMany } of linksOf(definition)) {
    const value = record[field];
    if (!isMany && ids.includes(String(value))) values[field] = null;
    if (isMany && Array.isArray(value)) values[field] = value.filter((id) => !ids.includes(String(id)));
  }
  return toChange(found, values);
}

function toChange(
  { definition, record, scopeKeys, fieldRev, isDeleted }: FoundRecord,
  values: Readonly<Record<string, unknown>>,
): Change {
  return {
    definition,
    action: isDeleted ? 'delete' : 'update',
    groups: [...new Set(Object.keys(values).map((field) => groupOfField(definition, field)))],
    after: { ...record, ...values },
    keysBefore: scopeKeys,
    keysAfter: scopeKeys,
    fieldRevBefore: fieldRev,
    keepsStamps: false,
  };
}

function toForgetting(found: FoundRecord, ids: readonly string[]): Change {
  const values = forgetFormerValues(found.record, ids);
  return values === null ? toErasure(found) : toChange(found, values);
}

/** Answers that may repeat what was typed keep what was decided and lose the words. */
async function scrubAnswers(session: SqlSession, tenantId: TenantId, ids: readonly string[]): Promise<void> {
  await session.query(
    `UPDATE op_result SET verdict = (verdict::jsonb - 'why' || '{"message": "This person was erased.", "problems": []}'::jsonb)::json
     WHERE tenant = $1 AND verdict->>'status' = 'rejected' AND op_id IN (
       SELECT op_id FROM audit WHERE tenant = $1 AND id = ANY($2::text[]) AND op_id IS NOT NULL)`,
    [tenantId, ids],
  );
}

/** Everything that is kept about signing in, each with a column `user_id`. */
const tablesOfAccounts = [
  'session',
  'account',
  'sign_in_name',
  'appears_offline',
  'second_factor',
  'passkey_name',
  'recovery_code',
  'sign_in_challenge',
  'sign_in_event',
  'reset_link',
  'sso_identity',
  'sso_break_glass',
  'api_key',
] as const;

async function closeAccounts(session: SqlSession, tenantId: TenantId, ids: readonly string[]): Promise<void> {
  const values = [tenantId, ids];
  await session.query(
    `DELETE FROM refresh_family WHERE tenant = $1 AND session_id IN (
       SELECT session_id FROM session WHERE tenant = $1 AND user_id = ANY($2::text[]))`,
    values,
  );
  await session.query('UPDATE device SET given_name = NULL WHERE tenant = $1 AND user_id = ANY($2::text[])', values);
  await session.query(
    `DELETE FROM api_key_secret WHERE tenant = $1 AND key_id IN (
       SELECT key_id FROM api_key WHERE tenant = $1 AND user_id = ANY($2::text[]))`,
    values,
  );
  for (const table of tablesOfAccounts)
    await session.query(`DELETE FROM ${table} WHERE tenant = $1 AND user_id = ANY($2::text[])`, values);
}
