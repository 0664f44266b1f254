import type { Migration } from '#server/store/migrate.ts';
import { protectByTenant } from '#server/store/migrations/tenant-table.ts';

/** What a user reached at an epoch, so that a device that comes back later can be told what its user has lost since. */
export const reachByEpoch: Migration = {
  number: 7,
  name: 'reach by epoch',
  statements: [
    `CREATE TABLE user_reach (
       tenant text COLLATE "C" NOT NULL, user_id text COLLATE "C" NOT NULL, epoch bigint NOT NULL, reach json NOT NULL,
       PRIMARY KEY (tenant, user_id, epoch))`,
    ...protectByTenant('user_reach'),
  ],
};
