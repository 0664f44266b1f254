// Counts the requests of every organization by endpoint and by user, in memory, and adds the counts to the database every half
// minute: so they outlive a restart, and several servers have one set of figures. Noting a request costs two additions.
import { latencyStepOf, LATENCY_COUNTS } from '#shared/observe/latency.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { RequestFact } from '#server/observe/request-fact.ts';
import { toJsonBytes, type SqlDatabase } from '#server/store/database.ts';

/** Who was not recognised belongs to no organization. */
export const NOBODY = '-' as TenantId;
/** Resolution of what is fresh; later it is added up to hours. */
export const FRESH_STEP_MS = 300_000;
const FLUSH_MS = 30_000;
/** Errors kept of one organization between two writes: a flood of them says no more than its first ones. */
const MOST_ERRORS = 200;

interface Counts {
  requests: number;
  errors: number;
  refused: number;
  limited: number;
  totalMs: number;
  minMs: number;
  maxMs: number;
  readonly steps: number[];
}

interface OfTenant {
  readonly counts: Map<string, Counts>;
  readonly errors: { readonly atMs: number; readonly fact: RequestFact }[];
}

export interface ApiMonitor {
  note(fact: RequestFact): void;
  /** Everything noted so far stands in the database when it answers. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

function add(counts: Counts, { status, ms }: RequestFact): void {
  counts.requests += 1;
  if (status >= 500) counts.errors += 1;
  else if (status >= 400) counts.refused += 1;
  if (status === 429) counts.limited += 1;
  counts.totalMs += ms;
  counts.minMs = Math.min(counts.minMs, ms);
  counts.maxMs = Math.max(counts.maxMs, ms);
  const step = latencyStepOf(ms);
  counts.steps[step] = (counts.steps[step] ?? 0) + 1;
}

const noCounts = (): Counts => ({
  requests: 0,
  errors: 0,
  refused: 0,
  limited: 0,
  totalMs: 0,
  minMs: Infinity,
  maxMs: 0,
  steps: Array.from({ length: LATENCY_COUNTS }, () => 0),
});

const STEP_NAMES = Array.from({ length: LATENCY_COUNTS }, (_, index) => `b${String(index)}`);
const ADDED = ['requests', 'errors', 'refused', 'limited', 'total_ms', ...STEP_NAMES];
const COLUMNS = [...ADDED, 'min_ms', 'max_ms'].join(', ');
const TYPES = [
  ...ADDED.filter((name) => name !== 'total_ms').map((name) => `${name} bigint`),
  'total_ms float8',
  'min_ms float8',
  'max_ms float8',
];

/** For a table `added` of the columns above: adds it to what is there. */
export const ADD_USAGE = `
  ON CONFLICT (tenant, kind, at, subject, step) DO UPDATE SET ${ADDED.map((name) => `${name} = u.${name} + excluded.${name}`).join(', ')},
    min_ms = least(u.min_ms, excluded.min_ms), max_ms = greatest(u.max_ms, excluded.max_ms)`;
export const USAGE_COLUMNS = COLUMNS;
export const SUM_OF_USAGE = [...ADDED.map((name) => `sum(${name})`), 'min(min_ms)', 'max(max_ms)'].join(', ');

const WRITE_COUNTS = `
  INSERT INTO monitor_usage AS u (tenant, kind, subject, at, step, ${COLUMNS})
  SELECT $1, a.kind, a.subject, a.at, ${String(FRESH_STEP_MS)}, ${COLUMNS}
  FROM json_to_recordset($2::json) AS a(kind text, subject text, at bigint, ${TYPES.join(', ')}) ${ADD_USAGE}`;

const WRITE_ERRORS = `
  INSERT INTO monitor_error (tenant, at, id, method, route, status, code, user_id, ms)
  SELECT $1, a.* FROM json_to_recordset($2::json)
    AS a(at bigint, id text, method text, route text, status int, code text, user_id text, ms float8)
  ON CONFLICT DO NOTHING`;

export function createApiMonitor(
  { database, clock }: { readonly database: SqlDatabase; readonly clock: Clock },
  onError: (error: unknown) => void,
): ApiMonitor {
  let noted = new Map<TenantId, OfTenant>();
  let writing: Promise<void> = Promise.resolve();

  function countsOf(of: OfTenant, kind: string, subject: string, at: number): Counts {
    const key = JSON.stringify([kind, subject, at]);
    const known = of.counts.get(key) ?? noCounts();
    of.counts.set(key, known);
    return known;
  }

  async function write(tenantId: TenantId, { counts, errors }: OfTenant): Promise<void> {
    const rows = [...counts].map(([key, { steps, totalMs, minMs, maxMs, ...rest }]) => {
      const [kind, subject, at] = JSON.parse(key) as [string, string, number];
      const named = Object.fromEntries(steps.map((count, index) => [`b${String(index)}`, count]));
      return { kind, subject, at, ...rest, total_ms: totalMs, min_ms: minMs, max_ms: maxMs, ...named };
    });
    const failures = errors.map(({ atMs, fact }) => ({
      at: atMs,
      id: fact.correlationId,
      method: fact.method,
      route: fact.route,
      status: fact.status,
      code: fact.code,
      user_id: fact.principal?.actor.userId ?? null,
      ms: fact.ms,
    }));
    await database.inTenant(tenantId, async (session) => {
      await session.query(WRITE_COUNTS, [tenantId, toJsonBytes(rows)]);
      if (failures.length > 0) await session.query(WRITE_ERRORS, [tenantId, toJsonBytes(failures)]);
    });
  }

  async function writeAll(): Promise<void> {
    const taken = noted;
    noted = new Map();
    for (const [tenantId, of] of taken) await write(tenantId, of);
  }

  function flush(): Promise<void> {
    const done = writing.then(writeAll);
    // Counts of a moment in which the database did not answer are lost; the request itself was logged.
    writing = done.catch(onError);
    return done;
  }

  const timer = setInterval(() => {
    if (noted.size > 0) void flush().catch(() => undefined);
  }, FLUSH_MS);
  timer.unref();

  return {
    note(fact) {
      const tenantId = (fact.principal?.actor.tenantId ?? NOBODY) as TenantId;
      const known = noted.get(tenantId) ?? { counts: new Map<string, Counts>(), errors: [] };
      noted.set(tenantId, known);
      const nowMs = clock.now();
      const at = nowMs - (nowMs % FRESH_STEP_MS);
      add(countsOf(known, 'endpoint', `${fact.method} ${fact.route}`, at), fact);
      if (fact.principal !== null) add(countsOf(known, 'user', fact.principal.actor.userId, at), fact);
      if (fact.status >= 400 && known.errors.length < MOST_ERRORS) known.errors.push({ atMs: nowMs, fact });
    },
    flush,
    async stop() {
      clearInterval(timer);
      await flush().catch(() => undefined);
    },
  };
}
