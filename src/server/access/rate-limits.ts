// How often a person asks, counted in memory: a request costs no trip to the database. What was counted is added to the counts
// of the other processes every few seconds and at the end, in one statement for an organization, which answers the sum: several
// processes share a limit that way, and hours and days outlive a restart. Between two of these moments a process knows only
// what it counted itself, so a sudden burst over several processes can reach the limit of a minute once in each of them.
// Synchronization has a bucket of its own, by device and without hours and days: it holds back a program that runs wild, and
// no computer that comes back from far away with all it has to send.
import {
  defaultRateLimit,
  rateSpans,
  windowEnd,
  windowStart,
  type RateLimit,
  type RateSpan,
} from '#shared/access/rate-windows.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { Usage } from '#shared/sync/access-messages.ts';
import { toJsonBytes, type SqlDatabase } from '#server/store/database.ts';

/**
 * What a request is counted as. `api`: somebody asked for something. `screen`: a screen of the application asks again by
 * itself (live panels, pages of an export). `sync`: a device keeps up.
 */
export type RateBucket = 'api' | 'screen' | 'sync';

export const screenLimit: RateLimit = { minute: 600, hour: 10_000, day: 100_000 };
const SYNC_PER_MINUTE = 30_000;
/** Devices whose minute is remembered; the oldest goes. */
const MOST_DEVICES = 20_000;
const SHARE_EVERY_MS = 5_000;

interface Window {
  begins: number;
  /** As far as this process knows. */
  count: number;
  /** Of those, not told to the database yet. */
  untold: number;
}

type Counter = Record<RateSpan, Window>;

export interface RateVerdict {
  /** The window that is nearest to its limit. */
  readonly span: RateSpan;
  readonly limit: number;
  readonly remaining: number;
  readonly endsInSeconds: number;
  readonly isRefused: boolean;
}

export interface RateLimits {
  /** Counts one request of a subject, unless it is refused. */
  count(tenantId: TenantId, subject: string, limit: RateLimit): RateVerdict;
  /** Whether a device may go on; its requests leave no other trace. */
  countSync(tenantId: TenantId, deviceId: string): RateVerdict | null;
  /** What was counted in the present windows, over all processes. */
  usageOf(tenantId: TenantId, subjects: ReadonlyMap<string, RateLimit>): Promise<ReadonlyMap<string, Usage>>;
  /** Adds what was counted here to what others counted. */
  share(): Promise<void>;
  close(): Promise<void>;
}

interface CountRow {
  readonly subject: string;
  readonly span: RateSpan;
  readonly begins: number;
  readonly count: number;
}

const shareSql = `
  INSERT INTO api_usage (tenant, subject, span, begins, count)
  SELECT $1, u.subject, u.span, u.begins, u.count FROM json_to_recordset($2::json) AS u(subject text, span text, begins bigint, count int)
  ON CONFLICT (tenant, subject, span) DO UPDATE SET
    count = CASE WHEN api_usage.begins = excluded.begins THEN api_usage.count + excluded.count
      WHEN api_usage.begins < excluded.begins THEN excluded.count ELSE api_usage.count END,
    begins = greatest(api_usage.begins, excluded.begins)
  RETURNING subject, span, begins, count`;

const empty = (begins: number): Window => ({ begins, count: 0, untold: 0 });

function turnTo(counter: Counter, nowMs: number): void {
  for (const span of rateSpans) {
    const begins = windowStart(span, nowMs);
    if (counter[span].begins !== begins) counter[span] = empty(begins);
  }
}

function verdictOf(counter: Counter, limit: RateLimit, nowMs: number): RateVerdict {
  const spans = rateSpans.map((span) => ({
    span,
    limit: limit[span],
    remaining: Math.max(0, limit[span] - counter[span].count),
    endsInSeconds: Math.ceil((windowEnd(span, nowMs) - nowMs) / 1000),
  }));
  const full = spans.filter(({ remaining }) => remaining === 0);
  // Of several full windows the one that takes longest says how long to wait.
  const [nearest = spans[0]] =
    full.length > 0
      ? full.toSorted((one, other) => other.endsInSeconds - one.endsInSeconds)
      : spans.toSorted((one, other) => one.remaining - other.remaining);
  if (nearest === undefined) throw new Error('There are windows.');
  return { ...nearest, isRefused: full.length > 0 };
}

