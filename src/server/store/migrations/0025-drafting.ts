import type { Migration } from '#server/store/migrate.ts';
import { protectByTenant } from '#server/store/migrations/tenant-table.ts';

export const drafting: Migration = {
  number: 25,
  name: 'drafting with a language model',
  statements: [
    // `secret` is sealed with the secret of the installation.
    `CREATE TABLE drafting_provider (
       tenant text COLLATE "C" PRIMARY KEY, setup jsonb NOT NULL, secret bytea NOT NULL, saved_at bigint NOT NULL)`,
    // A call counts from the moment it is asked, so that many at once do not exceed a limit together. It holds no text.
    `CREATE TABLE drafting_call (
       tenant text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, user_id text COLLATE "C" NOT NULL, asked_at bigint NOT NULL,
       state text NOT NULL, tokens_in integer NOT NULL DEFAULT 0, tokens_out integer NOT NULL DEFAULT 0,
       cost double precision, PRIMARY KEY (tenant, id))`,
    `CREATE INDEX drafting_call_by_time ON drafting_call (tenant, asked_at)`,
    ...['drafting_provider', 'drafting_call'].flatMap(protectByTenant),
  ],
};
