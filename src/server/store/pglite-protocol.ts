// What the two sides of the PGlite thread say to each other. Plain data, answered strictly in order.
import type { SqlValue } from '#server/store/database.ts';

export interface PgliteWorkerData {
  readonly directory: string;
}

export type PgliteRequest =
  | { readonly id: number; readonly kind: 'query'; readonly sql: string; readonly params: readonly SqlValue[] }
  | { readonly id: number; readonly kind: 'role'; readonly role: string | null }
  | { readonly id: number; readonly kind: 'listen' | 'unlisten'; readonly channel: string }
  | { readonly id: number; readonly kind: 'close' };

export type PgliteRequestBody = PgliteRequest extends infer Each
  ? Each extends PgliteRequest
    ? Omit<Each, 'id'>
    : never
  : never;

export interface SqlErrorData {
  readonly message: string;
  readonly code: string;
  readonly detail: string;
  readonly constraint: string;
}

export type PgliteReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly error: SqlErrorData }
  | { readonly kind: 'answer'; readonly id: number; readonly rows: readonly object[] }
  | { readonly kind: 'error'; readonly id: number; readonly error: SqlErrorData }
  | { readonly kind: 'notification'; readonly channel: string; readonly payload: string };
