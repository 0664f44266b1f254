// Hands over what of a campaign is due, as many mails at once as the sender takes, and says when to go on.
import { randomUUID } from 'node:crypto';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { Composer } from '#server/campaigns/compose-mail.ts';
import {
  claimDue,
  createLedger,
  NotOurs,
  recoverClaims,
  type ClaimedRow,
  type Settlement,
} from '#server/campaigns/delivery-ledger.ts';
import type { Handed, MailSender } from '#server/campaigns/providers/mail-sender.ts';
import type { SqlDatabase } from '#server/store/database.ts';

const ROWS_AT_ONCE = 400;
/** Of mails that a receiver does not want yet. */
const MOST_ATTEMPTS = 8;
const FIRST_PAUSE_MS = 5 * 60_000;
const LONGEST_PAUSE_MS = 6 * 3_600_000;
/** When the sender itself does not work. */
const PAUSE_OF_SENDER_MS = 60_000;

export interface SendRound {
  /** When something is due again; null: nothing is left. */
  readonly nextMs: number | null;
  /** Why the sender does not work. */
  readonly trouble: string | null;
  /** Addresses that were refused as not there. */
  readonly refused: readonly { readonly no: number; readonly detail: string }[];
}

interface SendDue {
  readonly database: SqlDatabase;
  readonly clock: Clock;
  readonly tenantId: TenantId;
  readonly campaignId: string;
  readonly composer: Composer;
  readonly sender: MailSender;
  readonly signal: AbortSignal;
  /** The subject for the others is known, or there is only one. */
  readonly isDecided: boolean;
  /** Nothing new is begun after it. */
  readonly untilMs: number;
}

export async function sendDue(options: SendDue): Promise<SendRound> {
  const { database, clock, tenantId, campaignId, composer, sender, signal, untilMs } = options;
  const claim = randomUUID();
  const ledger = createLedger(database, tenantId, campaignId, claim, () => clock.now());
  const refused: { no: number; detail: string }[] = [];
  let pending: ClaimedRow[] = [];
  let refilling: Promise<void> | null = null;
  let isDry = false;
  let stop: { readonly detail: string; readonly afterMs: number } | null = null;

  await database.inTenant(tenantId, (session) => recoverClaims(session, tenantId, campaignId, clock.now()));

  function refill(): Promise<void> {
    const { isDecided } = options;
    refilling ??= claimDue(database, tenantId, campaignId, claim, {
      nowMs: clock.now(),
      limit: ROWS_AT_ONCE,
      isDecided,
    })
      .then((rows) => {
        if (rows.length === 0) isDry = true;
        pending = [...pending, ...rows];
      })
      .finally(() => {
        refilling = null;
      });
    return refilling;
  }

  const isOver = (): boolean => stop !== null || signal.aborted || clock.now() >= untilMs;

  async function take(): Promise<ClaimedRow | undefined> {
    while (pending.length === 0 && !isDry && !isOver()) await refill();
    if (isOver()) return undefined;
    const row = pending.shift();
    if (pending.length < ROWS_AT_ONCE / 4 && !isDry && refilling === null) refill().catch(() => undefined);
    return row;
  }

  async function handOver(row: ClaimedRow): Promise<void> {
    let isDenied = false;
    const handed = await sender
      .hand(composer.compose(row, clock.now()), async () => {
        try {
          await ledger.commit(row.no);
        } catch (error) {
          isDenied = true;
          throw error;
        }
      })
      .catch((error: unknown): Handed => {
        if (error instanceof NotOurs) return { outcome: 'later', detail: 'stopped', afterMs: null, isOurs: true };
        throw error;
      });
    if (isDenied) {
      stop ??= { detail: '', afterMs: 0 };
      ledger.settle({
        no: row.no,
        state: 'waiting',
        detail: null,
        atMs: 0,
        dueMs: clock.now(),
        attempts: row.attempts,
      });
      return;
    }
    if (handed.outcome === 'refused' && handed.isAddress) refused.push({ no: row.no, detail: handed.detail });
    if (handed.outcome === 'later' && handed.isOurs)
      stop ??= { detail: handed.detail, afterMs: handed.afterMs ?? PAUSE_OF_SENDER_MS };
    ledger.settle(settlementOf(row, handed, clock.now()));
  }

  async function work(): Promise<void> {
    for (let row = await take(); row !== undefined; row = await take()) await handOver(row);
  }

  await Promise.all(Array.from({ length: sender.atOnce }, work));
  await (refilling ?? Promise.resolve());
  // What was claimed and not begun is everybody's again.
  for (const { no, attempts } of pending)
    ledger.settle({ no, state: 'waiting', detail: null, atMs: 0, dueMs: clock.now(), attempts });
  await ledger.flushed();
  const nextMs = await nextDue(options);
  const stopped = stop as { readonly detail: string; readonly afterMs: number } | null;
  if (nextMs === null || stopped === null) return { nextMs, trouble: null, refused };
  return {
    nextMs: Math.max(nextMs, clock.now() + stopped.afterMs),
    trouble: stopped.detail === '' ? null : stopped.detail,
    refused,
  };
}

function settlementOf({ no, attempts }: ClaimedRow, handed: Handed, nowMs: number): Settlement {
  const base = { no, atMs: nowMs, dueMs: nowMs, attempts };
  switch (handed.outcome) {
    case 'sent':
      return { ...base, state: 'sent', detail: null };
    case 'refused':
      return { ...base, state: 'failed', detail: handed.detail };
    case 'unknown':
      return { ...base, state: 'unconfirmed', detail: handed.detail };
    case 'later': {
      if (handed.isOurs) return { ...base, state: 'waiting', detail: handed.detail };
      if (attempts + 1 >= MOST_ATTEMPTS)
        return { ...base, state: 'failed', detail: handed.detail, attempts: attempts + 1 };
      const pauseMs = handed.afterMs ?? Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempts);
      return { ...base, state: 'waiting', detail: handed.detail, attempts: attempts + 1, dueMs: nowMs + pauseMs };
    }
  }
}

/** When the next mail is due, or the claim of another job runs out. */
async function nextDue({ database, tenantId, campaignId }: SendDue): Promise<number | null> {
  const [row] = await database.inTenant(tenantId, (session) =>
    session.query<{ next: number | null }>(
      `SELECT min(CASE WHEN state = 'waiting' THEN due_at ELSE lease_until END)::float8 AS next FROM campaign_recipient
       WHERE tenant = $1 AND campaign = $2 AND state IN ('waiting', 'claimed', 'handing')`,
      [tenantId, campaignId],
    ),
  );
  return row?.next ?? null;
}
