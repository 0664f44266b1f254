// Secrets of this installation live in its database, so that several server processes share them and a restore keeps
// them. Made once, by whoever asks first.
import { randomBytes } from 'node:crypto';
import type { SqlSession } from '#server/store/database.ts';

/** Row of `meta` that hashes of erased e-mail addresses depend on: they have to survive with the data. */
export const ERASURE_SECRET_KEY = 'secret.erasure';
/** What secrets are sealed with that the server reads again (sealed-secret.ts); it has to survive with them, too. */
export const SEALING_PURPOSE = 'sealing';
/** What links in mails are signed with (campaigns/signed-links.ts). */
export const LINK_PURPOSE = 'mail-links';

/** Row of `meta` with the sealed key pair that SAML providers encrypt for (sso/service-key.ts): they know no other. */
export const SERVICE_KEY = 'key.saml';

/** Rows of `meta` that an encrypted backup carries: data depends on them. */
export const secretKeysOfBackups: readonly string[] = [
  ERASURE_SECRET_KEY,
  `secret.${SEALING_PURPOSE}`,
  // Links in mails that went out lead to the way out for years.
  `secret.${LINK_PURPOSE}`,
  SERVICE_KEY,
];

/** 32 random bytes for one purpose, the same on every call and in every process of this installation. */
export async function readServerSecret(session: SqlSession, purpose: string): Promise<Buffer> {
  const key = `secret.${purpose}`;
  await session.query('INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING', [
    key,
    randomBytes(32).toString('base64'),
  ]);
  const rows = await session.query<{ value: string }>('SELECT value FROM meta WHERE key = $1', [key]);
  return Buffer.from(rows[0]?.value ?? '', 'base64');
}
