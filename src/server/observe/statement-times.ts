// How long statements of the database take, while somebody wants to know. Texts have places instead of values.
import type { ServerProfile } from '#shared/sync/profile-messages.ts';
import type { SqlDatabase, SqlSession } from '#server/store/database.ts';

type Statement = ServerProfile['statements'][number];

const MOST_STATEMENTS = 30;
const MOST_KNOWN = 2_000;
const MOST_LETTERS = 600;

export interface StatementTimes {
  /** The same database, watched while `begin` was called last. */
  watch(database: SqlDatabase): SqlDatabase;
  begin(): void;
  /** Most time first. */
  end(): readonly Statement[];
}

interface Times {
  calls: number;
  totalMs: number;
  maxMs: number;
}

export function createStatementTimes(elapsedMs: () => number): StatementTimes {
  let seen: Map<string, Times> | null = null;

  function note(into: Map<string, Times>, sql: string, ms: number): void {
    let times = into.get(sql);
    if (times === undefined) {
      if (into.size >= MOST_KNOWN) return;
      into.set(sql, (times = { calls: 0, totalMs: 0, maxMs: 0 }));
    }
    times.calls += 1;
    times.totalMs += ms;
    times.maxMs = Math.max(times.maxMs, ms);
  }

  /** As it is while nobody looks. */
  function watchSession(session: SqlSession): SqlSession {
    const into = seen;
    if (into === null) return session;
    return {
      async query(sql, params) {
        const begunMs = elapsedMs();
        try {
          return await session.query(sql, params);
        } finally {
          note(into, sql, elapsedMs() - begunMs);
        }
      },
    };
  }

  return {
    watch: (database) => ({
      ...database,
      query: (sql, params) => watchSession(database).query(sql, params),
      transaction: (work) => database.transaction((session) => work(watchSession(session))),
      inTenant: (tenantId, work, options) =>
        database.inTenant(tenantId, (session) => work(watchSession(session)), options),
      asOwner: (work, options) => database.asOwner((session) => work(watchSession(session)), options),
    }),
    begin() {
      seen = new Map();
    },
    end() {
      const all = [...(seen ?? [])];
      seen = null;
      return all
        .map(([sql, { calls, totalMs, maxMs }]) => {
          const text = sql.replaceAll(/\s+/g, ' ').trim().slice(0, MOST_LETTERS);
          return { text, calls, totalMs, averageMs: totalMs / calls, maxMs };
        })
        .sort((one, other) => other.totalMs - one.totalMs)
        .slice(0, MOST_STATEMENTS);
    },
  };
}
