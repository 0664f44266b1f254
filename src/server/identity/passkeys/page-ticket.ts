// What a page in a browser may do with passkeys: sealed by this server, for one purpose and five minutes. The page learns nothing
// from it, and nothing in it can be changed. Where the browser goes afterwards is this computer's own address and no other.
import { OutpostError } from '#shared/kernel/errors.ts';
import type { BrowserBack } from '#shared/sync/sign-in-messages.ts';
import { openSecret, sealSecret } from '#server/store/sealed-secret.ts';
import type { SqlDatabase } from '#server/store/database.ts';

export const TICKET_LIFETIME_MS = 5 * 60_000;
const CONTEXT = 'passkey page';

/**
 * `add`: a new passkey for a person; `setUp`: the same in answer to a challenge; `confirm`: the second factor of a challenge;
 * `enter`: signing in with nothing else.
 */
export type PageTicket = {
  readonly nonce: string;
  readonly expiresAtMs: number;
  readonly back: BrowserBack;
} & (
  | { readonly kind: 'add'; readonly tenantId: string; readonly userId: string; readonly sessionId: string }
  | { readonly kind: 'setUp'; readonly tenantId: string; readonly userId: string; readonly keyHash: string }
  | { readonly kind: 'confirm'; readonly tenantId: string; readonly userId: string; readonly keyHash: string }
  | {
      readonly kind: 'enter';
      readonly deviceId: string;
      readonly deviceName: string;
      readonly verifierHash: string;
    }
);

export async function sealTicket(database: SqlDatabase, ticket: PageTicket): Promise<string> {
  const bytes = Buffer.from(JSON.stringify(ticket));
  const sealed = await database.transaction((session) => sealSecret(session, CONTEXT, bytes));
  return Buffer.from(sealed).toString('base64url');
}

/** Throws `link_over` for one that is too old, or not of this server. */
export async function openTicket(database: SqlDatabase, sealed: string, nowMs: number): Promise<PageTicket> {
  const over = (cause?: unknown) => new OutpostError('link_over', 'This page is over. Begin once more.', {}, { cause });
  let ticket: PageTicket;
  try {
    const bytes = Buffer.from(sealed, 'base64url');
    const opened = await database.transaction((session) => openSecret(session, CONTEXT, bytes));
    ticket = JSON.parse(opened.toString('utf8')) as PageTicket;
  } catch (error) {
    throw over(error);
  }
  if (ticket.expiresAtMs <= nowMs) throw over();
  return ticket;
}
