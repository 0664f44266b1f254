// What the two sides of the PGlite thread say to each other. Plain data, answered strictly in order.
import type { SqlValue } from '#server/store/database.ts';

export interface PgliteWorkerData {
  readonly directory: string;
}

export interface PgliteStatement {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

export type PgliteRequestBody =
  /** One after the other; a failed one does not keep those after it from being tried. */
  | { readonly kind: 'statements'; readonly statements: readonly PgliteStatement[] }
  | { readonly kind: 'script'; readonly sql: string }
  | { readonly kind: 'role'; readonly role: string | null }
  | { readonly kind: 'listen' | 'unlisten'; readonly channel: string }
  | { readonly kind: 'close' };

export type PgliteRequest = PgliteRequestBody & { readonly id: number };

export interface SqlErrorData {
  readonly message: string;
  readonly code: string;
  readonly detail: string;
  readonly constraint: string;
}

export type PgliteOutcome =
  | { readonly ok: true; readonly rows: readonly object[] }
  | { readonly ok: false; readonly error: SqlErrorData };

export type PgliteReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly error: SqlErrorData }
  /** One outcome for each statement, one for every other request. */
  | { readonly kind: 'answer'; readonly id: number; readonly outcomes: readonly PgliteOutcome[] }
  | { readonly kind: 'notification'; readonly channel: string; readonly payload: string };
