// The jobs of campaigns. `campaign-prepare` asks who gets it once it is due, `campaign-send` hands over what is due and follows
// itself until nothing is left, `campaign-analytics` brings the figures to the record. Jobs of one campaign follow each other by
// their turn: a job that comes back from the dead finds that it is not its turn, and does nothing.
import { readBrand } from '#server/mail/branded-mail.ts';
import { chooseWinner } from '#shared/campaigns/campaign-figures.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import { raiseEvents } from '#server/webhooks/raise-events.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import type { CampaignContext, CampaignJob, RunRow } from '#server/campaigns/campaign-context.ts';
import { findRun, mirrorRun, readVariants, setRun } from '#server/campaigns/campaign-run.ts';
import { createComposer } from '#server/campaigns/compose-mail.ts';
import { openSender } from '#server/campaigns/open-sender.ts';
import { prepareRecipients } from '#server/campaigns/prepare-campaign.ts';
import { sendDue, type SendRound } from '#server/campaigns/send-due.ts';
import { suppress } from '#server/campaigns/suppression.ts';
import { readActor } from '#server/identity/load-actor.ts';
import type { JobEngine, JobKind } from '#server/jobs/job-engine.ts';
import { stableId } from '#server/jobs/stable-id.ts';
import type { SqlSession } from '#server/store/database.ts';
import { findRecord } from '#server/sync/write-record.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MOST_SECONDS = 900;
/** A job goes on in the next one before it counts as lost. */
const ROUND_MS = 10 * 60_000;
/** Figures are brought to the record at most once in this time. */
const FIGURES_MS = 30_000;
/** When a sender that is not set up is looked at again. */
const NOT_SET_UP_MS = 10 * 60_000;
const RETRY_MS = 60_000;
/** Of what waits for another campaign: looked at once a month. */
const LONGEST_WAIT_MS = 30 * DAY_MS;

export interface CampaignJobs {
  readonly kinds: readonly JobKind<never>[];
  /** Goes on with a campaign at its next moment. */
  next(tenantId: TenantId, campaignId: string, atMs: number): Promise<void>;
  /** Something came of a mail: the record learns it soon. */
  figuresChanged(tenantId: TenantId, campaignId: string): Promise<void>;
}

