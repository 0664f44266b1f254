// Campaigns as a part of the server: every call of the table, answered. When the server begins, campaigns that were on their way
// go on; a mail of which a dead server had not said that it may be gone goes out, any other is told as not confirmed.
import type { Actor } from '#shared/access/actor.ts';
import { readBrand } from '#server/mail/branded-mail.ts';
import { isMailAddress, plainAddress } from '#shared/campaigns/audience.ts';
import type { CampaignAnswer, CampaignInput } from '#shared/campaigns/campaign-calls.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { mailValuesOf } from '#shared/mail/mail-values.ts';
import { readBounce } from '#shared/mail/read-bounce.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import { createBounceReader } from '#server/campaigns/bounce-mailbox.ts';
import { readRecipients, readStatistics, RECIPIENTS_OF_PAGE } from '#server/campaigns/campaign-figures.ts';
import type { CampaignWork } from '#server/campaigns/campaign-work.ts';
import type { CampaignContext, RunState } from '#server/campaigns/campaign-context.ts';
import { createCampaignJobs } from '#server/campaigns/campaign-jobs.ts';
import { findRun, mirrorRun, setRun } from '#server/campaigns/campaign-run.ts';
import { cancelFollowUps } from '#server/campaigns/follow-up.ts';
import { createComposer } from '#server/campaigns/compose-mail.ts';
import { countAudience } from '#server/campaigns/count-audience.ts';
import { addressOf, keepProvider, openSender, reachMailServer, readProvider } from '#server/campaigns/open-sender.ts';
import { publish, publishedOf, requireCampaign, requireOwnCampaign } from '#server/campaigns/publish-campaign.ts';
import { createProviderReports, type ProviderReports } from '#server/campaigns/reports/provider-reports.ts';
import { suppress, type Suppression } from '#server/campaigns/suppression.ts';
import { createMailTracking, type MailTracking } from '#server/campaigns/track-mail.ts';
import type { Principal } from '#server/identity/principal.ts';
import type { JobEngine } from '#server/jobs/job-engine.ts';
import { readVisiblePages } from '#server/sync/visible-source.ts';
import { findRecord } from '#server/sync/write-record.ts';

export interface Campaigns {
  readonly work: CampaignWork;
  readonly tracking: MailTracking;
  readonly reports: ProviderReports;
  /** Goes on with what was on its way. */
  begin(): Promise<void>;
}

const SUPPRESSIONS_OF_PAGE = 200;
const done = (message: string) => ({ success: true, message });

