// A company that sends campaigns: people with different rights, contacts and leads, a mail server, a clock in the hand.
import type { CampaignCallName, CampaignInput } from '#shared/campaigns/campaign-calls.ts';
import { CAMPAIGN_PATH, campaignCalls, type CampaignAnswer } from '#shared/campaigns/campaign-calls.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { toPlatformRequest } from '#shared/platform/platform-calls.ts';
import { recordOf } from '#test/support/report-world.ts';
import type { TestServer } from '#test/support/start-server.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';

export function contactOf(id: string, ownerId: string, values: Readonly<Record<string, unknown>> = {}): AnyRecord {
  return recordOf('contact', id, ownerId, {
    name: `Person ${id}`,
    firstName: `First ${id}`,
    email: `${id}@example.com`,
    ...values,
  });
}

export function leadOf(id: string, ownerId: string, values: Readonly<Record<string, unknown>> = {}): AnyRecord {
  return recordOf('lead', id, ownerId, {
    name: `Lead ${id}`,
    status: 'new',
    company: `Company ${id}`,
    email: `${id}@example.com`,
    ...values,
  });
}

export function campaignOf(id: string, ownerId: string, values: Readonly<Record<string, unknown>> = {}): AnyRecord {
  return recordOf('campaign', id, ownerId, {
    name: `Campaign ${id}`,
    state: 'draft',
    subject: 'Hello {first_name|there}',
    body: 'Dear {name},\n\nsee https://example.com/news?a=1&b=2 today.',
    format: 'text',
    audience: { parts: [{ entity: 'contact', filter: { and: [] } }], without: [] },
    ...values,
  });
}

/** Calls as somebody who is signed in; rejects with the text of a refusal. */
export function createCaller(server: TestServer, grant: SessionGrant) {
  async function ask(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly body: never }> {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${grant.accessToken}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as never };
  }
  async function call<Name extends CampaignCallName>(
    name: Name,
    input: CampaignInput<Name>,
  ): Promise<CampaignAnswer<Name>> {
    const { method, path, body } = toPlatformRequest(
      campaignCalls[name],
      input as Record<string, unknown>,
      CAMPAIGN_PATH,
    );
    const answer = await ask(method, path, body ?? undefined);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return answer.body;
  }
  return { ask, call };
}

/** What is stored of recipients, by their addresses. */
export async function recipientsOf(server: TestServer, tenantId: TenantId, campaignId: string) {
  const rows = await server.database.inTenant(tenantId, (session) =>
    session.query<{
      address: string;
      recordId: string;
      state: string;
      reason: string | null;
      dueAt: number;
      variant: string | null;
      bounceKind: string | null;
    }>(
      `SELECT address, record_id AS "recordId", state, reason, due_at::float8 AS "dueAt", variant, bounce_kind AS "bounceKind" FROM campaign_recipient
       WHERE tenant = $1 AND campaign = $2 ORDER BY no`,
      [tenantId, campaignId],
    ),
  );
  return rows;
}