export function createCampaignJobs(context: CampaignContext, engine: Pick<JobEngine, 'send'>): CampaignJobs {
  const { database, clock } = context;

  async function next(tenantId: TenantId, campaignId: string, atMs: number): Promise<void> {
    const run = await database.inTenant(tenantId, async (session) => {
      await session.query('UPDATE campaign_run SET jobs = jobs + 1 WHERE tenant = $1 AND campaign = $2', [
        tenantId,
        campaignId,
      ]);
      return findRun(session, tenantId, campaignId);
    });
    if (run === null) return;
    const job: CampaignJob = { tenantId, campaignId, turn: run.turn };
    const isPrepared = run.state === 'sending';
    const id = stableId('campaign', tenantId, campaignId, String(run.turn));
    // The engine has the clock of the computer.
    const waitMs = Math.min(atMs - clock.now(), LONGEST_WAIT_MS);
    const startAfter = waitMs <= 0 ? undefined : new Date(Date.now() + waitMs);
    await engine.send(isPrepared ? send : prepare, id, job, startAfter);
  }

  async function presentRun({ tenantId, campaignId, turn }: CampaignJob): Promise<RunRow | null> {
    const run = await database.inTenant(tenantId, (session) => findRun(session, tenantId, campaignId));
    return run === null || run.turn !== turn ? null : run;
  }

  /** Stands still, and says why; somebody has to do something. */
  async function stopFor(tenantId: TenantId, campaignId: string, trouble: string): Promise<void> {
    await database.inTenant(tenantId, async (session) => {
      await setRun(session, tenantId, campaignId, { state: 'paused', trouble });
      await mirrorRun(session, tenantId, campaignId, clock.now());
    });
  }

  const prepare: JobKind<CampaignJob> = {
    queue: 'campaigns',
    name: 'campaign-prepare',
    atOnce: 1,
    mostSeconds: MOST_SECONDS,
    async work(job, signal) {
      const { tenantId, campaignId } = job;
      const run = await presentRun(job);
      if (run === null || (run.state !== 'scheduled' && run.state !== 'preparing')) return;
      if (run.dueAt > clock.now()) return next(tenantId, campaignId, run.dueAt);
      const actor = await database.inTenant(tenantId, (session) =>
        readActor(session, tenantId, run.publisher as UserId),
      );
      if (actor?.actor.permissions.includes('campaign.publish') !== true)
        return stopFor(tenantId, campaignId, 'publisherGone');
      await database.inTenant(tenantId, async (session) => {
        await setRun(session, tenantId, campaignId, {
          state: 'preparing',
          startedAt: run.startedAt ?? clock.now(),
          trouble: null,
        });
        await mirrorRun(session, tenantId, campaignId, clock.now());
      });
      const begun = await presentRun(job);
      if (begun === null) return;
      try {
        if (!(await prepareRecipients(context, tenantId, actor.actor, begun, signal))) return;
      } catch (error) {
        if (error instanceof OutpostError && error.code === 'invalid') return stopFor(tenantId, campaignId, 'audience');
        throw error;
      }
      await database.inTenant(tenantId, async (session) => {
        const now = await findRun(session, tenantId, campaignId, true);
        if (now?.state !== 'preparing') return;
        await setRun(session, tenantId, campaignId, { state: 'sending' });
        await mirrorRun(session, tenantId, campaignId, clock.now());
      });
      return next(tenantId, campaignId, clock.now());
    },
    giveUp: ({ tenantId, campaignId }) => stopFor(tenantId, campaignId, 'failed'),
  };

  const send: JobKind<CampaignJob> = {
    queue: 'emails',
    name: 'campaign-send',
    atOnce: 2,
    mostSeconds: MOST_SECONDS,
    async work(job, signal) {
      const run = await presentRun(job);
      if (run?.state !== 'sending') return;
      const { tenantId, campaignId } = job;
      const decided = await decide(tenantId, run);
      let round: SendRound;
      try {
        round = await sendRound(tenantId, decided, signal);
      } catch (error) {
        if (!(error instanceof OutpostError)) throw error;
        await note(tenantId, campaignId, error.code);
        return next(tenantId, campaignId, clock.now() + NOT_SET_UP_MS);
      }
      await keepRefused(tenantId, campaignId, round);
      await note(tenantId, campaignId, round.trouble);
      if (round.nextMs === null) return finish(tenantId, campaignId);
      return next(tenantId, campaignId, waitsForWinner(decided, round.nextMs));
    },
    giveUp: ({ tenantId, campaignId }) => next(tenantId, campaignId, clock.now() + RETRY_MS),
  };

  /** The subject the others get, once its time has come. */
  async function decide(tenantId: TenantId, run: RunRow): Promise<RunRow> {
    const { test } = run.content;
    if (test === null || run.winner !== null || run.startedAt === null) return run;
    if (clock.now() < run.startedAt + test.hours * HOUR_MS) return run;
    return database.inTenant(tenantId, async (session) => {
      const winner = chooseWinner(await readVariants(session, tenantId, run.campaign), test.by);
      await session.query(
        'UPDATE campaign_run SET winner = $3::json WHERE tenant = $1 AND campaign = $2 AND winner IS NULL',
        [tenantId, run.campaign, JSON.stringify(winner)],
      );
      return (await findRun(session, tenantId, run.campaign)) ?? run;
    });
  }

  function waitsForWinner({ content, winner, startedAt }: RunRow, nextMs: number): number {
    if (content.test === null || winner !== null || startedAt === null) return nextMs;
    return nextMs <= clock.now() ? Math.min(startedAt + content.test.hours * HOUR_MS, clock.now() + RETRY_MS) : nextMs;
  }

  async function sendRound(tenantId: TenantId, run: RunRow, signal: AbortSignal): Promise<SendRound> {
    const { sender, from } = await openSender(context, tenantId);
    try {
      const { publisher, links } = await database.inTenant(tenantId, async (session) => ({
        publisher: await findRecord(session, tenantId, 'user', run.publisher),
        links: await readLinks(session, tenantId, run.campaign),
      }));
      if (publisher === null) throw new OutpostError('not_found', 'Whoever published this campaign is gone.');
      const name = publisher.record['name'];
      const composer = await createComposer({
        tenantId,
        campaignId: run.campaign,
        published: run.content,
        sender: publisher.record,
        // EML-07: it comes from whoever published it, by the address the organization sends with.
        from: { name: typeof name === 'string' ? name : from.name, address: from.address },
        signer: context.signer,
        origin: context.publicAddress(),
        links,
        winner: run.winner?.variant ?? null,
        brand: await readBrand(database, tenantId),
      });
      return await sendDue({
        database,
        clock,
        tenantId,
        composer,
        sender,
        signal,
        campaignId: run.campaign,
        isDecided: run.content.test === null || run.winner !== null,
        untilMs: clock.now() + ROUND_MS,
      });
    } finally {
      await sender.close();
    }
  }

  async function keepRefused(tenantId: TenantId, campaignId: string, { refused }: SendRound): Promise<void> {
    // Only what is known to be gone for good: no such mailbox, no such domain.
    const gone = refused.filter(({ detail }) =>
      /\b5\.1\.[0-3]\b|user unknown|no such user|does not exist/i.test(detail),
    );
    for (const { no } of gone)
      await database.inTenant(tenantId, async (session) => {
        const [row] = await session.query<{ address: string }>(
          'SELECT address FROM campaign_recipient WHERE tenant = $1 AND campaign = $2 AND no = $3',
          [tenantId, campaignId, no],
        );
        const at = clock.now();
        if (row !== undefined)
          await suppress(session, tenantId, {
            address: row.address,
            reason: 'bounced',
            at,
            campaign: campaignId,
            addedBy: null,
          });
      });
  }

  async function note(tenantId: TenantId, campaignId: string, trouble: string | null): Promise<void> {
    await database.inTenant(tenantId, async (session) => {
      await setRun(session, tenantId, campaignId, { trouble });
      await mirrorRun(session, tenantId, campaignId, clock.now());
    });
  }

  async function finish(tenantId: TenantId, campaignId: string): Promise<void> {
    const nowMs = clock.now();
    const following = await database.inTenant(tenantId, async (session) => {
      const run = await findRun(session, tenantId, campaignId, true);
      if (run?.state !== 'sending') return [];
      await setRun(session, tenantId, campaignId, { state: 'sent', finishedAt: nowMs, trouble: null });
      await mirrorRun(session, tenantId, campaignId, nowMs);
      const due = await session.query<{ campaign: string; dueAt: number }>(
        `UPDATE campaign_run SET due_at = $3::bigint + (content->'follows'->>'days')::bigint * ${String(DAY_MS)}
         WHERE tenant = $1 AND state IN ('scheduled', 'paused') AND content->'follows'->>'campaignId' = $2 RETURNING campaign, due_at AS "dueAt"`,
        [tenantId, campaignId, nowMs],
      );
      // EML-15: what others are told when a campaign has gone out.
      const event = {
        event: 'campaign.sent',
        entity: 'campaign',
        record: campaignId,
        at: nowMs,
        typedAt: null,
      } as const;
      await raiseEvents(session, tenantId, [event]);
      await appendAudit(session, tenantId, nowMs, [
        {
          actor: null,
          device: null,
          command: 'campaign.sent',
          entity: 'campaign',
          id: campaignId,
          groups: [],
          outcome: 'applied',
          effect: 'export',
        },
      ]);
      return due;
    });
    for (const { campaign, dueAt } of following) await next(tenantId, campaign, dueAt);
  }

  const analytics: JobKind<CampaignJob> = {
    queue: 'campaigns',
    name: 'campaign-analytics',
    atOnce: 1,
    mostSeconds: MOST_SECONDS,
    work: ({ tenantId, campaignId }) =>
      database.inTenant(tenantId, (session) => mirrorRun(session, tenantId, campaignId, clock.now())),
    giveUp: () => Promise.resolve(),
  };

  return {
    kinds: [prepare, send, analytics],
    next,
    async figuresChanged(tenantId, campaignId) {
      const nextMs = (Math.floor(clock.now() / FIGURES_MS) + 1) * FIGURES_MS;
      const id = stableId('campaign-analytics', tenantId, campaignId, String(nextMs));
      await engine.send(analytics, id, { tenantId, campaignId, turn: 0 }, new Date(Date.now() + nextMs - clock.now()));
    },
  };
}

export async function readLinks(
  session: SqlSession,
  tenantId: TenantId,
  campaignId: string,
): Promise<ReadonlyMap<string, number>> {
  const rows = await session.query<{ no: number; url: string }>(
    'SELECT no, url FROM campaign_link WHERE tenant = $1 AND campaign = $2',
    [tenantId, campaignId],
  );
  return new Map(rows.map(({ no, url }) => [url, no]));
}
