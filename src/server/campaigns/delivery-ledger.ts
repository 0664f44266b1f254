// What is kept of each mail on its way, so that nobody gets one twice: claimed by one job, `handing` from the moment it may be
// gone, then what came of it. Many mails are under way at once; what they ask for in the same moment is one transaction.
// `handing` is granted only while the job still holds the claim and the campaign is still to be sent.
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Recipient } from '#server/campaigns/compose-mail.ts';
import type { SqlDatabase, SqlSession, SqlValue } from '#server/store/database.ts';

export interface ClaimedRow extends Recipient {
  readonly attempts: number;
}

export interface Settlement {
  readonly no: number;
  readonly state: 'sent' | 'failed' | 'waiting' | 'unconfirmed';
  readonly detail: string | null;
  readonly atMs: number;
  /** When it is tried again. */
  readonly dueMs: number;
  readonly attempts: number;
}

/** A job that says nothing for so long has ended. */
export const LEASE_MS = 5 * 60_000;
/** How long what came of a mail may wait for company. */
const SETTLE_WITHIN_MS = 100;
const MOST_SETTLED = 100;

// The rows are named by their numbers in every statement: a planner that knows nothing of the table, as in an embedded
// database, would otherwise read the whole campaign for each handful of mails.
const DUE = `
  SELECT no FROM campaign_recipient
  WHERE tenant = $1 AND campaign = $2 AND state = 'waiting' AND due_at <= $3::bigint AND (variant IS NOT NULL OR $5::boolean)
  ORDER BY due_at, no LIMIT $4 FOR UPDATE SKIP LOCKED`;
const SUPPRESSED = 'FROM mail_suppression m WHERE m.tenant = $1 AND m.address = r.address';
const CLAIM = `
  UPDATE campaign_recipient r SET state = CASE WHEN EXISTS (SELECT ${SUPPRESSED}) THEN 'skipped' ELSE 'claimed' END,
    reason = (SELECT m.reason ${SUPPRESSED}), claim = $4, lease_until = $5::bigint
  WHERE r.tenant = $1 AND r.campaign = $2 AND r.no = ANY($3::int[])
  RETURNING r.no, r.address, r.given, r.variant, r.attempts, r.state`;

/** The next mails that are due; suppressed people are left out in the same step. Empty: nothing is due. */
export async function claimDue(
  database: SqlDatabase,
  tenantId: TenantId,
  campaignId: string,
  claim: string,
  options: { readonly nowMs: number; readonly limit: number; readonly isDecided: boolean },
): Promise<readonly ClaimedRow[]> {
  const { nowMs, limit, isDecided } = options;
  for (;;) {
    const rows = await database.inTenant(tenantId, async (session) => {
      const due = await session.query<{ no: number }>(DUE, [tenantId, campaignId, nowMs, limit, isDecided]);
      if (due.length === 0) return [];
      const numbers = due.map(({ no }) => no);
      return session.query<ClaimedRow & { state: string }>(CLAIM, [
        tenantId,
        campaignId,
        numbers,
        claim,
        nowMs + LEASE_MS,
      ]);
    });
    const claimed = rows.filter(({ state }) => state === 'claimed').toSorted((left, right) => left.no - right.no);
    if (claimed.length > 0 || rows.length === 0) return claimed;
  }
}

/** Mails of jobs that ended without a word: those that were not let go are due again, of the others nobody knows. */
export async function recoverClaims(
  session: SqlSession,
  tenantId: TenantId,
  campaignId: string,
  nowMs: number,
): Promise<void> {
  await session.query(
    `UPDATE campaign_recipient SET state = CASE WHEN state = 'handing' THEN 'unconfirmed' ELSE 'waiting' END, claim = NULL,
       lease_until = NULL, detail = CASE WHEN state = 'handing' THEN 'interrupted' ELSE detail END
     WHERE tenant = $1 AND campaign = $2 AND state IN ('claimed', 'handing') AND lease_until < $3::bigint`,
    [tenantId, campaignId, nowMs],
  );
}

interface Asked {
  readonly no: number;
  readonly grant: () => void;
  readonly deny: (error: Error) => void;
}

