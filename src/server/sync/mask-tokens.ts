// The vault of tokens: a random name for each value that is masked by one, found by a keyed fingerprint of the value. The
// value itself is not in it. A page is read in a transaction that cannot write; when it needs tokens nobody made yet, they
// are made in another one and the page is read again.
import { randomBytes } from 'node:crypto';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { SqlSession } from '#server/store/database.ts';
import type { SyncStore } from '#server/sync/sync-store.ts';

const TOKEN_BYTES = 9;
/** One for the reading that finds them missing, one with them; more only when values change meanwhile. */
const MOST_ROUNDS = 5;

export class MissingTokens extends Error {
  readonly fingerprints: readonly string[];

  constructor(fingerprints: readonly string[]) {
    super('Values have no tokens yet.');
    this.fingerprints = fingerprints;
  }
}

export async function readTokens(
  session: SqlSession,
  tenantId: TenantId,
  fingerprints: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await session.query<{ fingerprint: string; token: string }>(
    'SELECT fingerprint, token FROM mask_token WHERE tenant = $1 AND fingerprint = ANY($2::text[])',
    [tenantId, fingerprints],
  );
  return new Map(rows.map(({ fingerprint, token }) => [fingerprint, token]));
}

export async function makeTokens(
  session: SqlSession,
  tenantId: TenantId,
  fingerprints: readonly string[],
): Promise<void> {
  // In order, so that two who make the same ones never wait for each other in a circle.
  const names = [...new Set(fingerprints)].sort();
  const tokens = names.map(() => `tok_${randomBytes(TOKEN_BYTES).toString('base64url')}`);
  await session.query(
    `INSERT INTO mask_token (tenant, fingerprint, token) SELECT $1, t.* FROM unnest($2::text[], $3::text[]) AS t
     ON CONFLICT (tenant, fingerprint) DO NOTHING`,
    [tenantId, names, tokens],
  );
}

/** Runs a reading; makes the tokens it misses and runs it again. */
export async function withTokens<Value>(
  store: SyncStore,
  tenantId: TenantId,
  read: () => Promise<Value>,
): Promise<Value> {
  for (let round = 1; ; round += 1) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof MissingTokens) || round === MOST_ROUNDS) throw error;
      await store.inTenant(tenantId, (transaction) => transaction.makeMaskTokens(error.fingerprints));
    }
  }
}
