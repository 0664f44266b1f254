// What a page in a browser may do with passkeys: sealed by this server, for one purpose and five minutes. The page learns nothing
// from it, and nothing in it can be changed. Where the browser goes afterwards is this computer's own address and no other.
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';
import type { BrowserBack } from '#shared/sync/sign-in-messages.ts';
import type { KeptPasskey } from '#server/identity/passkeys/passkey-store.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';
import { openSecret, sealSecret } from '#server/store/sealed-secret.ts';

export const TICKET_LIFETIME_MS = 5 * 60_000;
const CONTEXT = 'passkey page';
const PROOF_CONTEXT = 'passkey proof';
const MADE_CONTEXT = 'passkey made';

/**
 * `add`: a new passkey for a person; `setUp`: the same in answer to a challenge; `confirm`: the second factor of a challenge;
 * `enter`: signing in with nothing else; `prove`: showing once more who one is, for a session.
 */
export type PageTicket = {
  readonly nonce: string;
  readonly expiresAtMs: number;
  readonly back: BrowserBack;
} & (
  | { readonly kind: 'add'; readonly tenantId: string; readonly userId: string; readonly sessionId: string }
  | { readonly kind: 'prove'; readonly tenantId: string; readonly userId: string; readonly sessionId: string }
  | { readonly kind: 'setUp'; readonly tenantId: string; readonly userId: string; readonly keyHash: string }
  | { readonly kind: 'confirm'; readonly tenantId: string; readonly userId: string; readonly keyHash: string }
  | {
      readonly kind: 'enter';
      readonly deviceId: string;
      readonly deviceName: string;
      readonly verifierHash: string;
    }
);

/** That the owner of a session showed a passkey, and when: of use only to that session, and only once, since time goes on. */
export interface PasskeyProof {
  readonly tenantId: string;
  readonly sessionId: string;
  readonly usedAtMs: number;
}

/**
 * What an authenticator made on a page. It is kept by nobody until whoever opened the page brings it back: somebody who
 * cancelled meanwhile has no passkey that they never heard of.
 */
export interface MadePasskey {
  readonly tenantId: TenantId;
  readonly userId: UserId;
  /** The session that asked for it, or the hash of the key of the challenge that did. */
  readonly askedBy: string;
  readonly expiresAtMs: number;
  readonly passkey: NamedPasskey;
}

export type NamedPasskey = KeptPasskey & { readonly name: string };

async function sealFor(database: SqlDatabase, context: string, value: object): Promise<string> {
  const bytes = Buffer.from(JSON.stringify(value));
  const sealed = await database.transaction((session) => sealSecret(session, context, bytes));
  return Buffer.from(sealed).toString('base64url');
}

async function openFor(database: SqlDatabase, context: string, sealed: string): Promise<unknown> {
  const bytes = Buffer.from(sealed, 'base64url');
  const opened = await database.transaction((session) => openSecret(session, context, bytes));
  return JSON.parse(opened.toString('utf8'));
}

export function sealTicket(database: SqlDatabase, ticket: PageTicket): Promise<string> {
  return sealFor(database, CONTEXT, ticket);
}

export function sealProof(database: SqlDatabase, proof: PasskeyProof): Promise<string> {
  return sealFor(database, PROOF_CONTEXT, proof);
}

/** Null for what is none of this server. */
export async function openProof(database: SqlDatabase, sealed: string): Promise<PasskeyProof | null> {
  try {
    return (await openFor(database, PROOF_CONTEXT, sealed)) as PasskeyProof;
  } catch {
    return null;
  }
}

/** Throws `link_over` for one that is too old, or not of this server. */
export async function openTicket(database: SqlDatabase, sealed: string, nowMs: number): Promise<PageTicket> {
  const over = (cause?: unknown) => new OutpostError('link_over', 'This page is over. Begin once more.', {}, { cause });
  let ticket: PageTicket;
  try {
    ticket = (await openFor(database, CONTEXT, sealed)) as PageTicket;
  } catch (error) {
    throw over(error);
  }
  if (ticket.expiresAtMs <= nowMs) throw over();
  return ticket;
}

export function sealMade(database: SqlDatabase, { passkey, ...made }: MadePasskey): Promise<string> {
  const publicKey = Buffer.from(passkey.publicKey).toString('base64url');
  return sealFor(database, MADE_CONTEXT, { ...made, passkey: { ...passkey, publicKey } });
}

/** In the transaction that keeps it. Null for what is none of this server, too old, or was asked for by somebody else. */
export async function openMade(
  session: SqlSession,
  sealed: string,
  asked: Pick<MadePasskey, 'tenantId' | 'userId' | 'askedBy'>,
  nowMs: number,
): Promise<NamedPasskey | null> {
  let text: string;
  try {
    text = (await openSecret(session, MADE_CONTEXT, Buffer.from(sealed, 'base64url'))).toString('utf8');
  } catch {
    return null;
  }
  const { passkey, ...made } = JSON.parse(text) as Omit<MadePasskey, 'passkey'> & {
    readonly passkey: Omit<NamedPasskey, 'publicKey'> & { readonly publicKey: string };
  };
  const isOurs = made.tenantId === asked.tenantId && made.userId === asked.userId && made.askedBy === asked.askedBy;
  if (!isOurs || made.expiresAtMs <= nowMs) return null;
  return { ...passkey, publicKey: Buffer.from(passkey.publicKey, 'base64url') };
}
