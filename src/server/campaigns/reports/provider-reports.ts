// Calls of providers: each organization has an address for each of them, signed, so that nobody makes one up; a call counts only
// once it is verified with what an administrator entered. What it tells is settled as returned mail is. A call that is made again
// changes nothing, and what it says of mails nobody knows is taken without a word.
import type { CampaignAnswer } from '#shared/campaigns/campaign-calls.ts';
import {
  reportingProviders,
  type ProviderReportsState,
  type ReportingProvider,
  type ReportTrouble,
} from '#shared/campaigns/provider-reports.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import type { CampaignContext } from '#server/campaigns/campaign-context.ts';
import type { CampaignWork } from '#server/campaigns/campaign-work.ts';
import { readProviderEvents } from '#server/campaigns/reports/read-events.ts';
import {
  createSnsVerifier,
  isAddressOfSns,
  regionOfTopic,
  type SnsMessage,
} from '#server/campaigns/reports/sns-message.ts';
import {
  OLDEST_CALL_MS,
  readSendGridKey,
  refused,
  verifyMailgun,
  verifySendGrid,
  type ReceivedCall,
  type Verified,
} from '#server/campaigns/reports/verify-call.ts';
import type { MailTracking } from '#server/campaigns/track-mail.ts';
import type { Principal } from '#server/identity/principal.ts';
import type { SqlSession } from '#server/store/database.ts';
import { openSecret, sealSecret } from '#server/store/sealed-secret.ts';

/** `later`: it could not be judged now; the provider may try again. */
export type CallOutcome = 'unknown' | 'refused' | 'later' | 'accepted';

export interface ProviderReports {
  readonly work: Pick<CampaignWork, 'readProviderReports' | 'saveProviderReports'>;
  receive(token: string, call: ReceivedCall): Promise<CallOutcome>;
}

interface Kept {
  readonly key: Uint8Array | null;
  readonly calledAt: number | null;
  readonly trouble: ReportTrouble | null;
  readonly taken: number;
  readonly takenAt: number | null;
}

const contextOf = (tenantId: TenantId, provider: ReportingProvider): string =>
  `provider-report ${provider} ${tenantId}`;

async function readKept(session: SqlSession, tenantId: TenantId, provider: ReportingProvider) {
  const [kept] = await session.query<Kept>(
    `SELECT key, called_at::float8 AS "calledAt", trouble, taken, taken_at::float8 AS "takenAt" FROM provider_report
     WHERE tenant = $1 AND provider = $2`,
    [tenantId, provider],
  );
  const sealed = kept?.key ?? null;
  const key = sealed === null ? null : await openSecret(session, contextOf(tenantId, provider), sealed);
  return { kept: kept ?? null, key: key?.toString('utf8') ?? null };
}

/** @throws OutpostError `invalid` for what no call could ever be verified with */
function assertKey(provider: ReportingProvider, key: string): void {
  const isGood =
    provider === 'sendgrid'
      ? readSendGridKey(key) !== null
      : provider === 'ses'
        ? regionOfTopic(key) !== null
        : /^[\u0021-\u007e]{8,200}$/.test(key);
  if (!isGood)
    throw new OutpostError('invalid', 'This is not what the provider verifies its calls with.', {
      problems: [`key:${provider === 'ses' ? 'topic' : 'key'}`],
    });
}

