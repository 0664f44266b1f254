// Recovery codes let somebody in whose phone is gone: ten at a time, each once. They are kept as keyed hashes and shown
// when they are made, and never again; new ones take the place of all before them.
import { createHmac } from 'node:crypto';
import type { RandomSource } from '#shared/kernel/ports.ts';
import type { AccountPlace } from '#server/identity/accounts.ts';
import type { SqlSession } from '#server/store/database.ts';
import { readServerSecret, SEALING_PURPOSE } from '#server/store/server-secret.ts';

export const RECOVERY_CODES = 10;
/** Without letters that are taken for others: 32 of them, five fair bits each. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const GROUPS = 3;
const GROUP_LENGTH = 4;

function createCode(random: RandomSource): string {
  const letters = [...random.bytes(GROUPS * GROUP_LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length] ?? '');
  const groups = Array.from({ length: GROUPS }, (_, index) =>
    letters.slice(index * GROUP_LENGTH, (index + 1) * GROUP_LENGTH).join(''),
  );
  return groups.join('-');
}

/** People type with and without dashes, and in capitals. */
function fold(code: string): string {
  return code
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '');
}

async function hashOf(session: SqlSession, { tenantId, userId }: AccountPlace, code: string): Promise<string> {
  const key = await readServerSecret(session, SEALING_PURPOSE);
  return createHmac('sha256', key)
    .update(`recovery ${tenantId} ${userId} ${fold(code)}`)
    .digest('base64url');
}

/** The new codes; those before are gone. */
export async function renewRecoveryCodes(
  session: SqlSession,
  place: AccountPlace,
  random: RandomSource,
  nowMs: number,
): Promise<readonly string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, () => createCode(random));
  await forgetRecoveryCodes(session, place);
  for (const code of codes)
    await session.query('INSERT INTO recovery_code (tenant, user_id, code_hash, created_at) VALUES ($1, $2, $3, $4)', [
      place.tenantId,
      place.userId,
      await hashOf(session, place, code),
      nowMs,
    ]);
  return codes;
}

/** True once for each code. */
export async function useRecoveryCode(
  session: SqlSession,
  place: AccountPlace,
  code: string,
  nowMs: number,
): Promise<boolean> {
  const used = await session.query<{ one: number }>(
    `UPDATE recovery_code SET used_at = $4 WHERE tenant = $1 AND user_id = $2 AND code_hash = $3 AND used_at IS NULL RETURNING 1 AS one`,
    [place.tenantId, place.userId, await hashOf(session, place, code), nowMs],
  );
  return used.length > 0;
}

export async function countRecoveryCodes(session: SqlSession, place: AccountPlace): Promise<number> {
  const [row] = await session.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM recovery_code WHERE tenant = $1 AND user_id = $2 AND used_at IS NULL',
    [place.tenantId, place.userId],
  );
  return row?.count ?? 0;
}

export async function forgetRecoveryCodes(session: SqlSession, { tenantId, userId }: AccountPlace): Promise<void> {
  await session.query('DELETE FROM recovery_code WHERE tenant = $1 AND user_id = $2', [tenantId, userId]);
}
