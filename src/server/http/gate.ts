// The one gate: who is let in, with what, from where and how often. A person comes with the access token of a session, a
// program with an API key, and only routes that say so serve programs. The organization's list of addresses is asked for both,
// and every request is counted. A socket that introduces itself later passes the same gate.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { rateSpans, spanMs, type RateLimit } from '#shared/access/rate-windows.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { AddressGate } from '#server/access/address-gate.ts';
import type { AccessRuleBook } from '#server/access/access-rules.ts';
import { limitOfRole, screenLimit, type RateLimits, type RateVerdict } from '#server/access/rate-limits.ts';
import { classOf } from '#server/http/route-classes.ts';
import type { Identity } from '#server/identity/create-identity.ts';
import type { Principal } from '#server/identity/principal.ts';
import { isKeyText } from '#server/keys/key-text.ts';
import type { KeyRecognition } from '#server/keys/recognise-key.ts';

export interface GateDependencies {
  readonly identity: Identity;
  readonly keys: KeyRecognition;
  readonly addresses: AddressGate;
  readonly rules: AccessRuleBook;
  readonly limits: RateLimits;
  readonly usualLimit: RateLimit;
}

export interface Gate {
  /** @throws OutpostError when the token cannot be one of ours, without asking whose it is. */
  precheck(token: string): Promise<void>;
  /** The caller behind a token, if nothing stands in the way. `reply` gets the headers that say how much is left. */
  admit(token: string, request: FastifyRequest, reply: FastifyReply | null): Promise<Principal>;
  /** Whether somebody who was admitted may stay. */
  mayStay(principal: Principal): Promise<boolean>;
}

export const subjectOf = (userId: string, kind: 'own' | 'keys' | 'screen'): string => `${kind} ${userId}`;

function refuse(verdict: RateVerdict): never {
  throw new OutpostError('too_many_requests', 'Too many requests. Wait, then go on.', {
    retryAfterSeconds: Math.max(1, verdict.endsInSeconds),
    limit: verdict.limit,
    span: verdict.span,
  });
}

/** The draft standard and the names everybody knows. */
function tell(
  reply: FastifyReply,
  limit: RateLimit,
  { span, remaining, endsInSeconds, ...verdict }: RateVerdict,
): void {
  const policy = rateSpans.map((one) => `"${one}";q=${String(limit[one])};w=${String(spanMs[one] / 1000)}`);
  reply.headers({
    'ratelimit-policy': policy.join(', '),
    ratelimit: `"${span}";r=${String(remaining)};t=${String(endsInSeconds)}`,
    'x-ratelimit-limit': String(verdict.limit),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(endsInSeconds),
  });
}

export function createGate(dependencies: GateDependencies): Gate {
  const { identity, keys, addresses, rules, limits, usualLimit } = dependencies;

  async function countRequest(principal: Principal, request: FastifyRequest, reply: FastifyReply | null) {
    const { actor, key, deviceId } = principal;
    const tenantId = actor.tenantId as TenantId;
    const bucket = request.routeOptions.config.bucket ?? classOf(request.routeOptions.url ?? '').bucket ?? 'api';
    if (bucket === 'sync' && key === undefined) {
      const verdict = limits.countSync(tenantId, deviceId);
      if (verdict !== null) refuse(verdict);
      return;
    }
    const isScreen = bucket === 'screen' && key === undefined;
    const kind = key === undefined ? (isScreen ? 'screen' : 'own') : 'keys';
    const byRole = (await rules.of(tenantId)).limits;
    const limit = isScreen ? screenLimit : limitOfRole(byRole, key?.ownerRole ?? actor.role, usualLimit);
    const verdict = limits.count(tenantId, subjectOf(actor.userId, kind), limit);
    if (reply !== null) tell(reply, limit, verdict);
    if (verdict.isRefused) refuse(verdict);
  }

  async function recognise(token: string, request: FastifyRequest): Promise<Principal> {
    if (!isKeyText(token)) return { ...(await identity.recognise(token)), address: request.ip };
    if ((request.routeOptions.config.keys ?? classOf(request.routeOptions.url ?? '').keys) !== true) {
      throw new OutpostError('key_refused', 'API keys are of no use at this address; it belongs to people.', {
        reason: 'route',
      });
    }
    return keys.recognise(token, request.ip);
  }

  return {
    async precheck(token) {
      if (!isKeyText(token)) await identity.verify(token);
    },
    async admit(token, request, reply) {
      const principal = await recognise(token, request);
      const { actor, key } = principal;
      const caller = { tenantId: actor.tenantId as TenantId, userId: actor.userId, address: request.ip };
      await addresses.assertAllowed(key === undefined ? 'devices' : 'keys', caller);
      await countRequest(principal, request, reply);
      return principal;
    },
    mayStay: ({ actor, address = '', key }) =>
      addresses.isAllowed(key === undefined ? 'devices' : 'keys', { tenantId: actor.tenantId as TenantId, address }),
  };
}
