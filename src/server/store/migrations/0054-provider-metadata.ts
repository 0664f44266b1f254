import type { Migration } from '#server/store/migrate.ts';

/** A SAML provider can be followed by the address of its metadata, told to encrypt, and asked with a signature. */
export const providerMetadata: Migration = {
  number: 54,
  name: 'provider metadata',
  statements: [
    `ALTER TABLE sso_provider ADD COLUMN metadata_read_at bigint, ADD COLUMN metadata_tried_at bigint,
       ADD COLUMN metadata_failure text`,
    `UPDATE sso_provider SET settings = '{"metadataAddress": "", "encryptedOnly": false, "signsRequests": false}'::jsonb || settings
     WHERE kind = 'saml'`,
  ],
};
