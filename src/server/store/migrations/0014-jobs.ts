import type { Migration } from '#server/store/migrate.ts';
import { APPLICATION_ROLE, protectByTenant } from '#server/store/migrations/tenant-table.ts';

/**
 * A schema of its own for the job engine, which makes and changes its tables itself, with the rights of the application role
 * and none beyond it. And how far each scheduled report was planned: kept apart from its record, so that planning changes
 * nothing that devices have to pull.
 */
export const jobs: Migration = {
  number: 14,
  name: 'jobs',
  statements: [
    `CREATE SCHEMA outpost_jobs AUTHORIZATION ${APPLICATION_ROLE}`,
    `CREATE TABLE report_plan (
       tenant text COLLATE "C" NOT NULL, schedule text COLLATE "C" NOT NULL, rule text NOT NULL, planned_until bigint NOT NULL,
       PRIMARY KEY (tenant, schedule))`,
    ...protectByTenant('report_plan'),
  ],
};
