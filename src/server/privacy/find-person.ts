// Everything an organization keeps about one person. A person is a contact, a lead or a user, together with the contacts
// and leads that are the same person: converted from each other, or with the same e-mail address. With them go what is
// about nobody else (activities, tasks, comments, conflicts, files) and their mails; other records only point to them.
import { fieldNamesOf, type EntityDefinition, type EntityName } from '#shared/entities/define-entity.ts';
import { entities, entityOf } from '#shared/entities/registry.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { foldEmail } from '#server/identity/accounts.ts';
import type { SqlSession } from '#server/store/database.ts';
import type { StoredRecord } from '#server/sync/stored-record.ts';

export const personEntities = ['contact', 'lead', 'user'] as const;
export type PersonEntity = (typeof personEntities)[number];

export interface PersonWish {
  readonly entity?: PersonEntity;
  readonly id?: string;
  readonly email?: string;
}

export interface FoundRecord extends StoredRecord {
  readonly definition: EntityDefinition;
}

export interface Person {
  /** The contacts, leads and users that are this person. */
  readonly themselves: readonly FoundRecord[];
  /** About this person alone; erased with them. */
  readonly theirs: readonly FoundRecord[];
  /** Records that stay and point to this person. */
  readonly pointing: readonly FoundRecord[];
}

/** Notes, tasks, comments and files tell about the person; erasing the person erases them. */
const theirEntities: readonly EntityName[] = ['activity', 'task', 'comment', 'file', 'fieldChange'];
const SINGLE_LINKS = ['contactId', 'leadId'];
/** What is said of an activity or a task of the person, and the files of it. */
const partEntities: readonly EntityName[] = ['file', 'comment', 'timeEntry'];

/** Records of a person by id or by address, deleted ones included: their values are still stored. */
export async function findPerson(session: SqlSession, tenantId: TenantId, wish: PersonWish): Promise<Person> {
  const themselves = new Map<string, FoundRecord>();
  const add = (records: readonly FoundRecord[]): boolean => {
    const fresh = records.filter(({ record }) => !themselves.has(record.id));
    for (const found of fresh) themselves.set(found.record.id, found);
    return fresh.length > 0;
  };
  if (wish.id !== undefined) add(await readPersons(session, tenantId, [wish.id], wish.entity));
  if (wish.email !== undefined) add(await readByEmail(session, tenantId, [foldEmail(wish.email)], true));
  // Who is the same person as somebody found: until nobody new turns up.
  for (let isGrowing = themselves.size > 0; isGrowing;) {
    const all = [...themselves.values()];
    const twins = await readTwins(session, tenantId, all);
    const sameAddress = await readByEmail(session, tenantId, all.filter(isCustomer).flatMap(emailsOf), false);
    isGrowing = add([...twins, ...sameAddress]);
  }
  const ids = [...themselves.keys()];
  const linked = ids.length === 0 ? [] : await readLinked(session, tenantId, ids);
  const mails = await readMails(session, tenantId, ids, [...themselves.values()].filter(isCustomer).flatMap(emailsOf));
  const theirs = [...linked.filter((found) => isTheirs(found, ids)), ...mails];
  const known = new Set([...ids, ...theirs.map(({ record }) => record.id)]);
  const parts = await readAbout(session, tenantId, partEntities, [...known]);
  const further = parts.filter(({ record }) => !known.has(record.id));
  const subjects = [...known, ...further.map(({ record }) => record.id)];
  const conflicts = await readAbout(session, tenantId, ['conflict'], subjects);
  return {
    themselves: [...themselves.values()],
    theirs: [...theirs, ...further, ...conflicts],
    pointing: linked.filter(({ record }) => !known.has(record.id)),
  };
}

/**
 * Mails the person wrote or got, by link and by address, with what stood in them. Of a mail between several people nothing
 * could be taken out: their addresses stand in the mail as it came.
 */
async function readMails(
  session: SqlSession,
  tenantId: TenantId,
  ids: readonly string[],
  emails: readonly string[],
): Promise<readonly FoundRecord[]> {
  const list = (field: string): string =>
    `CASE json_typeof(data->'${field}') WHEN 'array' THEN data->'${field}' ELSE '[]' END`;
  const messages = await readWhere(
    session,
    tenantId,
    `kind = 'mailMessage' AND (lower(data->>'fromAddress') = ANY($3::text[])
       OR data->>'contactId' = ANY($2::text[]) OR data->>'leadId' = ANY($2::text[])
       OR EXISTS (SELECT FROM json_array_elements_text(${list('contactIds')}) AS e WHERE e = ANY($2::text[]))
       OR EXISTS (SELECT FROM json_array_elements(${list('recipients')}) AS r WHERE lower(r->>'address') = ANY($3::text[])))`,
    [ids, emails],
  );
  const contents = await readWhere(
    session,
    tenantId,
    `kind = 'mailContent' AND (data->>'messageId' = ANY($3::text[])
       OR data->>'contactId' = ANY($2::text[]) OR data->>'leadId' = ANY($2::text[]))`,
    [ids, messages.map(({ record }) => record.id)],
  );
  return [...messages, ...contents];
}

function isCustomer({ definition }: FoundRecord): boolean {
  return definition.name !== 'user';
}

function isTheirs({ definition, record }: FoundRecord, ids: readonly string[]): boolean {
  return theirEntities.includes(definition.name) && SINGLE_LINKS.some((field) => ids.includes(String(record[field])));
}