export function startCampaigns(context: CampaignContext, engine: JobEngine): Campaigns {
  const { database, clock } = context;
  const jobs = createCampaignJobs(context, engine);
  for (const kind of jobs.kinds) engine.add(kind);
  const tracking = createMailTracking(context, jobs);
  const returned = createBounceReader(context, tracking, engine);
  engine.add(returned.kind);
  const reports = createProviderReports(context, tracking);
  const tenantOf = ({ actor }: Principal): TenantId => actor.tenantId as TenantId;

  /** From one of these states to another; the audit says it. */
  async function move(
    principal: Principal,
    campaignId: string,
    command: string,
    from: readonly RunState[],
    to: (run: { readonly cursor: string | null }) => RunState,
  ): Promise<void> {
    const tenantId = tenantOf(principal);
    await database.inTenant(tenantId, async (session) => {
      await requireOwnCampaign(session, principal.actor, campaignId);
      const run = await findRun(session, tenantId, campaignId, true);
      if (run === null || !from.includes(run.state))
        throw new OutpostError('invalid', 'The campaign is not in a state in which this can be done.', {
          problems: ['state:current'],
        });
      await setRun(session, tenantId, campaignId, { state: to(run), trouble: null });
      await mirrorRun(session, tenantId, campaignId, clock.now());
      const by = { actor: principal.actor.userId, device: principal.deviceId };
      const what = { entity: 'campaign', id: campaignId, groups: [], outcome: 'applied', effect: 'update' } as const;
      await appendAudit(session, tenantId, clock.now(), [{ ...by, ...what, command }]);
      // One that went out before has reached people; what follows it still has somebody to go to.
      if (command === 'campaign.cancel' && run.finishedAt === null)
        await cancelFollowUps(session, tenantId, campaignId, clock.now());
    });
  }

  async function sendTest(principal: Principal, input: CampaignInput<'testCampaign'>): Promise<string> {
    const { actor } = principal;
    const tenantId = tenantOf(principal);
    const { campaign, user } = await database.inTenant(tenantId, async (session) => ({
      campaign: await requireOwnCampaign(session, actor, input.id),
      user: await findRecord(session, tenantId, 'user', actor.userId),
    }));
    if (user === null) throw new OutpostError('not_found', 'Your profile is gone.');
    const published = publishedOf(campaign.record, user.record);
    const { sender, from } = await openSender(context, tenantId);
    try {
      const composer = await createComposer({
        tenantId,
        published,
        from: {
          name: actor.name,
          address: from.address,
        },
        signer: context.signer,
        campaignId: input.id,
        sender: user.record,
        origin: context.publicAddress(),
        links: new Map(),
        winner: null,
        brand: await readBrand(context.database, tenantId),
        isTest: true,
      });
      const given = await givenOf(actor, input, published.locale);
      const recipient = { no: 0, address: plainAddress(actor.email), given, variant: null };
      const mail = composer.compose(recipient, clock.now());
      const handed = await sender.hand(mail, () => Promise.resolve());
      if (handed.outcome !== 'sent') throw new OutpostError('mail_failed', handed.detail, { failure: handed.outcome });
      return actor.email;
    } finally {
      await sender.close();
    }
  }

  /** Values of one person of the audience, as the asker sees the record. */
  async function givenOf(actor: Actor, { entity, recordId }: CampaignInput<'testCampaign'>, locale: string) {
    const kind = entity === 'lead' ? 'lead' : 'contact';
    if (recordId === undefined) return { name: actor.name };
    const person = await readVisible(actor, kind, recordId);
    const company = person === null ? null : await readVisible(actor, 'account', textOf(person['accountId'] ?? ''));
    return mailValuesOf({ person, company }, { now: toInstant(clock.now()), timeZone: 'UTC', locale });
  }

  async function readVisible(
    actor: Actor,
    kind: 'contact' | 'lead' | 'account',
    id: string,
  ): Promise<AnyRecord | null> {
    if (id === '') return null;
    // The page that begins right before it.
    const before = id.slice(0, -1);
    for await (const { records } of readVisiblePages(
      context.sync,
      actor,
      new Set([kind]),
      entities[kind].collection,
      before,
    )) {
      const found = records.find((record) => record.id === id);
      if (found !== undefined) return found;
      if (records.some((record) => record.id > id)) return null;
    }
    return null;
  }

  const work: CampaignWork = {
    async publishCampaign({ id }, { actor, deviceId }) {
      const tenantId = actor.tenantId as TenantId;
      // Nothing is promised that cannot be kept.
      const opened = await openSender(context, tenantId);
      await opened.sender.close();
      const dueMs = await publish(context, actor, deviceId, id);
      await jobs.next(tenantId, id, dueMs);
      return done(dueMs > clock.now() ? 'The campaign is scheduled.' : 'The campaign is on its way.');
    },
    async pauseCampaign({ id }, principal) {
      await move(principal, id, 'campaign.pause', ['scheduled', 'preparing', 'sending'], () => 'paused');
      return done('The campaign is paused.');
    },
    async resumeCampaign({ id }, principal) {
      await move(principal, id, 'campaign.resume', ['paused'], ({ cursor }) =>
        cursor === 'done' ? 'sending' : 'scheduled',
      );
      await jobs.next(tenantOf(principal), id, clock.now());
      return done('The campaign goes on.');
    },
    async cancelCampaign({ id }, principal) {
      await move(principal, id, 'campaign.cancel', ['scheduled', 'preparing', 'sending', 'paused'], () => 'cancelled');
      return done('The campaign is cancelled.');
    },
    async resendUnconfirmed({ id }, principal) {
      const tenantId = tenantOf(principal);
      await move(principal, id, 'campaign.resend', ['sending', 'sent'], () => 'sending');
      await database.inTenant(tenantId, (session) =>
        session.query(
          `UPDATE campaign_recipient SET state = 'waiting', due_at = $3 WHERE tenant = $1 AND campaign = $2 AND state = 'unconfirmed'`,
          [tenantId, id, clock.now()],
        ),
      );
      await jobs.next(tenantId, id, clock.now());
      return done('They are sent again.');
    },
    async testCampaign(input, principal) {
      return done(await sendTest(principal, input));
    },
    countAudience: (input, { actor }) => countAudience(context, actor, input),
    campaignStats: ({ id }, principal) =>
      database.inTenant(
        tenantOf(principal),
        async (session) => {
          await requireCampaign(session, principal.actor, id);
          return readStatistics(session, tenantOf(principal), id);
        },
        { snapshot: true },
      ),
    campaignRecipients: ({ id, state, behind }, principal) =>
      database.inTenant(
        tenantOf(principal),
        async (session) => {
          await requireCampaign(session, principal.actor, id);
          const lines = await readRecipients(session, tenantOf(principal), id, state ?? null, Number(behind ?? 0));
          const last = lines.at(-1)?.no ?? null;
          return { recipients: [...lines], next: lines.length < RECIPIENTS_OF_PAGE ? null : last };
        },
        { snapshot: true },
      ),
    listSuppressions: ({ search = '', behind = '' }, principal) =>
      database.inTenant(tenantOf(principal), async (session) => {
        const tenantId = tenantOf(principal);
        const like = `%${plainAddress(search).replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
        const rows = await session.query<Suppression & { campaignId: string | null }>(
          `SELECT address, reason, at::float8 AS at, campaign AS "campaignId", added_by AS "addedBy" FROM mail_suppression
           WHERE tenant = $1 AND address > $2 AND address LIKE $3 ORDER BY address LIMIT ${String(SUPPRESSIONS_OF_PAGE)}`,
          [tenantId, behind, like],
        );
        const [count] = await session.query<{ total: number }>(
          'SELECT count(*)::int AS total FROM mail_suppression WHERE tenant = $1 AND address LIKE $2',
          [tenantId, like],
        );
        const next = rows.length < SUPPRESSIONS_OF_PAGE ? null : (rows.at(-1)?.address ?? null);
        return { suppressions: [...rows], next, total: count?.total ?? 0 };
      }),
    async addSuppression({ address }, principal) {
      const plain = plainAddress(address);
      if (!isMailAddress(plain))
        throw new OutpostError('invalid', 'This is no mail address.', { problems: ['address:email'] });
      const entry = {
        address: plain,
        reason: 'blocked',
        at: clock.now(),
        campaign: null,
        addedBy: principal.actor.userId,
      } as const;
      await changeSuppressions(principal, 'mail.suppress', (session) => suppress(session, tenantOf(principal), entry));
      return done(plain);
    },
    async removeSuppression({ address }, principal) {
      await changeSuppressions(principal, 'mail.allow', async (session) => {
        const removed = await session.query(
          `DELETE FROM mail_suppression WHERE tenant = $1 AND address = $2 AND reason IN ('bounced', 'blocked') RETURNING address`,
          [tenantOf(principal), plainAddress(address)],
        );
        if (removed.length === 0)
          throw new OutpostError('invalid', 'Who unsubscribed or complained can only be won back by asking for it.', {
            problems: ['address:current'],
          });
      });
      return done(plainAddress(address));
    },
    readProvider: (_input, principal) => providerState(principal),
    async saveProvider({ settings, secret }, principal) {
      const { actor, deviceId } = principal;
      const tenantId = tenantOf(principal);
      if (settings.kind !== 'server' && !isMailAddress(plainAddress(settings.fromAddress)))
        throw new OutpostError('invalid', 'Say which address mail comes from.', { problems: ['fromAddress:email'] });
      if (settings.kind === 'smtp') await reachMailServer(context.egress, settings);
      await database.inTenant(tenantId, async (session) => {
        await keepProvider(session, tenantId, settings, secret, { userId: actor.userId, nowMs: clock.now() });
        const what = {
          entity: 'mailProvider',
          id: settings.kind,
          groups: [],
          outcome: 'applied',
          effect: 'configure',
        } as const;
        const by = { actor: actor.userId, device: deviceId };
        await appendAudit(session, tenantId, clock.now(), [
          { ...by, ...what, command: 'mailProvider.save', isSensitive: true },
        ]);
      });
      return providerState(principal);
    },
    async checkProvider(_input, principal) {
      const { sender } = await openSender(context, tenantOf(principal));
      try {
        await sender.check();
      } finally {
        await sender.close();
      }
      return done('The provider lets this server in.');
    },
    ...returned.work,
    ...reports.work,
    async reportBounce({ message }, principal) {
      const reports = readBounce(message);
      let isMatched = false;
      for (const report of reports) if (await tracking.returned(tenantOf(principal), report)) isMatched = true;
      const [first] = reports;
      return {
        matched: isMatched,
        kind: first?.kind ?? 'none',
        status: first?.status ?? null,
        reason: first?.reason ?? null,
      };
    },
  };

  async function changeSuppressions(
    { actor, deviceId }: Principal,
    command: string,
    change: (session: Parameters<typeof suppress>[0]) => Promise<void>,
  ): Promise<void> {
    const tenantId = actor.tenantId as TenantId;
    await database.inTenant(tenantId, async (session) => {
      await change(session);
      const what = { entity: 'mailSuppression', id: '', groups: [], outcome: 'applied', effect: 'update' } as const;
      await appendAudit(session, tenantId, clock.now(), [
        { actor: actor.userId, device: deviceId, ...what, command, isSensitive: true },
      ]);
    });
  }

  async function providerState(principal: Principal): Promise<CampaignAnswer<'readProvider'>> {
    const kept = await database.inTenant(tenantOf(principal), (session) => readProvider(session, tenantOf(principal)));
    return {
      settings: kept.settings,
      hasSecret: kept.secret !== null,
      serverFrom: context.mail === null ? null : addressOf(context.mail.from).address,
      isReachable: context.publicAddress() !== null,
    };
  }

  async function goOn(): Promise<void> {
    const tenants = await database.asOwner((session) =>
      session.query<{ tenant: TenantId }>('SELECT tenant FROM tenant_head'),
    );
    for (const { tenant } of tenants) {
      const waiting = await database.inTenant(tenant, async (session) => {
        // One directory, one server: whoever held a claim is gone.
        if (database.engine === 'pglite')
          await session.query(
            `UPDATE campaign_recipient SET lease_until = 0 WHERE tenant = $1 AND state IN ('claimed', 'handing')`,
            [tenant],
          );
        return session.query<{ campaign: string; dueAt: number }>(
          `SELECT campaign, due_at::float8 AS "dueAt" FROM campaign_run WHERE tenant = $1 AND state IN ('scheduled', 'preparing', 'sending')`,
          [tenant],
        );
      });
      for (const { campaign, dueAt } of waiting) await jobs.next(tenant, campaign, dueAt);
      await returned.begin(tenant);
    }
  }

  return {
    work,
    tracking,
    reports,
    begin: () =>
      goOn().catch((error: unknown) => context.log.error({ err: error }, 'Campaigns on their way could not go on')),
  };
}
