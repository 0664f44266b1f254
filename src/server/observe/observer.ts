import type { FastifyRequest } from 'fastify';
import type { Tracing } from '#shared/observe/tracing.ts';
import type { RequestFact } from '#server/observe/request-fact.ts';

/** Who is told of what happens at the door of the server. */
export interface RequestObserver {
  readonly answered: (fact: RequestFact) => void;
  /** An error that is the server's fault and was not foreseen. */
  readonly unexpected: (error: unknown, request: FastifyRequest) => void;
  /** Opens `/metrics` to a program; null for none. */
  readonly metricsToken: string | null;
  readonly tracing: Tracing;
}
