import type { Migration } from '#server/store/migrate.ts';

/**
 * A transaction of an organization sees its own row and no other; one without an organization sees the rows of all, and not one
 * record. So nothing ever holds the list of organizations and the content of one of them together.
 */
function protectAsDirectory(table: string): readonly string[] {
  const own = `(SELECT coalesce(current_setting('outpost.tenant', true), ''))`;
  const rule = `tenant = ${own} OR ${own} = ''`;
  return [
    `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`,
    `CREATE POLICY ${table}_of_tenant ON ${table} USING (${rule}) WITH CHECK (${rule})`,
  ];
}

const directories = ['platform_operator', 'platform_organization', 'platform_usage', 'support_access'];

export const platform: Migration = {
  number: 21,
  name: 'platform',
  statements: [
    // The one organization whose super administrators are those of the installation.
    `CREATE TABLE platform_operator (
       one boolean PRIMARY KEY DEFAULT true CHECK (one), tenant text COLLATE "C" NOT NULL)`,
    `INSERT INTO platform_operator (tenant) SELECT tenant FROM tenant ORDER BY created_at, tenant LIMIT 1`,
    // Plans, features and policies of the installation. No secret.
    `CREATE TABLE platform_setting (name text COLLATE "C" PRIMARY KEY, value json NOT NULL)`,
    `CREATE TABLE platform_organization (
       tenant text COLLATE "C" PRIMARY KEY, name text NOT NULL, created_at bigint NOT NULL, state text NOT NULL DEFAULT 'active',
       state_reason text NOT NULL DEFAULT '', state_at bigint, plan text NOT NULL DEFAULT 'unlimited', limits json NOT NULL DEFAULT '{}',
       features json NOT NULL DEFAULT '{}', policies json NOT NULL DEFAULT '{}')`,
    `INSERT INTO platform_organization (tenant, name, created_at) SELECT tenant, name, created_at FROM tenant`,
    `CREATE TABLE platform_usage (
       tenant text COLLATE "C" NOT NULL, month text COLLATE "C" NOT NULL, users bigint NOT NULL DEFAULT 0, records bigint NOT NULL DEFAULT 0,
       bytes bigint NOT NULL DEFAULT 0, api_calls bigint NOT NULL DEFAULT 0, PRIMARY KEY (tenant, month))`,
    `CREATE TABLE support_staff (
       id text COLLATE "C" PRIMARY KEY, name text NOT NULL, email text NOT NULL, created_at bigint NOT NULL)`,
    `CREATE TABLE support_access (
       tenant text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, staff_id text COLLATE "C" NOT NULL, staff_name text NOT NULL,
       email text NOT NULL, user_id text COLLATE "C" NOT NULL, role text NOT NULL, reason text NOT NULL, hours int NOT NULL, state text NOT NULL,
       asked_at bigint NOT NULL, opened_at bigint, until bigint, ended_at bigint, PRIMARY KEY (tenant, id))`,
    `CREATE UNIQUE INDEX support_access_by_user ON support_access (tenant, user_id)`,
    ...directories.flatMap(protectAsDirectory),
  ],
};
