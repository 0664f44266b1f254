// What a desktop asks of the installation it is signed in to: the calls of super administrators by their names, and what administrators
// of an organization see and decide of what the installation gives them.
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { OutpostError } from '#shared/kernel/errors.ts';
import {
  isPlatformCall,
  platformCalls,
  toPlatformRequest,
  type PlatformCall,
} from '#shared/platform/platform-calls.ts';
import {
  StandingSchema,
  SupportAccessSchema,
  SupportListSchema,
  type Standing,
  type SupportAccess,
  type SupportDecision,
} from '#shared/platform/platform-messages.ts';
import type { OwnPolicies } from '#shared/platform/policies.ts';

/** Counting goes through every organization. */
const LIMIT_MS = 60_000;
const MOST_BYTES = 8 * 1024 * 1024;

export interface PlatformClient {
  readStanding(serverUrl: string, accessToken: string): Promise<Standing>;
  tightenPolicies(serverUrl: string, accessToken: string, body: { readonly policies: OwnPolicies }): Promise<Standing>;
  listSupport(serverUrl: string, accessToken: string): Promise<readonly SupportAccess[]>;
  decideSupport(serverUrl: string, accessToken: string, id: string, decision: SupportDecision): Promise<SupportAccess>;
  /** @throws OutpostError `invalid` for a call that is none, or an input that is not its own */
  askPlatform(
    serverUrl: string,
    accessToken: string,
    name: string,
    input: Readonly<Record<string, unknown>>,
  ): Promise<object>;
}

type Send = <Schema extends TSchema>(request: {
  readonly method: PlatformCall['method'];
  readonly url: string;
  readonly schema: Schema;
  readonly body?: unknown;
  readonly accessToken: string;
  readonly limitMs?: number;
  readonly mostBytes?: number;
}) => Promise<Static<Schema>>;

export function createPlatformClient(send: Send): PlatformClient {
  return {
    readStanding: (serverUrl, accessToken) =>
      send({
        method: 'GET',
        url: `${serverUrl}/api/v1/organization/standing`,
        schema: StandingSchema,
        accessToken,
      }),
    tightenPolicies: (serverUrl, accessToken, body) =>
      send({
        method: 'PUT',
        url: `${serverUrl}/api/v1/organization/policies`,
        schema: StandingSchema,
        body,
        accessToken,
      }),
    listSupport: async (serverUrl, accessToken) => {
      const url = `${serverUrl}/api/v1/organization/support`;
      return (await send({ method: 'GET', url, schema: SupportListSchema, accessToken })).accesses;
    },
    decideSupport: (serverUrl, accessToken, id, decision) => {
      const url = `${serverUrl}/api/v1/organization/support/${encodeURIComponent(id)}`;
      return send({ method: 'PUT', url, schema: SupportAccessSchema, body: { decision }, accessToken });
    },
    async askPlatform(serverUrl, accessToken, name, input) {
      const call: PlatformCall | null = isPlatformCall(name) ? platformCalls[name] : null;
      if (call === null || !Value.Check(call.input, input))
        throw new OutpostError('invalid', 'This cannot be asked of the installation.');
      const { method, path, body } = toPlatformRequest(call, input);
      const sent = body === null ? {} : { body };
      const limits = { limitMs: LIMIT_MS, mostBytes: MOST_BYTES };
      const answer: unknown = await send({
        method,
        url: `${serverUrl}${path}`,
        schema: call.answer,
        accessToken,
        ...sent,
        ...limits,
      });
      return answer as object;
    },
  };
}
