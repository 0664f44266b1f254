import type { Migration } from '#server/store/migrate.ts';
import { protectByTenant } from '#server/store/migrations/tenant-table.ts';

/**
 * Roles and field rules are read with every request, and there are few of them: an index of their own finds them among
 * everything else of the catalog. Tokens stand for masked values; a fingerprint finds them, the value is not stored.
 */
export const fieldRules: Migration = {
  number: 9,
  name: 'field rules',
  statements: [
    `CREATE INDEX record_rules ON record (tenant, kind) WHERE kind IN ('role', 'fieldRule', 'piiRule')`,
    `CREATE TABLE mask_token (
       tenant text COLLATE "C" NOT NULL, fingerprint text COLLATE "C" NOT NULL, token text NOT NULL,
       PRIMARY KEY (tenant, fingerprint))`,
    ...protectByTenant('mask_token'),
    `CREATE INDEX audit_of_masks ON audit (tenant, entry) WHERE command = 'revealField' OR entity IN ('role', 'fieldRule', 'piiRule')`,
  ],
};
