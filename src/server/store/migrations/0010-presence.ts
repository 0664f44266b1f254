import type { Migration } from '#server/store/migrate.ts';
import { protectByTenant } from '#server/store/migrations/tenant-table.ts';

export const presence: Migration = {
  number: 10,
  name: 'presence',
  statements: [
    // Whoever stands here chose to appear offline. Who is connected is nowhere: it lives as long as the connection.
    `CREATE TABLE appears_offline (
       tenant text COLLATE "C" NOT NULL, user_id text COLLATE "C" NOT NULL, PRIMARY KEY (tenant, user_id))`,
    ...protectByTenant('appears_offline'),
  ],
};
