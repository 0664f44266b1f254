import type { Migration } from '#server/store/migrate.ts';
import { protectByTenant } from '#server/store/migrations/tenant-table.ts';

/**
 * Addresses an organization is told at, and what they were told. A delivery says which record it is about and holds nothing of it:
 * what is sent is made anew for each attempt, by what its owner may see at that moment.
 */
export const webhooks: Migration = {
  number: 57,
  name: 'webhooks',
  statements: [
    `CREATE TABLE webhook (
       tenant text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, owner text COLLATE "C" NOT NULL, name text NOT NULL,
       url text NOT NULL, events text[] NOT NULL, state text NOT NULL, failures int NOT NULL DEFAULT 0, created_at bigint NOT NULL,
       secret bytea NOT NULL, former_secret bytea, former_until bigint, PRIMARY KEY (tenant, id))`,
    `CREATE TABLE webhook_delivery (
       tenant text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, webhook text COLLATE "C" NOT NULL, event text NOT NULL,
       entity text, record text COLLATE "C", at bigint NOT NULL, typed_at text, state text NOT NULL, attempts int NOT NULL DEFAULT 0,
       round int NOT NULL DEFAULT 0, next_at bigint, is_sent_off boolean NOT NULL DEFAULT false, last_at bigint, status int, failure text, took_ms int,
       answer text NOT NULL DEFAULT '', PRIMARY KEY (tenant, id))`,
    `CREATE INDEX webhook_delivery_by_webhook ON webhook_delivery (tenant, webhook, at DESC)`,
    `CREATE INDEX webhook_delivery_waiting ON webhook_delivery (tenant, next_at) WHERE state = 'waiting'`,
    ...['webhook', 'webhook_delivery'].flatMap(protectByTenant),
  ],
};
