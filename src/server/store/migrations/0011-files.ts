import type { Migration } from '#server/store/migrate.ts';
import { protectByTenant } from '#server/store/migrations/tenant-table.ts';

/**
 * Content of files, apart from their records: nothing of it is read by a pull. One row a chunk, no sharing between files, so
 * that nobody learns from a refused or a quick upload that somebody else has the same file.
 */
export const files: Migration = {
  number: 11,
  name: 'files',
  statements: [
    `CREATE TABLE file_content (
       tenant text COLLATE "C" NOT NULL, file text COLLATE "C" NOT NULL, size_bytes bigint NOT NULL, started_at bigint NOT NULL,
       complete_at bigint, PRIMARY KEY (tenant, file))`,
    `CREATE TABLE file_chunk (
       tenant text COLLATE "C" NOT NULL, file text COLLATE "C" NOT NULL, n int NOT NULL, sha256 text NOT NULL, bytes bytea NOT NULL,
       PRIMARY KEY (tenant, file, n))`,
    // Most files are compressed already.
    'ALTER TABLE file_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL',
    ...['file_content', 'file_chunk'].flatMap(protectByTenant),
  ],
};
