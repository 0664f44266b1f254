import type { Migration } from '#server/store/migrate.ts';
import { protectByTenant } from '#server/store/migrations/tenant-table.ts';

/** What calls of providers are verified with, what came of the last one, and which calls of the last day were made before. */
export const providerReports: Migration = {
  number: 46,
  name: 'provider reports',
  statements: [
    `CREATE TABLE provider_report (
       tenant text COLLATE "C" NOT NULL, provider text NOT NULL, key bytea, updated_at bigint NOT NULL, updated_by text,
       called_at bigint, trouble text, taken int NOT NULL DEFAULT 0, taken_at bigint, PRIMARY KEY (tenant, provider))`,
    `CREATE TABLE provider_call (
       tenant text COLLATE "C" NOT NULL, provider text NOT NULL, id text NOT NULL, at bigint NOT NULL,
       PRIMARY KEY (tenant, provider, id))`,
    `CREATE INDEX provider_call_by_age ON provider_call (tenant, provider, at)`,
    ...['provider_report', 'provider_call'].flatMap(protectByTenant),
  ],
};
