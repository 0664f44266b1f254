// Guessing passwords is limited by account, by source and by the pair of both. The pair has the small limit, so that
// a stranger who knows an address cannot keep its owner out from elsewhere. Every attempt counts before it is
// checked (a burst in parallel gains nothing); a success takes its count back. Counts stand in the database: all servers
// on it share them, and a restart forgets none. Who was meant and from where stands there as hashes only.
import { createHash } from 'node:crypto';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

export interface AttemptPolicy {
  readonly windowMs: number;
  readonly perPair: number;
  readonly perAccount: number;
  readonly perSource: number;
}

export const signInPolicy: AttemptPolicy = { windowMs: 15 * 60_000, perPair: 8, perAccount: 40, perSource: 120 };

/** What is counted apart from each other. */
export type AttemptKind = 'signIn' | 'invitation' | 'askReset' | 'completeReset' | 'proof' | 'singleSignOn';

export interface AttemptLimits {
  /** Counts one attempt, in a transaction of its own. Throws `too_many_attempts` with `retryAfterSeconds`. */
  begin(account: string, source: string): Promise<void>;
  succeed(account: string, source: string): Promise<void>;
}

export interface AttemptDependencies {
  readonly database: SqlDatabase;
  readonly clock: Clock;
}

interface AttemptWindow {
  readonly key: string;
  readonly count: number;
  readonly endsAtMs: number;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url');

export function createAttemptLimits(
  { database, clock }: AttemptDependencies,
  kind: AttemptKind,
  policy: AttemptPolicy = signInPolicy,
): AttemptLimits {
  function limitsOf(account: string, source: string): ReadonlyMap<string, number> {
    return new Map([
      [hashOf(`${kind}\npair\n${account}\n${source}`), policy.perPair],
      [hashOf(`${kind}\naccount\n${account}`), policy.perAccount],
      [hashOf(`${kind}\nsource\n${source}`), policy.perSource],
    ]);
  }

  return {
    async begin(account, source) {
      const limits = limitsOf(account, source);
      const keys = [...limits.keys()];
      const nowMs = clock.now();
      await database.transaction(async (session) => {
        const full = (await holdWindows(session, keys, { nowMs, endsAtMs: nowMs + policy.windowMs })).filter(
          ({ key, count }) => count >= (limits.get(key) ?? 0),
        );
        if (full.length > 0) {
          const waitMs = Math.max(...full.map(({ endsAtMs }) => endsAtMs - nowMs));
          throw new OutpostError('too_many_attempts', 'Too many attempts to sign in. Wait, then try again.', {
            retryAfterSeconds: Math.ceil(waitMs / 1000),
          });
        }
        await session.query('UPDATE attempt_window SET count = count + 1 WHERE key = ANY($1::text[])', [keys]);
      });
    },

    async succeed(account, source) {
      const keys = [...limitsOf(account, source).keys()];
      await database.query(
        `WITH held AS MATERIALIZED (SELECT key FROM attempt_window WHERE key = ANY($1::text[]) ORDER BY key FOR UPDATE)
         UPDATE attempt_window w SET count = CASE WHEN w.key = $2 THEN 0 ELSE greatest(0, w.count - 1) END
         FROM held WHERE w.key = held.key`,
        [keys, keys[0] ?? ''],
      );
    },
  };
}

/** Locked to the end of the transaction, always in the same order; those that are over begin anew. */
function holdWindows(
  session: SqlSession,
  keys: readonly string[],
  { nowMs, endsAtMs }: { readonly nowMs: number; readonly endsAtMs: number },
): Promise<readonly AttemptWindow[]> {
  return session.query<AttemptWindow>(
    `INSERT INTO attempt_window AS w (key, count, ends_at)
     SELECT k.key, 0, $3::bigint FROM unnest($1::text[]) AS k(key) ORDER BY k.key COLLATE "C"
     ON CONFLICT (key) DO UPDATE SET count = CASE WHEN w.ends_at <= $2::bigint THEN 0 ELSE w.count END,
       ends_at = CASE WHEN w.ends_at <= $2::bigint THEN excluded.ends_at ELSE w.ends_at END
     RETURNING w.key, w.count, w.ends_at AS "endsAtMs"`,
    [keys, nowMs, endsAtMs],
  );
}

/** Those that are over count nothing any more. */
export async function forgetAttempts(session: SqlSession, nowMs: number): Promise<void> {
  await session.query('DELETE FROM attempt_window WHERE ends_at <= $1::bigint', [nowMs]);
}
