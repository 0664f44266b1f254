// Campaigns over HTTP: one route for each call of the table, with the permission that stands there.
import { Type, type TObject } from 'typebox';
import { refuse } from '#shared/access/refusals.ts';
import {
  CAMPAIGN_PATH,
  campaignCallNames,
  campaignCalls,
  type CampaignCall,
} from '#shared/campaigns/campaign-calls.ts';
import { entities } from '#shared/entities/registry.ts';
import { pathFieldsOf } from '#shared/platform/platform-calls.ts';
import { ErrorResponseSchema } from '#shared/sync/messages.ts';
import type { CampaignWork } from '#server/campaigns/campaign-work.ts';
import { type HttpServer, principalOf } from '#server/http/http-server.ts';
import type { Principal } from '#server/identity/principal.ts';

const failures = { '4xx': ErrorResponseSchema, '5xx': ErrorResponseSchema };

function assertMay({ actor }: Principal, { permission }: CampaignCall): void {
  if (actor.permissions.includes(permission)) return;
  const { role } = actor;
  const refused = refuse(entities.campaign, 'Your role does not allow you to do this with campaigns.', {
    reason: 'role',
    action: 'update',
    role,
    who: 'admin',
  });
  if (!refused.ok) throw refused.error;
}

function schemaOf({ method, path, summary, input, answer }: CampaignCall<TObject>) {
  const inPath = pathFieldsOf(path);
  const named = Object.fromEntries(Object.entries(input.properties).filter(([name]) => inPath.includes(name)));
  const rest = Type.Omit(input, inPath);
  return {
    summary,
    tags: ['campaigns'],
    ...(inPath.length === 0 ? {} : { params: Type.Object(named) }),
    ...(method === 'POST' || method === 'PUT' ? { body: rest } : { querystring: rest }),
    response: { 200: answer, ...failures },
  };
}

export function addCampaignRoutes(app: HttpServer, work: CampaignWork): void {
  for (const name of campaignCallNames) {
    const call: CampaignCall = campaignCalls[name];
    const run = work[name] as (input: unknown, principal: Principal) => Promise<object>;
    app.route({
      method: call.method,
      url: `${CAMPAIGN_PATH}${call.path}`,
      config: { rateLimit: { max: 240, timeWindow: 60_000 } },
      preValidation: async (request) => assertMay(principalOf(request), call),
      schema: schemaOf(call as CampaignCall<TObject>),
      handler(request) {
        const parts: readonly unknown[] = [request.params, request.query, request.body];
        const input: unknown = Object.assign({}, ...parts);
        return run(input, principalOf(request));
      },
    });
  }
}
