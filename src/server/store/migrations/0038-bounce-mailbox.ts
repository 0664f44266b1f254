import type { Migration } from '#server/store/migrate.ts';
import { protectByTenant } from '#server/store/migrations/tenant-table.ts';

/** The mailbox returned mail is read from, how far it was read, and what came of the last look. */
export const bounceMailbox: Migration = {
  number: 38,
  name: 'bounce mailbox',
  statements: [
    `CREATE TABLE bounce_mailbox (
       tenant text COLLATE "C" PRIMARY KEY, settings json NOT NULL, secret bytea, updated_at bigint NOT NULL, updated_by text NOT NULL,
       turn int NOT NULL DEFAULT 0, uid_validity text, last_uid bigint NOT NULL DEFAULT 0, checked_at bigint, trouble text, detail text,
       taken int NOT NULL DEFAULT 0, taken_at bigint)`,
    ...protectByTenant('bounce_mailbox'),
  ],
};
