import type { Actor } from '#shared/access/actor.ts';

/** A caller the server has recognised: rights as they are now, and the session the call belongs to. */
export interface Principal {
  readonly actor: Actor;
  readonly tenantName: string;
  readonly sessionId: string;
  readonly deviceId: string;
  /** Instant at which the access token ends. */
  readonly expiresAtMs: number;
}
