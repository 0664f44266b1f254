// The pages of an organization's audit from its first entry to its head, the archived ones first. Each is read in a
// transaction of its own, so nobody waits for a long audit; a page that is not full tells that something is missing.
import { inflateRawSync } from 'node:zlib';
import type { TenantId } from '#shared/kernel/ids.ts';
import { EMPTY_CHAIN, type AuditHead } from '#server/audit/audit-chain.ts';
import { WHOLE_PAGE, type Page } from '#server/audit/audit-rows.ts';
import type { SqlDatabase } from '#server/store/database.ts';

export const ENTRIES_OF_A_PAGE = 5000;

export interface ChainEnds {
  /** The last entry that lies in the archive. */
  readonly base: AuditHead;
  readonly head: AuditHead;
}

export interface ChainPage {
  readonly text: string;
  /** Number its last entry has to have. */
  readonly upTo: number;
  readonly isEmpty: boolean;
}

export function readEnds(db: SqlDatabase, tenantId: TenantId): Promise<ChainEnds> {
  return db.inTenant(
    tenantId,
    async (session) => {
      const [head = EMPTY_CHAIN] = await session.query<AuditHead>('SELECT no, hash FROM audit_head WHERE tenant = $1', [
        tenantId,
      ]);
      const [base = EMPTY_CHAIN] = await session.query<AuditHead>('SELECT no, hash FROM audit_base WHERE tenant = $1', [
        tenantId,
      ]);
      return { base, head };
    },
    { snapshot: true },
  );
}

interface ArchivedPage {
  readonly last: number;
  readonly content: Uint8Array;
}

async function readArchived(db: SqlDatabase, tenantId: TenantId, after: number): Promise<ChainPage | null> {
  const [found] = await db.inTenant(
    tenantId,
    (session) =>
      session.query<ArchivedPage>(
        `SELECT last_no AS last, content FROM audit_archive WHERE tenant = $1 AND first_no > $2 ORDER BY first_no LIMIT 1`,
        [tenantId, after],
      ),
    { snapshot: true },
  );
  if (found === undefined) return null;
  return { text: inflateRawSync(found.content).toString('utf8'), upTo: found.last, isEmpty: false };
}

async function readLive(db: SqlDatabase, tenantId: TenantId, after: number, upTo: number): Promise<ChainPage> {
  const [page] = await db.inTenant(
    tenantId,
    (session) => session.query<Page>(WHOLE_PAGE, [tenantId, after, upTo, ENTRIES_OF_A_PAGE]),
    { snapshot: true },
  );
  return { text: page?.text ?? '[]', upTo, isEmpty: (page?.count ?? 0) === 0 };
}

/** Pages in order. The next ones are read while the caller does something with this one. */
export async function* readChain(
  db: SqlDatabase,
  tenantId: TenantId,
  { base, head }: ChainEnds,
  ahead: number,
): AsyncGenerator<ChainPage> {
  for (let after = 0; after < base.no;) {
    const page = await readArchived(db, tenantId, after);
    if (page === null) {
      yield { text: '[]', upTo: base.no, isEmpty: true };
      return;
    }
    yield page;
    after = Math.max(after + 1, page.upTo);
  }
  const reading: Promise<ChainPage>[] = [];
  for (let after = base.no; after < head.no || reading.length > 0;) {
    while (reading.length < ahead && after < head.no) {
      const upTo = Math.min(after + ENTRIES_OF_A_PAGE, head.no);
      const page = readLive(db, tenantId, after, upTo);
      // Whoever stops reading early does not wait for it.
      page.catch(() => undefined);
      reading.push(page);
      after = upTo;
    }
    const next = await reading.shift();
    if (next !== undefined) yield next;
  }
}
