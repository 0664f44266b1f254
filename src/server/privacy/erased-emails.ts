// E-mail addresses of erased persons are known by a keyed hash alone. The key is made with the first erasure; as long as
// there is none, nothing has to be looked up.
import { createHmac } from 'node:crypto';
import type { TenantId } from '#shared/kernel/ids.ts';
import { foldEmail } from '#server/identity/accounts.ts';
import type { SqlSession } from '#server/store/database.ts';
import { ERASURE_SECRET_KEY, readServerSecret } from '#server/store/server-secret.ts';

function hashEmail(secret: Buffer, tenantId: TenantId, email: string): string {
  return createHmac('sha256', secret)
    .update(`${tenantId}\n${foldEmail(email)}`)
    .digest('base64');
}

export async function rememberErasedEmails(
  session: SqlSession,
  tenantId: TenantId,
  subject: string,
  emails: readonly string[],
): Promise<void> {
  if (emails.length === 0) return;
  const secret = await readServerSecret(session, 'erasure');
  await session.query(
    `INSERT INTO erased_email (tenant, hash, subject) SELECT $1, h, $3 FROM unnest($2::text[]) AS h ON CONFLICT DO NOTHING`,
    [tenantId, [...new Set(emails.map((email) => hashEmail(secret, tenantId, email)))], subject],
  );
}

/** Those of these addresses that belong to an erased person, as they were given. */
export async function findErasedEmails(
  session: SqlSession,
  tenantId: TenantId,
  emails: readonly string[],
): Promise<ReadonlySet<string>> {
  if (emails.length === 0) return new Set();
  const [kept] = await session.query<{ value: string }>('SELECT value FROM meta WHERE key = $1', [ERASURE_SECRET_KEY]);
  if (kept === undefined) return new Set();
  const secret = Buffer.from(kept.value, 'base64');
  const hashes = new Map(emails.map((email) => [email, hashEmail(secret, tenantId, email)]));
  const rows = await session.query<{ hash: string }>(
    'SELECT hash FROM erased_email WHERE tenant = $1 AND hash = ANY($2::text[])',
    [tenantId, [...new Set(hashes.values())]],
  );
  const found = new Set(rows.map((row) => row.hash));
  return new Set(emails.filter((email) => found.has(hashes.get(email) ?? '')));
}
