import { DONE_OUTCOMES } from '#shared/sync/audit-messages.ts';
import type { Migration } from '#server/store/migrate.ts';
import { APPLICATION_ROLE, protectByTenant } from '#server/store/migrations/tenant-table.ts';

const done = DONE_OUTCOMES.map((outcome) => `'${outcome}'`).join(', ');

const tables: readonly string[] = [
  // Words of entries, made after them: nobody waits for it, and what is not here yet is looked through. Names may be of persons.
  `CREATE TABLE audit_words (
     tenant text COLLATE "C" NOT NULL, no bigint NOT NULL, words tsvector NOT NULL, names tsvector NOT NULL,
     PRIMARY KEY (tenant, no))`,
  // What is to be looked at, and what was. That it was is an entry, too.
  `CREATE TABLE audit_review (
     tenant text COLLATE "C" NOT NULL, no bigint NOT NULL, policies text[] NOT NULL DEFAULT '{}', reviewed_at bigint,
     reviewed_by text, note text, PRIMARY KEY (tenant, no))`,
  `CREATE TABLE audit_policy (
     tenant text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, data json NOT NULL, created_at bigint NOT NULL,
     updated_at bigint NOT NULL, PRIMARY KEY (tenant, id))`,
  // What policies found, and whether their recipients were told.
  `CREATE TABLE audit_alert (
     tenant text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, policy text NOT NULL, recipient text, at bigint NOT NULL,
     numbers bigint[] NOT NULL, hits int NOT NULL, told text NOT NULL DEFAULT 'waiting', PRIMARY KEY (tenant, id))`,
  // How far words were made and policies asked.
  `CREATE TABLE audit_followed (tenant text COLLATE "C" PRIMARY KEY, no bigint NOT NULL)`,
  `CREATE TABLE audit_export (
     tenant text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, user_id text NOT NULL, at bigint NOT NULL, wish json NOT NULL,
     state text NOT NULL, entries int NOT NULL DEFAULT 0, done_at bigint, file_name text, media_type text, content bytea, error text,
     PRIMARY KEY (tenant, id))`,
  `CREATE TABLE audit_hold (
     tenant text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, reason text NOT NULL, held_at bigint NOT NULL, held_by text,
     released_at bigint, released_by text, PRIMARY KEY (tenant, id))`,
  // The last entry that is not in the audit itself any more; the beginning of the chain lies in the archive.
  `CREATE TABLE audit_base (tenant text COLLATE "C" PRIMARY KEY, no bigint NOT NULL, hash text NOT NULL)`,
  `CREATE TABLE audit_archive (
     tenant text COLLATE "C" NOT NULL, first_no bigint NOT NULL, last_no bigint NOT NULL, at bigint NOT NULL, content bytea NOT NULL,
     PRIMARY KEY (tenant, first_no))`,
];

const tenantTables = [
  'audit_words',
  'audit_review',
  'audit_policy',
  'audit_alert',
  'audit_followed',
  'audit_export',
  'audit_hold',
  'audit_base',
  'audit_archive',
];

/**
 * Entries say before and after, from which session, and whether they are sensitive or to be looked at. Indexes for whoever
 * asks about a person, a kind, a record or a command among millions. What was written before keeps its way of hashing.
 */
export const auditValues: Migration = {
  number: 18,
  name: 'audit values',
  statements: [
    `ALTER TABLE audit ADD COLUMN format smallint NOT NULL DEFAULT 1, ADD COLUMN session text, ADD COLUMN effect text NOT NULL DEFAULT '',
       ADD COLUMN sensitive boolean NOT NULL DEFAULT false, ADD COLUMN needs_review boolean NOT NULL DEFAULT false,
       ADD COLUMN field_values text, ADD COLUMN values_salt text, ADD COLUMN values_hash text`,
    `GRANT UPDATE (detail, detail_salt, field_values, values_salt) ON audit TO ${APPLICATION_ROLE}`,
    'CREATE INDEX audit_of_actor ON audit (tenant, actor, no)',
    'CREATE INDEX audit_of_entity ON audit (tenant, entity, no)',
    'CREATE INDEX audit_of_id ON audit (tenant, id, no)',
    'CREATE INDEX audit_of_command ON audit (tenant, command, no)',
    `CREATE INDEX audit_of_refusals ON audit (tenant, no) WHERE outcome NOT IN (${done})`,
    'CREATE INDEX audit_of_sensitive ON audit (tenant, no) WHERE sensitive',
    ...tables,
    'CREATE INDEX audit_words_found ON audit_words USING gin (words, names)',
    'CREATE INDEX audit_to_review ON audit_review (tenant, no) WHERE reviewed_at IS NULL',
    ...tenantTables.flatMap(protectByTenant),
    `REVOKE UPDATE, DELETE, TRUNCATE ON audit_base, audit_archive FROM ${APPLICATION_ROLE}`,
    `REVOKE INSERT ON audit_base, audit_archive FROM ${APPLICATION_ROLE}`,
  ],
};
