import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { RateBucket } from '#server/access/rate-limits.ts';
import type { Principal } from '#server/identity/principal.ts';

export type HttpServer = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/**
 * Who may call a route. `session`: an access token of a living session (what every route is unless it says otherwise);
 * `socket`: the same, but a WebSocket may also send its token as first message; `public`: anyone; `metrics`: programs that
 * collect measurements, with the token the server was started with, or a session that may see the system.
 */
export type RouteAccess = 'public' | 'session' | 'socket' | 'metrics';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RouteAccess;
    /** The handler calls `recognised` before it does anything for the caller. */
    recognition?: 'whileReading';
    /** API keys may be used here, too; their scopes decide for what. Default: as `route-classes.ts` says. */
    keys?: boolean;
    /** What its requests count as. Default: as `route-classes.ts` says. */
    bucket?: RateBucket;
  }
  interface FastifyRequest {
    principal: Principal | null;
    recognising: Promise<Principal> | null;
    /** Code of the refusal it was answered with; empty for none. */
    refusedWith: string;
  }
}

/** The caller of a route with access `session`. */
export function principalOf(request: Pick<FastifyRequest, 'principal'>): Principal {
  if (!request.principal) throw new OutpostError('session_expired', 'Sign in again to continue.');
  return request.principal;
}

/** The caller of a route that is recognised while its body is read. Throws what recognising throws. */
export async function recognised(request: Pick<FastifyRequest, 'principal' | 'recognising'>): Promise<Principal> {
  request.principal = await request.recognising;
  return principalOf(request);
}

/** The token of `Authorization: Bearer …`, null when there is none. */
export function bearerTokenOf(request: Pick<FastifyRequest, 'headers'>): string | null {
  const match = /^Bearer ([\w.~+/=-]{1,4096})$/i.exec(request.headers.authorization ?? '');
  return match?.[1] ?? null;
}

export function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  return address === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/i.test(address);
}
