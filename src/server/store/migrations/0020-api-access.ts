import type { Migration } from '#server/store/migrate.ts';
import { protectByTenant } from '#server/store/migrations/tenant-table.ts';

/**
 * API keys: the key as its owner knows it, and its secrets as hashes; two of them work while a rotation overlaps. Counted
 * requests by person: one row for each window, the present one.
 */
export const apiAccess: Migration = {
  number: 20,
  name: 'api access',
  statements: [
    `CREATE TABLE api_key (
       tenant text COLLATE "C" NOT NULL, key_id text COLLATE "C" NOT NULL, user_id text COLLATE "C" NOT NULL, name text NOT NULL,
       permissions text[] NOT NULL, addresses text[] NOT NULL, lifetime_days int NOT NULL, created_at bigint NOT NULL,
       expires_at bigint NOT NULL, revoked_at bigint, revoke_reason text, PRIMARY KEY (tenant, key_id))`,
    `CREATE INDEX api_key_by_user ON api_key (tenant, user_id)`,
    `CREATE TABLE api_key_secret (
       tenant text COLLATE "C" NOT NULL, prefix text COLLATE "C" NOT NULL, key_id text COLLATE "C" NOT NULL, hash text NOT NULL,
       created_at bigint NOT NULL, ends_at bigint, last_used_at bigint, last_used_from text, PRIMARY KEY (tenant, prefix))`,
    `CREATE INDEX api_key_secret_by_key ON api_key_secret (tenant, key_id)`,
    `CREATE TABLE api_usage (
       tenant text COLLATE "C" NOT NULL, subject text COLLATE "C" NOT NULL, span text NOT NULL, begins bigint NOT NULL,
       count int NOT NULL, PRIMARY KEY (tenant, subject, span))`,
    ...['api_key', 'api_key_secret', 'api_usage'].flatMap(protectByTenant),
  ],
};