export function createRateLimits(
  { database, clock }: { readonly database: SqlDatabase; readonly clock: Clock },
  onError: (error: unknown) => void,
): RateLimits {
  const counters = new Map<TenantId, Map<string, Counter>>();
  const devices = new Map<string, Window>();

  function counterOf(tenantId: TenantId, subject: string): Counter {
    const ofTenant = counters.get(tenantId) ?? new Map<string, Counter>();
    counters.set(tenantId, ofTenant);
    const counter = ofTenant.get(subject) ?? { minute: empty(0), hour: empty(0), day: empty(0) };
    ofTenant.set(subject, counter);
    turnTo(counter, clock.now());
    return counter;
  }

  /** Takes what is told from `untold` at once: what is counted meanwhile is told the next time. */
  function takeUntold(ofTenant: ReadonlyMap<string, Counter>): readonly CountRow[] {
    return [...ofTenant].flatMap(([subject, counter]) =>
      rateSpans.flatMap((span) => {
        const { begins, untold } = counter[span];
        counter[span].untold = 0;
        return untold === 0 ? [] : [{ subject, span, begins, count: untold }];
      }),
    );
  }

  function takeOver(ofTenant: Map<string, Counter>, rows: readonly CountRow[]): void {
    for (const { subject, span, begins, count } of rows) {
      const window = ofTenant.get(subject)?.[span];
      if (window?.begins === begins) window.count = count + window.untold;
    }
  }

  /** Whoever asked for nothing today needs no counter. */
  function forgetIdle(ofTenant: Map<string, Counter>): void {
    const today = windowStart('day', clock.now());
    for (const [subject, counter] of ofTenant) if (counter.day.begins !== today) ofTenant.delete(subject);
  }

  async function shareOf(tenantId: TenantId, ofTenant: Map<string, Counter>): Promise<void> {
    const told = takeUntold(ofTenant);
    forgetIdle(ofTenant);
    if (told.length === 0) return;
    try {
      takeOver(
        ofTenant,
        await database.inTenant(tenantId, (session) =>
          session.query<CountRow>(shareSql, [tenantId, toJsonBytes(told)]),
        ),
      );
    } catch (error) {
      for (const { subject, span, begins, count } of told) {
        const window = ofTenant.get(subject)?.[span];
        if (window?.begins === begins) window.untold += count;
      }
      throw error;
    }
  }

  let sharing: Promise<void> = Promise.resolve();
  function share(): Promise<void> {
    const next = sharing
      .catch(() => undefined)
      .then(async () => {
        for (const [tenantId, ofTenant] of counters) await shareOf(tenantId, ofTenant);
      });
    sharing = next;
    return next;
  }
  const timer = setInterval(() => void share().catch(onError), SHARE_EVERY_MS);
  timer.unref();

  return {
    share,
    count(tenantId, subject, limit) {
      const counter = counterOf(tenantId, subject);
      const nowMs = clock.now();
      const before = verdictOf(counter, limit, nowMs);
      if (before.isRefused) return before;
      for (const span of rateSpans) {
        counter[span].count += 1;
        counter[span].untold += 1;
      }
      return { ...verdictOf(counter, limit, nowMs), isRefused: false };
    },
    countSync(tenantId, deviceId) {
      const nowMs = clock.now();
      const name = `${tenantId} ${deviceId}`;
      const begins = windowStart('minute', nowMs);
      const kept = devices.get(name);
      const window = kept?.begins === begins ? kept : empty(begins);
      if (window !== kept) {
        devices.delete(name);
        devices.set(name, window);
        const [oldest] = devices.keys();
        if (devices.size > MOST_DEVICES && oldest !== undefined) devices.delete(oldest);
      }
      window.count += 1;
      if (window.count <= SYNC_PER_MINUTE) return null;
      const endsInSeconds = Math.ceil((begins + 60_000 - nowMs) / 1000);
      return { span: 'minute', limit: SYNC_PER_MINUTE, remaining: 0, endsInSeconds, isRefused: true };
    },
    async usageOf(tenantId, subjects) {
      await share();
      const nowMs = clock.now();
      const rows = await database.inTenant(tenantId, (session) =>
        session.query<CountRow>(
          'SELECT subject, span, begins, count FROM api_usage WHERE tenant = $1 AND subject = ANY($2::text[])',
          [tenantId, [...subjects.keys()]],
        ),
      );
      const countOf = (subject: string, span: RateSpan) =>
        rows.find((row) => row.subject === subject && row.span === span && row.begins === windowStart(span, nowMs))
          ?.count ?? 0;
      const usage = (subject: string, limit: RateLimit): Usage => {
        const of = (span: RateSpan) => ({
          count: countOf(subject, span),
          limit: limit[span],
          endsAt: toInstant(windowEnd(span, nowMs)),
        });
        return { minute: of('minute'), hour: of('hour'), day: of('day') };
      };
      return new Map([...subjects].map(([subject, limit]) => [subject, usage(subject, limit)]));
    },
    async close() {
      clearInterval(timer);
      await share();
    },
  };
}

/** The limit of a role, by the rules of its organization. */
export function limitOfRole(
  limits: Readonly<Record<string, RateLimit>>,
  role: string,
  usual = defaultRateLimit,
): RateLimit {
  return Object.hasOwn(limits, role) ? (limits[role] ?? usual) : usual;
}