/** Addresses of a person as they are compared. */
export function emailsOf({ definition, record }: FoundRecord): readonly string[] {
  return fieldNamesOf(definition, record).flatMap((field) => {
    const value = record[field];
    return definition.fields[field]?.type === 'email' && typeof value === 'string' && value.trim() !== ''
      ? [foldEmail(value)]
      : [];
  });
}

type Row = readonly [
  kind: string,
  scopeKeys: readonly string[],
  fieldRev: Readonly<Record<string, number>>,
  isDeleted: boolean,
  deletedAtMs: number | null,
  record: FoundRecord['record'],
];

async function readWhere(
  session: SqlSession,
  tenantId: TenantId,
  condition: string,
  values: readonly (string | readonly string[])[],
): Promise<readonly FoundRecord[]> {
  const rows = await session.query<{ row: Row }>(
    `SELECT json_build_array(kind, scope_keys, field_rev, deleted, deleted_at, data) AS row FROM record
     WHERE tenant = $1 AND (${condition}) ORDER BY coll, id`,
    [tenantId, ...values],
  );
  return rows.flatMap(({ row: [kind, scopeKeys, fieldRev, isDeleted, deletedAtMs, record] }) => {
    const definition = entityOf(kind);
    return definition === undefined ? [] : [{ definition, scopeKeys, fieldRev, isDeleted, deletedAtMs, record }];
  });
}

function readPersons(
  session: SqlSession,
  tenantId: TenantId,
  ids: readonly string[],
  entity: PersonEntity | undefined,
): Promise<readonly FoundRecord[]> {
  const kinds = entity === undefined ? personEntities : [entity];
  return readWhere(session, tenantId, 'kind = ANY($2::text[]) AND id = ANY($3::text[])', [kinds, ids]);
}

async function readByEmail(
  session: SqlSession,
  tenantId: TenantId,
  emails: readonly string[],
  withUsers: boolean,
): Promise<readonly FoundRecord[]> {
  if (emails.length === 0) return [];
  const kinds = withUsers ? personEntities : personEntities.filter((kind) => kind !== 'user');
  const found = await readWhere(session, tenantId, `kind = ANY($2::text[]) AND data->>'email' IS NOT NULL`, [kinds]);
  return found.filter((person) => emailsOf(person).some((email) => emails.includes(email)));
}

/** What a lead was converted to, and the lead a contact came from. */
function readTwins(
  session: SqlSession,
  tenantId: TenantId,
  known: readonly FoundRecord[],
): Promise<readonly FoundRecord[]> {
  const ids = known.map(({ record }) => record.id);
  const contacts = known.flatMap(({ record }) => {
    const id = record['convertedContactId'];
    return typeof id === 'string' ? [id] : [];
  });
  return readWhere(
    session,
    tenantId,
    `(kind = 'lead' AND data->>'convertedContactId' = ANY($2::text[])) OR (kind = 'contact' AND id = ANY($3::text[]))`,
    [ids, contacts],
  );
}

/** Fields through which an entity points to persons. */
export function linksOf(definition: EntityDefinition): readonly { readonly field: string; readonly isMany: boolean }[] {
  return Object.entries(definition.fields).flatMap(([field, { type, to }]) =>
    to === 'contact' || to === 'lead' ? [{ field, isMany: type === 'references' }] : [],
  );
}

async function readLinked(
  session: SqlSession,
  tenantId: TenantId,
  ids: readonly string[],
): Promise<readonly FoundRecord[]> {
  const conditions = Object.values(entities).flatMap((definition) =>
    definition.name === 'lead'
      ? []
      : linksOf(definition).map(({ field, isMany }) =>
          isMany
            ? `(kind = '${definition.name}' AND json_typeof(data->'${field}') = 'array'
                AND EXISTS (SELECT FROM json_array_elements_text(data->'${field}') AS e WHERE e = ANY($2::text[])))`
            : `(kind = '${definition.name}' AND data->>'${field}' = ANY($2::text[]))`,
        ),
  );
  return readWhere(session, tenantId, conditions.join(' OR '), [ids]);
}

/** Imports that kept rows of a file in which one of these addresses stands. */
export async function readImportsNaming(
  session: SqlSession,
  tenantId: TenantId,
  emails: readonly string[],
): Promise<readonly FoundRecord[]> {
  if (emails.length === 0) return [];
  return readWhere(
    session,
    tenantId,
    `kind = 'importJob' AND EXISTS (SELECT FROM unnest($2::text[]) AS e WHERE position(e IN lower(data->>'rowErrors')) > 0)`,
    [emails],
  );
}

/** Parts of imports that keep what these records said before. */
export function readPartsAbout(
  session: SqlSession,
  tenantId: TenantId,
  ids: readonly string[],
): Promise<readonly FoundRecord[]> {
  return readWhere(
    session,
    tenantId,
    `kind = 'importPart' AND json_typeof(data->'recordIds') = 'array'
       AND EXISTS (SELECT FROM json_array_elements_text(data->'recordIds') AS e WHERE e = ANY($2::text[]))`,
    [ids],
  );
}

/** Records of these kinds that follow one of these. */
function readAbout(
  session: SqlSession,
  tenantId: TenantId,
  kinds: readonly EntityName[],
  ids: readonly string[],
): Promise<readonly FoundRecord[]> {
  return readWhere(session, tenantId, 'kind = ANY($2::text[]) AND subject = ANY($3::text[])', [kinds, ids]);
}
