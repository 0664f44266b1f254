import type { Migration } from '#server/store/migrate.ts';
import { protectByTenant } from '#server/store/migrations/tenant-table.ts';

/**
 * Mails of scheduled reports that may be gone, and of which it is not known yet what came of them: kept before their last byte
 * leaves, removed with what became of them. Apart from the record of the run, so that nothing of it travels.
 */
export const reportHandovers: Migration = {
  number: 55,
  name: 'report handovers',
  statements: [
    `CREATE TABLE report_handover (
       tenant text COLLATE "C" NOT NULL, run text COLLATE "C" NOT NULL, user_id text COLLATE "C" NOT NULL, claim text NOT NULL,
       begun_at bigint NOT NULL, PRIMARY KEY (tenant, run, user_id))`,
    ...protectByTenant('report_handover'),
  ],
};
