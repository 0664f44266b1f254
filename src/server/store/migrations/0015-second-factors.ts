import type { Migration } from '#server/store/migrate.ts';
import { protectByTenant } from '#server/store/migrations/tenant-table.ts';

const tables: readonly string[] = [
  // Who signs in through an identity provider alone has no password.
  'ALTER TABLE account ALTER COLUMN password_hash DROP NOT NULL',
  // A password that is long enough only beside a second factor.
  'ALTER TABLE account ADD COLUMN password_is_short boolean NOT NULL DEFAULT false',
  // When the person behind a session proved who they are, and with what.
  `ALTER TABLE session ADD COLUMN proved_at bigint, ADD COLUMN proved_by text NOT NULL DEFAULT 'password'`,
  // `secret` is sealed; of a passkey it is the public key. `last_step`: last time step of a code that was taken, count of a passkey.
  // Without `confirmed_at` it is being set up and opens nothing.
  `CREATE TABLE second_factor (
     tenant text COLLATE "C" NOT NULL, user_id text COLLATE "C" NOT NULL, factor_id text COLLATE "C" NOT NULL, kind text NOT NULL,
     name text NOT NULL, secret bytea NOT NULL, credential_id text COLLATE "C", last_step bigint NOT NULL DEFAULT 0,
     transports text[] NOT NULL DEFAULT '{}', created_at bigint NOT NULL, confirmed_at bigint, last_used_at bigint,
     PRIMARY KEY (tenant, user_id, factor_id))`,
  // A passkey names its owner before anybody said who they are. It holds no secret.
  `CREATE TABLE passkey_name (
     credential_id text COLLATE "C" PRIMARY KEY, tenant text COLLATE "C" NOT NULL, user_id text COLLATE "C" NOT NULL)`,
  `CREATE TABLE recovery_code (
     tenant text COLLATE "C" NOT NULL, user_id text COLLATE "C" NOT NULL, code_hash text COLLATE "C" NOT NULL, created_at bigint NOT NULL,
     used_at bigint, PRIMARY KEY (tenant, user_id, code_hash))`,
  // Somebody showed the first proof and owes more; `page_…`: of a page that a browser was led to for it.
  `CREATE TABLE sign_in_challenge (
     tenant text COLLATE "C" NOT NULL, token_hash text COLLATE "C" NOT NULL, user_id text COLLATE "C" NOT NULL, device text COLLATE "C" NOT NULL,
     device_name text NOT NULL, address text NOT NULL, proved_by text NOT NULL, needs text[] NOT NULL, wrong_answers int NOT NULL DEFAULT 0,
     created_at bigint NOT NULL, expires_at bigint NOT NULL, page_hash text COLLATE "C", page_challenge text, page_port int,
     page_done_hash text COLLATE "C", PRIMARY KEY (tenant, token_hash))`,
  `CREATE INDEX sign_in_challenge_by_user ON sign_in_challenge (tenant, user_id)`,
  // What a person is told about the own account. The audit has the same, for administrators and for good.
  `CREATE TABLE sign_in_event (
     tenant text COLLATE "C" NOT NULL, event_id text COLLATE "C" NOT NULL, user_id text COLLATE "C" NOT NULL, at bigint NOT NULL,
     outcome text NOT NULL, proved_by text NOT NULL, device text COLLATE "C" NOT NULL, device_name text NOT NULL, address text NOT NULL,
     PRIMARY KEY (tenant, event_id))`,
  `CREATE INDEX sign_in_event_by_user ON sign_in_event (tenant, user_id, at)`,
  `CREATE TABLE reset_link (
     tenant text COLLATE "C" NOT NULL, token_hash text COLLATE "C" NOT NULL, user_id text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL,
     created_at bigint NOT NULL, expires_at bigint NOT NULL, PRIMARY KEY (tenant, token_hash))`,
];

export const secondFactors: Migration = {
  number: 15,
  name: 'second factors',
  statements: [
    ...tables,
    ...['second_factor', 'recovery_code', 'sign_in_challenge', 'sign_in_event', 'reset_link'].flatMap(protectByTenant),
  ],
};
