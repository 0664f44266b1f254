import type { Migration } from '#server/store/migrate.ts';
import { APPLICATION_ROLE, protectByTenant } from '#server/store/migrations/tenant-table.ts';

const applicationRole: readonly string[] = [
  `DO $$ BEGIN
     IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${APPLICATION_ROLE}') THEN
       CREATE ROLE ${APPLICATION_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS;
     END IF;
   END $$`,
  `GRANT ${APPLICATION_ROLE} TO CURRENT_USER`,
  `GRANT USAGE ON SCHEMA public TO ${APPLICATION_ROLE}`,
  `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${APPLICATION_ROLE}`,
  `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO ${APPLICATION_ROLE}`,
];

// Keys are compared byte by byte (COLLATE "C"), so that pages by key mean the same in SQL and in the program.
const tables: readonly string[] = [
  // Facts of this installation, e.g. the secret that seals tokens. No tenant.
  `CREATE TABLE meta (key text COLLATE "C" PRIMARY KEY, value text NOT NULL)`,
  `CREATE TABLE tenant (
     tenant text COLLATE "C" PRIMARY KEY, name text NOT NULL, created_at bigint NOT NULL, settings jsonb NOT NULL DEFAULT '{}')`,
  // The order of a tenant: seq is dense, last_ts strictly increases, both under the lock of this row.
  `CREATE TABLE tenant_head (
     tenant text COLLATE "C" PRIMARY KEY, incarnation text NOT NULL, seq bigint NOT NULL, min_seq bigint NOT NULL,
     schema_version int NOT NULL, last_ts bigint NOT NULL)`,
  // data is the whole record as it goes over the wire: envelope and fields in one flat object.
  `CREATE TABLE record (
     tenant text COLLATE "C" NOT NULL, coll text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, kind text COLLATE "C" NOT NULL,
     rev bigint NOT NULL, owner text COLLATE "C", scope_keys text[] NOT NULL, field_rev jsonb NOT NULL,
     deleted boolean NOT NULL, deleted_at bigint, subject text COLLATE "C", data jsonb NOT NULL, PRIMARY KEY (tenant, coll, id))`,
  `CREATE INDEX record_by_owner ON record (tenant, coll, owner, id)`,
  // Conflicts follow the owner of the record they are about.
  // A column, because an index over data would make every change of a record touch every index.
  `CREATE INDEX record_by_subject ON record (tenant, subject) WHERE subject IS NOT NULL`,
  `CREATE TABLE change (
     tenant text COLLATE "C" NOT NULL, seq bigint NOT NULL, n int NOT NULL, coll text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL,
     kind text COLLATE "C" NOT NULL, action text NOT NULL, groups text[] NOT NULL, keys_before text[] NOT NULL, keys_after text[] NOT NULL,
     op_id text, device text COLLATE "C", actor text COLLATE "C", ts bigint NOT NULL, PRIMARY KEY (tenant, seq, n))`,
  `CREATE INDEX change_by_record ON change (tenant, coll, id, seq)`,
  `CREATE TABLE change_key (
     tenant text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL, seq bigint NOT NULL, n int NOT NULL,
     PRIMARY KEY (tenant, key, seq, n))`,
  // What was answered, without the record: a repeated operation is answered with today's projection.
  `CREATE TABLE op_result (
     tenant text COLLATE "C" NOT NULL, device text COLLATE "C" NOT NULL, op_id text COLLATE "C" NOT NULL, user_id text COLLATE "C" NOT NULL,
     op_no bigint NOT NULL, body_hash text NOT NULL, verdict jsonb NOT NULL, seq bigint, at bigint NOT NULL,
     PRIMARY KEY (tenant, device, op_id))`,
  `CREATE TABLE device (
     tenant text COLLATE "C" NOT NULL, device text COLLATE "C" NOT NULL, user_id text COLLATE "C" NOT NULL,
     last_op_no bigint NOT NULL DEFAULT 0, created_at bigint NOT NULL, last_seen_at bigint NOT NULL,
     PRIMARY KEY (tenant, device, user_id))`,
  `CREATE TABLE user_scope (
     tenant text COLLATE "C" NOT NULL, user_id text COLLATE "C" NOT NULL, epoch bigint NOT NULL, since_seq bigint NOT NULL,
     PRIMARY KEY (tenant, user_id))`,
  // Who did what, refusals included. The running server may add rows, never change or delete them.
  `CREATE TABLE audit (
     tenant text COLLATE "C" NOT NULL, entry bigint GENERATED ALWAYS AS IDENTITY, seq bigint, actor text, device text, op_id text,
     command text NOT NULL, entity text NOT NULL, id text NOT NULL, groups text[] NOT NULL, outcome text NOT NULL, at bigint NOT NULL,
     PRIMARY KEY (tenant, entry))`,
];

const tenantTables = [
  'tenant',
  'tenant_head',
  'record',
  'change',
  'change_key',
  'op_result',
  'device',
  'user_scope',
  'audit',
];

export const recordsAndOrder: Migration = {
  number: 1,
  name: 'records and order',
  statements: [
    ...applicationRole,
    ...tables,
    ...tenantTables.flatMap(protectByTenant),
    `REVOKE UPDATE, DELETE, TRUNCATE ON audit FROM ${APPLICATION_ROLE}`,
  ],
};
