import type { Actor } from '#shared/access/actor.ts';

/** A caller the server has recognised: rights as they are now, and the session the call belongs to. */
export interface Principal {
  readonly actor: Actor;
  readonly tenantName: string;
  readonly sessionId: string;
  readonly deviceId: string;
  /** Instant at which the access token ends. */
  readonly expiresAtMs: number;
  /** The API key the call came with; absent for a person. `actor` may then do no more than the key, and has no role. */
  readonly key?: { readonly id: string; readonly ownerRole: string };
  /** Where the call came from, as far as proxies are trusted. */
  readonly address?: string;
}
