// The port between the server and its SQL engine: the same dialect on PGlite (small installations, one directory) and
// on PostgreSQL. Every table carries the tenant; row level security is on and the application runs as a role that
// cannot go around it. So a session without a tenant sees zero rows of tenant tables: inTenant() is the only way in,
// and its setting ends with the transaction.
import type { TenantId } from '#shared/kernel/ids.ts';

/**
 * A parameter of a statement. `json` and `jsonb` columns take JSON text. Rows come back as: text, boolean, int4/int8/float8 as
 * number, json/jsonb parsed, text[] as array, bytea as Uint8Array, null.
 */
export type SqlValue = string | number | boolean | null | readonly string[] | readonly number[] | Uint8Array;

export interface SqlSession {
  /** One statement with $1-style parameters. Engine errors come as they are, with `code` (SQLSTATE). */
  query<Row extends object>(sql: string, params?: readonly SqlValue[]): Promise<readonly Row[]>;
}

export interface TransactionOptions {
  /** Every statement sees the same instant, and nothing can be written. */
  readonly snapshot?: boolean;
  /** Short, and somebody waits for it: it does not let others pass, as long readings of a snapshot do. */
  readonly isHurried?: boolean;
}

export function isPatient({ snapshot, isHurried }: TransactionOptions): boolean {
  return snapshot === true && isHurried !== true;
}

export interface SqlDatabase extends SqlSession {
  readonly engine: 'pglite' | 'postgres';
  /** One transaction without a tenant: only tables that have none (meta, sign_in_name) show rows. */
  transaction<Value>(work: (session: SqlSession) => Promise<Value>): Promise<Value>;
  /** One transaction that reads and writes rows of this tenant only. Rolled back when `work` throws. */
  inTenant<Value>(
    tenantId: TenantId,
    work: (session: SqlSession) => Promise<Value>,
    options?: TransactionOptions,
  ): Promise<Value>;
  /**
   * One transaction over all tenants, with the rights of the owner of the schema. For backup and restore only: nothing
   * that answers a user may go around row level security.
   */
  asOwner<Value>(work: (session: SqlSession) => Promise<Value>, options?: TransactionOptions): Promise<Value>;
  /**
   * Calls back for every message of a channel, also those of other server processes on the same PostgreSQL.
   * After a lost connection it listens again and calls back with an empty message: "something may have happened".
   */
  listen(channel: string, onMessage: (payload: string) => void): Promise<() => Promise<void>>;
  /**
   * For a library that keeps tables of its own: several statements in one go, rows of all of them. Whatever transaction they
   * leave behind when one fails is rolled back.
   */
  script(sql: string): Promise<readonly object[]>;
  /** Inside a transaction use `SELECT pg_notify($1, $2)` on the session instead: it is sent at the commit. */
  notify(channel: string, payload: string): Promise<void>;
  /** Settles when the engine ended by itself: nothing is answered here any more, and a new server has to be started. */
  readonly lost: Promise<Error>;
  /** Waits for running transactions, writes what is in memory, frees the directory. */
  close(): Promise<void>;
}

const encoder = new TextEncoder();

/** A value as bytes for a `$n::json` parameter: many rows at once cost half of what they cost as text. */
export function toJsonBytes(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}

export interface PgliteLocation {
  readonly dataDir: string;
}
export interface PostgresLocation {
  readonly databaseUrl: string;
  /** Most connections at once; default 10. */
  readonly poolSize?: number;
}
export type DatabaseLocation = PgliteLocation | PostgresLocation;

/** Sent at the commit of every change: payload is JSON of {@link ChangeNotice}. */
export const CHANGE_CHANNEL = 'outpost_change';
/** Sent at the commit of an epoch bump: payload is JSON of {@link EpochNotice}. */
export const EPOCH_CHANNEL = 'outpost_epoch';

/** Sent at the commit of something that left children waiting in the queue: payload is the tenant. */
export const FOLLOW_CHANNEL = 'outpost_follow';

export interface ChangeNotice {
  readonly tenantId: string;
  readonly seq: number;
  /** Scope keys before and after of everything that changed; null when there are too many to name: poke everyone. */
  readonly keys: readonly string[] | null;
  /**
   * When nothing but fields of existing records changed: which groups of which kind, and the keys of those records. Whoever
   * sees none of the groups is not poked. Absent: anything may have happened.
   */
  readonly edits?: readonly {
    readonly kind: string;
    readonly groups: readonly string[];
    readonly keys: readonly string[];
  }[];
}

export interface EpochNotice {
  readonly tenantId: string;
  readonly userId: string;
  readonly epoch: number;
  /** False when the user was deactivated: sockets and sessions end now. */
  readonly isActive: boolean;
}

/** How a transaction begins, on both engines. */
export function beginStatement(options: TransactionOptions): string {
  return options.snapshot === true ? 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY' : 'BEGIN';
}