export function createProviderReports(context: CampaignContext, tracking: MailTracking): ProviderReports {
  const { database, clock, egress, signer } = context;

  async function fetchText(url: string): Promise<string> {
    const answer = await (context.fetchFromAmazon ?? ((address: string) => egress.fetch(address)))(url);
    if (!answer.ok) throw new OutpostError('provider_failed', 'Amazon did not answer.', { failure: 'answer' });
    return answer.text();
  }
  const verifySns = createSnsVerifier(fetchText);

  async function verify(provider: ReportingProvider, key: string, call: ReceivedCall): Promise<Verified> {
    if (provider === 'sendgrid') return verifySendGrid(key, call, clock.now());
    return provider === 'mailgun' ? verifyMailgun(key, call, clock.now()) : verifySns(key, call, clock.now());
  }

  const inTenant = <Result>(tenantId: TenantId, work: (session: SqlSession) => Promise<Result>) =>
    database.inTenant(tenantId, work);

  async function note(tenantId: TenantId, provider: ReportingProvider, trouble: ReportTrouble | null, taken: number) {
    await inTenant(tenantId, (session) =>
      session.query(
        `INSERT INTO provider_report (tenant, provider, updated_at, called_at, trouble, taken, taken_at)
         VALUES ($1, $2, $3::bigint, $3::bigint, $4, $5::int, CASE WHEN $5::int > 0 THEN $3::bigint END)
         ON CONFLICT (tenant, provider) DO UPDATE SET called_at = excluded.called_at, trouble = excluded.trouble,
           taken = provider_report.taken + excluded.taken, taken_at = coalesce(excluded.taken_at, provider_report.taken_at)`,
        [tenantId, provider, clock.now(), trouble, taken],
      ),
    );
  }

  async function wasTaken(tenantId: TenantId, provider: ReportingProvider, id: string): Promise<boolean> {
    const rows = await inTenant(tenantId, (session) =>
      session.query('SELECT id FROM provider_call WHERE tenant = $1 AND provider = $2 AND id = $3', [
        tenantId,
        provider,
        id,
      ]),
    );
    return rows.length > 0;
  }

  /** After it is settled: a server that ends in between settles it once more, which changes nothing. */
  function remember(tenantId: TenantId, provider: ReportingProvider, id: string): Promise<void> {
    return inTenant(tenantId, async (session) => {
      await session.query('DELETE FROM provider_call WHERE tenant = $1 AND provider = $2 AND at < $3', [
        tenantId,
        provider,
        // Longer than a call is taken: the clock of the provider may be ahead.
        clock.now() - 2 * OLDEST_CALL_MS,
      ]);
      await session.query(
        'INSERT INTO provider_call (tenant, provider, id, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
        [tenantId, provider, id, clock.now()],
      );
    });
  }

  async function settle(tenantId: TenantId, provider: ReportingProvider, topic: string, said: unknown) {
    let content = said;
    if (provider === 'ses') {
      const message = said as SnsMessage;
      if (message.type === 'SubscriptionConfirmation') {
        if (!isAddressOfSns(message.subscribeUrl, regionOfTopic(topic) ?? '')) throw notConfirmed();
        await fetchText(message.subscribeUrl).catch((error: unknown) => {
          throw notConfirmed(error);
        });
        return 0;
      }
      content = message.message;
    }
    let taken = 0;
    for (const event of readProviderEvents(provider, content)) if (await tracking.told(tenantId, event)) taken += 1;
    return taken;
  }

  async function receive(token: string, call: ReceivedCall): Promise<CallOutcome> {
    const link = signer.read('report', token);
    const provider = reportingProviders.find((known) => known === link?.campaignId);
    if (link === null || provider === undefined) return 'unknown';
    const { tenantId } = link;
    const { key } = await inTenant(tenantId, (session) => readKept(session, tenantId, provider));
    const verified = key === null ? refused('noKey') : await verify(provider, key, call);
    if (key === null || !verified.isOurs) {
      const trouble = verified.isOurs ? 'noKey' : verified.trouble;
      await note(tenantId, provider, trouble, 0);
      return trouble === 'unreachable' ? 'later' : 'refused';
    }
    if (await wasTaken(tenantId, provider, verified.id)) return 'accepted';
    try {
      const taken = await settle(tenantId, provider, key, verified.said);
      await remember(tenantId, provider, verified.id);
      await note(tenantId, provider, null, taken);
      return 'accepted';
    } catch (error) {
      if (!(error instanceof OutpostError) || error.code !== 'provider_failed') throw error;
      await note(tenantId, provider, 'confirm', 0);
      return 'later';
    }
  }

  async function stateOf(principal: Principal, provider: ReportingProvider): Promise<ProviderReportsState> {
    const tenantId = principal.actor.tenantId as TenantId;
    const { kept, key } = await inTenant(tenantId, (session) => readKept(session, tenantId, provider));
    const origin = context.publicAddress();
    const path = signer.pathOf({ kind: 'report', tenantId, campaignId: provider, no: 0, link: 0 });
    return {
      provider,
      address: origin === null ? null : `${origin}${path}`,
      hasKey: key !== null,
      topic: provider === 'ses' ? key : null,
      calledAt: kept?.calledAt ?? null,
      trouble: kept?.trouble ?? null,
      taken: kept?.taken ?? 0,
      takenAt: kept?.takenAt ?? null,
    };
  }

  return {
    receive,
    work: {
      readProviderReports: ({ provider }, principal) => stateOf(principal, provider),
      async saveProviderReports({ provider, key }, principal): Promise<CampaignAnswer<'saveProviderReports'>> {
        const { actor, deviceId } = principal;
        const tenantId = actor.tenantId as TenantId;
        const plain = key.trim();
        if (plain !== '') assertKey(provider, plain);
        await inTenant(tenantId, async (session) => {
          const sealed =
            plain === '' ? null : await sealSecret(session, contextOf(tenantId, provider), Buffer.from(plain));
          await session.query(
            `INSERT INTO provider_report (tenant, provider, key, updated_at, updated_by) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (tenant, provider) DO UPDATE SET key = excluded.key, updated_at = excluded.updated_at,
               updated_by = excluded.updated_by, called_at = NULL, trouble = NULL`,
            [tenantId, provider, sealed, clock.now(), actor.userId],
          );
          await appendAudit(session, tenantId, clock.now(), [
            {
              actor: actor.userId,
              device: deviceId,
              command: 'providerReports.save',
              entity: 'mailProvider',
              id: provider,
              groups: [],
              outcome: 'applied',
              effect: 'configure',
              isSensitive: true,
            },
          ]);
        });
        return stateOf(principal, provider);
      },
    },
  };
}

const notConfirmed = (cause?: unknown) =>
  new OutpostError('provider_failed', 'The topic could not be confirmed at Amazon.', { failure: 'answer' }, { cause });
