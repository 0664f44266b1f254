import type { Migration } from '#server/store/migrate.ts';
import { protectByTenant } from '#server/store/migrations/tenant-table.ts';

const tables: readonly string[] = [
  // `secret` is sealed with the secret of the installation.
  `CREATE TABLE sso_provider (
     tenant text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, kind text NOT NULL, name text NOT NULL, is_active boolean NOT NULL,
     settings jsonb NOT NULL, mapping jsonb NOT NULL, secret bytea, saved_at bigint NOT NULL, saved_by_role text NOT NULL,
     tested_at bigint, PRIMARY KEY (tenant, id))`,
  `CREATE TABLE sso_domain (
     tenant text COLLATE "C" NOT NULL, domain text COLLATE "C" NOT NULL, token text NOT NULL, verified_at bigint,
     password_off boolean NOT NULL DEFAULT false, PRIMARY KEY (tenant, domain))`,
  // Who signs in with a password whatever happens.
  `CREATE TABLE sso_break_glass (tenant text COLLATE "C" PRIMARY KEY, user_id text COLLATE "C" NOT NULL)`,
  // The one thing that must be found before the tenant is known: verified domains. It holds no secret.
  `CREATE TABLE sign_in_domain (domain text COLLATE "C" PRIMARY KEY, tenant text COLLATE "C" NOT NULL)`,
  `CREATE TABLE sso_flow (
     tenant text COLLATE "C" NOT NULL, flow_hash text COLLATE "C" NOT NULL, provider_id text COLLATE "C" NOT NULL, data jsonb NOT NULL,
     expires_at bigint NOT NULL, PRIMARY KEY (tenant, flow_hash))`,
  `CREATE TABLE sso_identity (
     tenant text COLLATE "C" NOT NULL, provider_id text COLLATE "C" NOT NULL, subject text COLLATE "C" NOT NULL,
     user_id text COLLATE "C" NOT NULL, linked_at bigint NOT NULL, PRIMARY KEY (tenant, provider_id, subject))`,
  `CREATE INDEX sso_identity_by_user ON sso_identity (tenant, user_id)`,
  // Assertions that opened something already.
  `CREATE TABLE sso_assertion (
     tenant text COLLATE "C" NOT NULL, provider_id text COLLATE "C" NOT NULL, assertion_id text COLLATE "C" NOT NULL,
     expires_at bigint NOT NULL, PRIMARY KEY (tenant, provider_id, assertion_id))`,
];

const ofTenant = ['sso_provider', 'sso_domain', 'sso_break_glass', 'sso_flow', 'sso_identity', 'sso_assertion'];

export const singleSignOn: Migration = {
  number: 16,
  name: 'single sign-on',
  statements: [...tables, ...ofTenant.flatMap(protectByTenant)],
};