export interface DeliveryLedger {
  /** Resolves when it is kept that this mail may be gone. Rejects when it must not go. */
  commit(no: number): Promise<void>;
  settle(settlement: Settlement): void;
  /** Everything that was settled is kept. */
  flushed(): Promise<void>;
}

/** The claim is not ours any more, or the campaign was stopped. */
export class NotOurs extends Error {
  override readonly name = 'NotOurs';
}

const HANDING = `
  UPDATE campaign_recipient r SET state = 'handing', lease_until = $5::bigint
  WHERE r.tenant = $1 AND r.campaign = $2 AND r.no = ANY($4::int[]) AND r.claim = $3
    AND EXISTS (SELECT 1 FROM campaign_run c WHERE c.tenant = $1 AND c.campaign = $2 AND c.state = 'sending')
  RETURNING r.no`;
const SETTLE = `
  UPDATE campaign_recipient r SET state = s.state, detail = nullif(s.detail, ''), attempts = s.attempts, due_at = s.due_ms, claim = NULL,
    lease_until = NULL, sent_at = CASE WHEN s.state = 'sent' THEN s.at_ms END
  FROM unnest($4::int[], $5::text[], $6::text[], $7::int[], $8::bigint[], $9::bigint[]) AS s(no, state, detail, attempts, due_ms, at_ms)
  WHERE r.tenant = $1 AND r.campaign = $2 AND r.no = ANY($4::int[]) AND r.no = s.no AND r.claim = $3`;

/** As arrays, one for each column. */
function columnsOf(settled: readonly Settlement[]): readonly SqlValue[] {
  return [
    settled.map(({ no }) => no),
    settled.map(({ state }) => state),
    settled.map(({ detail }) => detail ?? ''),
    settled.map(({ attempts }) => attempts),
    settled.map(({ dueMs }) => dueMs),
    settled.map(({ atMs }) => atMs),
  ];
}

export function createLedger(
  database: SqlDatabase,
  tenantId: TenantId,
  campaignId: string,
  claim: string,
  now: () => number,
): DeliveryLedger {
  let asked: Asked[] = [];
  let settled: Settlement[] = [];
  let working: Promise<void> | null = null;
  let failure: unknown = null;
  let pause: ReturnType<typeof setTimeout> | undefined;

  async function write(): Promise<void> {
    while (asked.length > 0 || settled.length > 0) {
      const [asking, settling] = [asked, settled];
      asked = [];
      settled = [];
      try {
        const granted = await database.inTenant(tenantId, async (session) => {
          const place = [tenantId, campaignId, claim] as const;
          if (settling.length > 0) await session.query(SETTLE, [...place, ...columnsOf(settling)]);
          if (asking.length === 0) return new Set<number>();
          const numbers = asking.map(({ no }) => no);
          const rows = await session.query<{ no: number }>(HANDING, [...place, numbers, now() + LEASE_MS]);
          return new Set(rows.map(({ no }) => no));
        });
        for (const { no, grant, deny } of asking) {
          if (granted.has(no)) grant();
          else deny(new NotOurs('This mail is not to be sent by this job any more.'));
        }
      } catch (error) {
        failure = error;
        const denied = new NotOurs('It could not be kept that this mail may be gone.', { cause: error });
        for (const { deny } of asking) deny(denied);
      }
    }
  }

  function wake(): void {
    clearTimeout(pause);
    pause = undefined;
    // Whatever is asked for in this turn of the loop goes together.
    working ??= new Promise<void>((done) => setImmediate(done)).then(write).finally(() => {
      working = null;
      if (asked.length > 0 || settled.length > 0) wake();
    });
  }

  return {
    commit(no) {
      return new Promise((grant, deny) => {
        asked.push({ no, grant, deny });
        wake();
      });
    },
    settle(settlement) {
      settled.push(settlement);
      // It goes with what the next mail asks for; by itself only when no other mail follows.
      if (settled.length >= MOST_SETTLED) wake();
      else pause ??= setTimeout(wake, SETTLE_WITHIN_MS);
    },
    async flushed() {
      wake();
      const underWay = (): Promise<void> | null => working;
      for (let round = underWay(); round !== null; round = underWay()) await round;
      if (failure !== null) throw new Error('What came of a mail could not be kept.', { cause: failure });
    },
  };
}
