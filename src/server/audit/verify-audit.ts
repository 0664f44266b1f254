// Reads the whole audit of an organization and says whether it is what was written: every entry there, in its place and
// unchanged, from the first one (in the archive, when the beginning is kept there) up to the head; and whether heads that
// somebody kept elsewhere (on paper, in a backup, on the computer of an administrator) still lie in it. It names the first
// entry that is wrong. Others write meanwhile; what they add is not read.
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import {
  formatAnchor,
  type AuditAnchor,
  type AuditFinding,
  type AuditVerification,
} from '#shared/sync/audit-messages.ts';
import { EMPTY_CHAIN, type AuditHead } from '#server/audit/audit-chain.ts';
import { PURGE_COMMAND, RESTORE_COMMAND, type ChainNote, type PageReport } from '#server/audit/check-page.ts';
import { checkHere, startCheckers } from '#server/audit/page-checkers.ts';
import { readChain, readEnds, type ChainEnds, type ChainPage } from '#server/audit/read-chain.ts';
import type { SqlDatabase } from '#server/store/database.ts';

/** Longer audits are checked by threads. */
const LONG_AUDIT = 20_000;
const PAGES_AHEAD = 4;

/** What was added beyond the head, or before the beginning, was not written by the server. */
function findBeyond(db: SqlDatabase, tenantId: TenantId, { base }: ChainEnds): Promise<AuditFinding | null> {
  return db.inTenant(
    tenantId,
    async (session) => {
      const [row] = await session.query<{ no: number | null }>(
        `SELECT min(a.no) AS no FROM audit a JOIN audit_head h ON h.tenant = a.tenant
         WHERE a.tenant = $1 AND (a.no > h.no OR a.no <= $2::bigint)`,
        [tenantId, base.no],
      );
      return row === undefined || row.no === null ? null : { kind: 'inserted', no: row.no };
    },
    { snapshot: true },
  );
}

/** Entries behind a gap: something is missing in the middle; nothing behind it: the end was cut. */
async function judgeGap(db: SqlDatabase, tenantId: TenantId, last: number, { head }: ChainEnds): Promise<AuditFinding> {
  const [row] = await db.inTenant(
    tenantId,
    (session) =>
      session.query<{ no: number | null }>(
        'SELECT min(no) AS no FROM audit WHERE tenant = $1 AND no > $2::bigint AND no <= $3::bigint',
        [tenantId, last, head.no],
      ),
    { snapshot: true },
  );
  return { kind: row === undefined || row.no === null ? 'cut' : 'missing', no: last + 1 };
}

/** The faults of the anchors: a head that was kept and does not lie in the chain, because its end was cut or its past rewritten. */
function findLost(anchors: readonly AuditAnchor[], hashes: ReadonlyMap<number, string>): AuditFinding | null {
  const lost = anchors
    .filter(({ no, hash }) => no > 0 && hashes.get(no) !== hash)
    .toSorted((one, other) => one.no - other.no)[0];
  if (lost === undefined) return null;
  return { kind: hashes.has(lost.no) ? 'rewritten' : 'cut', no: lost.no };
}

/** Does this page follow what was read before? */
function joinFault(last: AuditHead, { begin, fault }: PageReport): AuditFinding | null {
  if (begin.no !== last.no) return { kind: 'missing', no: last.no + 1 };
  if (begin.hash === last.hash) return null;
  const isAltered = fault?.kind === 'altered' && fault.no === begin.no + 1;
  return isAltered ? fault : { kind: 'unconnected', no: begin.no + 1 };
}

interface Walked {
  readonly last: AuditHead;
  readonly fault: AuditFinding | null;
  readonly notes: readonly ChainNote[];
  readonly hashes: ReadonlyMap<number, string>;
}

interface Walk {
  readonly db: SqlDatabase;
  readonly tenantId: TenantId;
  readonly ends: ChainEnds;
  readonly wanted: readonly number[];
}

async function walkChain({ db, tenantId, ends, wanted }: Walk): Promise<Walked> {
  const checkers = ends.head.no > LONG_AUDIT ? startCheckers() : checkHere;
  const notes: ChainNote[] = [];
  const hashes = new Map<number, string>();
  let last = EMPTY_CHAIN;
  let fault: AuditFinding | null = null;
  const running: { readonly page: ChainPage; readonly checking: Promise<PageReport> }[] = [];
  async function settle(): Promise<void> {
    const next = running.shift();
    if (next === undefined || fault !== null) return;
    const report = await next.checking;
    fault = next.page.isEmpty ? null : joinFault(last, report);
    if (fault !== null) return;
    if (!next.page.isEmpty) last = report.end;
    notes.push(...report.notes);
    for (const { no, hash } of report.hashes) hashes.set(no, hash);
    fault = report.fault;
    if (fault === null && last.no !== next.page.upTo) fault = await judgeGap(db, tenantId, last.no, ends);
  }
  try {
    for await (const page of readChain(db, tenantId, ends, checkers === checkHere ? 1 : PAGES_AHEAD)) {
      const checking = checkers.check({ tenantId, text: page.text, wanted: wanted.filter((no) => no <= page.upTo) });
      // It is waited for in its turn.
      checking.catch(() => undefined);
      running.push({ page, checking });
      if (running.length >= PAGES_AHEAD) await settle();
      if (fault !== null) break;
    }
    while (running.length > 0) await settle();
  } finally {
    await checkers.close();
  }
  return { last, fault, notes, hashes };
}

/** The beginning lies in the archive because the server says in the chain that it put it there. */
function findPurgeFault({ base }: ChainEnds, notes: readonly ChainNote[]): AuditFinding | null {
  if (base.no === 0) return null;
  const said = notes.findLast(({ command }) => command === PURGE_COMMAND);
  return said?.id === formatAnchor(base) ? null : { kind: 'missing', no: base.no };
}

/** @param anchors heads of this chain from earlier that were kept elsewhere. */
export async function verifyAudit(
  db: SqlDatabase,
  tenantId: TenantId,
  anchors: readonly AuditAnchor[],
  nowMs: number,
): Promise<AuditVerification> {
  const ends = await readEnds(db, tenantId);
  const { head } = ends;
  const { last, notes, hashes, ...walked } = await walkChain({
    db,
    tenantId,
    ends,
    wanted: anchors.map(({ no }) => no),
  });
  let { fault } = walked;
  if (fault === null && last.no < head.no) fault = { kind: 'cut', no: last.no + 1 };
  if (fault === null && last.hash !== head.hash) fault = { kind: 'rewritten', no: head.no };
  fault ??= findPurgeFault(ends, notes) ?? findLost(anchors, hashes) ?? (await findBeyond(db, tenantId, ends));
  const restore = notes.findLast(({ command }) => command === RESTORE_COMMAND);
  return {
    verifiedAt: toInstant(nowMs),
    entries: head.no,
    verified: last.no,
    head,
    finding: fault,
    restored: restore === undefined ? null : { no: restore.no, at: toInstant(restore.atMs) },
  };
}
