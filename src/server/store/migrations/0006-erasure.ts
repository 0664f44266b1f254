import type { Migration } from '#server/store/migrate.ts';
import { protectByTenant } from '#server/store/migrations/tenant-table.ts';

const tables: readonly string[] = [
  // What was erased for good: ids, and never a value. It outlives the record, every device and every backup.
  `CREATE TABLE erasure_list (
     tenant text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, kind text COLLATE "C" NOT NULL, subject text COLLATE "C" NOT NULL,
     erased_at bigint NOT NULL, erased_by text COLLATE "C", PRIMARY KEY (tenant, id))`,
  // E-mail addresses of erased persons, as keyed hashes: enough to recognise one, not enough to read one.
  `CREATE TABLE erased_email (
     tenant text COLLATE "C" NOT NULL, hash text COLLATE "C" NOT NULL, subject text COLLATE "C" NOT NULL, PRIMARY KEY (tenant, hash))`,
];

export const erasure: Migration = {
  number: 6,
  name: 'erasure',
  statements: [...tables, ...['erasure_list', 'erased_email'].flatMap(protectByTenant)],
};
