import type { Migration } from '#server/store/migrate.ts';
import { protectByTenant } from '#server/store/migrations/tenant-table.ts';

const tables: readonly string[] = [
  // The one thing that must be found before the tenant is known. It holds no secret. `name` is the folded e-mail address.
  `CREATE TABLE sign_in_name (
     name text COLLATE "C" PRIMARY KEY, tenant text COLLATE "C" NOT NULL, user_id text COLLATE "C" NOT NULL)`,
  `CREATE UNIQUE INDEX sign_in_name_by_user ON sign_in_name (tenant, user_id)`,
  `CREATE TABLE account (
     tenant text COLLATE "C" NOT NULL, user_id text COLLATE "C" NOT NULL, password_hash text NOT NULL, password_changed_at bigint NOT NULL,
     created_at bigint NOT NULL, PRIMARY KEY (tenant, user_id))`,
  `CREATE TABLE session (
     tenant text COLLATE "C" NOT NULL, session_id text COLLATE "C" NOT NULL, user_id text COLLATE "C" NOT NULL, device text COLLATE "C" NOT NULL,
     device_name text NOT NULL, address text NOT NULL, created_at bigint NOT NULL, last_seen_at bigint NOT NULL,
     expires_at bigint NOT NULL, revoked_at bigint, revoke_reason text, PRIMARY KEY (tenant, session_id))`,
  `CREATE INDEX session_by_user ON session (tenant, user_id)`,
  // One row for each refresh token ever given within a session; only hashes. used_at set: using it again ends the session.
  `CREATE TABLE refresh_family (
     tenant text COLLATE "C" NOT NULL, token_hash text COLLATE "C" NOT NULL, session_id text COLLATE "C" NOT NULL, generation int NOT NULL,
     created_at bigint NOT NULL, used_at bigint, PRIMARY KEY (tenant, token_hash))`,
  `CREATE INDEX refresh_family_by_session ON refresh_family (tenant, session_id)`,
];

export const identity: Migration = {
  number: 2,
  name: 'identity',
  statements: [...tables, ...['account', 'session', 'refresh_family'].flatMap(protectByTenant)],
};
