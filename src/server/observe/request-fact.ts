import type { Principal } from '#server/identity/principal.ts';

/** What is known of a request when it was answered: the pattern of its route, never its address, body or headers. */
export interface RequestFact {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
  readonly principal: Principal | null;
  /** Of the refusal, empty when there was none. */
  readonly code: string;
  readonly correlationId: string;
}

/** Requests for addresses that do not exist are one route: whoever guesses addresses must not make up names for counts. */
export const NO_ROUTE = '(none)';
