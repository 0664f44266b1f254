// Which e-mail addresses a batch may not give to whom: within the organization an address names one user, and on the
// whole server it signs in one. Whoever cannot sign in may have an address that signs in somebody of another organization.
import { entities } from '#shared/entities/registry.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Operation } from '#shared/sync/operation.ts';
import { foldEmail } from '#server/identity/accounts.ts';
import type { SqlSession } from '#server/store/database.ts';
import { placeKey, type StoredRecord } from '#server/sync/stored-record.ts';

export interface UserEmails {
  /** `read` gives a record as the operations before left it. */
  isTaken(email: string, userId: string, read: (key: string) => StoredRecord | undefined): boolean;
}

const nobody: UserEmails = { isTaken: () => false };

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export async function readUserEmails(
  session: SqlSession,
  tenantId: TenantId,
  operations: readonly Operation[],
): Promise<UserEmails> {
  const ofUsers = operations.filter((operation) => operation.entity === 'user');
  if (ofUsers.length === 0) return nobody;
  const touchedIds = [...new Set(ofUsers.map((operation) => operation.recordId))];
  const wanted = ofUsers.flatMap(({ changes }) => changes.map(({ to }) => foldEmail(textOf(to?.['email']))));
  const holders = await readHolders(session, tenantId);
  const signers = await readSigners(session, [...new Set(wanted)]);
  const signsIn = await readWhoSignsIn(session, tenantId, touchedIds);

  function isGivenInBatch(name: string, userId: string, read: (key: string) => StoredRecord | undefined): boolean {
    return touchedIds.some((id) => {
      if (id === userId) return false;
      const stored = read(placeKey(entities.user.collection, id));
      return stored !== undefined && !stored.isDeleted && foldEmail(textOf(stored.record['email'])) === name;
    });
  }

  return {
    isTaken(email, userId, read) {
      const name = foldEmail(email);
      if ((holders.get(name) ?? []).some((holder) => holder !== userId)) return true;
      const signer = signers.get(name);
      const isSomebodyElse = signer !== undefined && (signer.tenantId !== tenantId || signer.userId !== userId);
      return (isSomebodyElse && signsIn.has(userId)) || isGivenInBatch(name, userId, read);
    },
  };
}

async function readHolders(session: SqlSession, tenantId: TenantId): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await session.query<{ id: string; email: string }>(
    `SELECT id, data->>'email' AS email FROM record
     WHERE tenant = $1 AND coll = 'people' AND kind = 'user' AND NOT deleted AND data->>'email' IS NOT NULL`,
    [tenantId],
  );
  const holders = new Map<string, string[]>();
  for (const { id, email } of rows) {
    const name = foldEmail(email);
    holders.set(name, [...(holders.get(name) ?? []), id]);
  }
  return holders;
}

interface Signer {
  readonly name: string;
  readonly tenantId: string;
  readonly userId: string;
}

/** Who signs in with these addresses; the address of a removed user is free. */
async function readSigners(session: SqlSession, names: readonly string[]): Promise<ReadonlyMap<string, Signer>> {
  const rows = await session.query<Signer>(
    `SELECT n.name, n.tenant AS "tenantId", n.user_id AS "userId" FROM sign_in_name n
     LEFT JOIN record r ON r.tenant = n.tenant AND r.coll = 'people' AND r.id = n.user_id AND r.deleted
     WHERE n.name = ANY($1::text[]) AND r.id IS NULL`,
    [names],
  );
  return new Map(rows.map((row) => [row.name, row]));
}

async function readWhoSignsIn(
  session: SqlSession,
  tenantId: TenantId,
  userIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ userId: string }>(
    'SELECT user_id AS "userId" FROM account WHERE tenant = $1 AND user_id = ANY($2::text[])',
    [tenantId, userIds],
  );
  return new Set(rows.map(({ userId }) => userId));
}
