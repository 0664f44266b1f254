// Secrets that the server has to read again (of an authenticator, of an identity provider) are kept sealed: whoever reads a
// table alone, or its copy, learns nothing. The key belongs to the installation and travels with its encrypted backups,
// because what was sealed must be readable where they are restored. What was sealed for one place opens at no other.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { SqlSession } from '#server/store/database.ts';
import { readServerSecret, SEALING_PURPOSE } from '#server/store/server-secret.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ALGORITHM = 'aes-256-gcm';

/** `context` says whose secret it is and what for; it is not kept. */
export async function sealSecret(session: SqlSession, context: string, secret: Uint8Array): Promise<Uint8Array> {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, await readServerSecret(session, SEALING_PURPOSE), nonce);
  cipher.setAAD(Buffer.from(context, 'utf8'));
  const sealed = Buffer.concat([cipher.update(secret), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** Throws `internal` when it was not sealed here, for this context. */
export async function openSecret(session: SqlSession, context: string, kept: Uint8Array): Promise<Buffer> {
  const whole = Buffer.from(kept);
  const key = await readServerSecret(session, SEALING_PURPOSE);
  const decipher = createDecipheriv(ALGORITHM, key, whole.subarray(0, NONCE_BYTES));
  decipher.setAAD(Buffer.from(context, 'utf8'));
  decipher.setAuthTag(whole.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(whole.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new OutpostError('internal', 'A secret of this server cannot be opened.', {}, { cause });
  }
}
