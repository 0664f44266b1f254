/** Sent at the commit that ends a session: payload is JSON of {@link SessionNotice}. */
export const SESSION_CHANNEL = 'outpost_session';

export interface SessionNotice {
  readonly tenantId: string;
  readonly sessionId: string;
}
