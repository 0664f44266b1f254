import type { Migration } from '#server/store/migrate.ts';
import { protectByTenant } from '#server/store/migrations/tenant-table.ts';

/** Days whose pipeline was written down. One server process writes a day; a day on which nothing was open is done, too. */
export const pipelineDays: Migration = {
  number: 13,
  name: 'pipeline days',
  statements: [
    `CREATE TABLE pipeline_day (
       tenant text COLLATE "C" NOT NULL, day text COLLATE "C" NOT NULL, made_at bigint NOT NULL, PRIMARY KEY (tenant, day))`,
    ...protectByTenant('pipeline_day'),
  ],
};
