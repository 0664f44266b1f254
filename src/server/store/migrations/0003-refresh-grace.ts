import type { Migration } from '#server/store/migrate.ts';

/**
 * What makes the successor of a used refresh token repeatable for a few seconds: successor = hash(nonce, used token).
 * The nonce alone is worth nothing: the used token is not stored.
 */
export const refreshGrace: Migration = {
  number: 3,
  name: 'refresh grace',
  statements: [
    'ALTER TABLE refresh_family ADD COLUMN successor_nonce text',
    'ALTER TABLE refresh_family ADD COLUMN successor_hash text',
  ],
};
