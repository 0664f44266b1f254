// What a desktop asks of the server about campaigns: the calls of the table by their names.
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { CAMPAIGN_PATH, campaignCalls, isCampaignCall, type CampaignCall } from '#shared/campaigns/campaign-calls.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { toPlatformRequest } from '#shared/platform/platform-calls.ts';

/** Going through a hundred thousand people, or a mail server that thinks. */
const LIMIT_MS = 90_000;
const MOST_BYTES = 4 * 1024 * 1024;

export interface CampaignClient {
  /** @throws OutpostError `invalid` for a call that is none, or an input that is not its own */
  askCampaigns(
    serverUrl: string,
    accessToken: string,
    name: string,
    input: Readonly<Record<string, unknown>>,
  ): Promise<object>;
}

type Send = <Schema extends TSchema>(request: {
  readonly method: CampaignCall['method'];
  readonly url: string;
  readonly schema: Schema;
  readonly body?: unknown;
  readonly accessToken: string;
  readonly limitMs?: number;
  readonly mostBytes?: number;
}) => Promise<Static<Schema>>;

export function createCampaignClient(send: Send): CampaignClient {
  return {
    async askCampaigns(serverUrl, accessToken, name, input) {
      const call: CampaignCall | null = isCampaignCall(name) ? campaignCalls[name] : null;
      if (call === null || !Value.Check(call.input, input))
        throw new OutpostError('invalid', 'This cannot be asked about campaigns.');
      const { method, path, body } = toPlatformRequest(call, input, CAMPAIGN_PATH);
      const answer: unknown = await send({
        method,
        url: `${serverUrl}${path}`,
        schema: call.answer,
        accessToken,
        ...(body === null ? {} : { body }),
        limitMs: LIMIT_MS,
        mostBytes: MOST_BYTES,
      });
      return answer as object;
    },
  };
}
