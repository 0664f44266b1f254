// Rows of jobs: what is asked of them, in the words of SQL. What people typed or named is sealed, each value for its place;
// a unique key is kept as a hash with the key of the profile. Only `job-engine.ts` decides what happens to them.
import { createHmac, hkdfSync } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { shortenLine, type JobLineText } from '#shared/jobs/job-lines.ts';
import type { NewJob } from '#main/jobs/job-types.ts';
import { createSealer } from '#main/journal/seal.ts';

/** As kept: `delayed` waits for its time, after a failure or by order. */
export type KeptState = 'waiting' | 'delayed' | 'active' | 'done' | 'failed' | 'cancelled';

export interface JobRow {
  readonly seq: number;
  readonly id: string;
  readonly kind: string;
  readonly state: KeptState;
  readonly priority: number;
  readonly runAtMs: number;
  readonly attempts: number;
  readonly crashes: number;
  readonly schedule: string | null;
  readonly isStopping: boolean;
  readonly createdMs: number;
  readonly startedMs: number | null;
  readonly endedMs: number | null;
  readonly progress: { readonly done: number; readonly total: number } | null;
  readonly label: string;
  /** What it needs to be done again is there. */
  readonly hasData: boolean;
  readonly failure: { readonly code: string; readonly message: string } | null;
}

type ClaimedRow = Pick<JobRow, 'seq' | 'id' | 'attempts' | 'progress'>;

type Columns = Readonly<Record<string, string | number | bigint | Uint8Array | null>>;

const toHex = (bytes: unknown): string | null =>
  bytes instanceof Uint8Array ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex') : null;

const toProgress = (row: Readonly<Record<string, unknown>>): JobRow['progress'] =>
  row['total'] === null ? null : { done: Number(row['done']), total: Number(row['total']) };

const asMs = (value: unknown): number | null => (typeof value === 'number' ? value : null);

/** A failed job is kept so long; what is done or was taken back a shorter time, and of each kind the last ones. */
const FAILED_KEPT_MS = 90 * 86_400_000;
const ENDED_KEPT_MS = 30 * 86_400_000;
const ENDED_KEPT = 200;
const LINES_KEPT = 200;

export function createJobStore(db: DatabaseSync, key: Uint8Array) {
  const sealer = createSealer(key, 'jobs');
  const hashKey = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'outpost/job-keys', 32));
  const hash = (text: string): Uint8Array => createHmac('sha256', hashKey).update(text).digest();
  const sql = {
    insert: db.prepare(
      `INSERT INTO job (id, kind, state, priority, run_at, unique_key, is_kept, schedule, created_ms, label, data)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    sameKey: db.prepare(
      `SELECT id, state FROM job WHERE kind = ? AND unique_key = ? AND (? = 'kept' OR state IN ('waiting', 'delayed')
         OR (? = 'unfinished' AND state = 'active')) ORDER BY seq DESC LIMIT 1`,
    ),
    promote: db.prepare("UPDATE job SET state = 'waiting' WHERE state = 'delayed' AND run_at <= ?"),
    next: db.prepare(
      `SELECT seq, id, unique_key, attempts, done, total FROM job WHERE kind = ? AND state = 'waiting' AND (unique_key IS NULL OR unique_key NOT IN
         (SELECT unique_key FROM job WHERE kind = ? AND state = 'active' AND unique_key IS NOT NULL))
       ORDER BY priority DESC, seq LIMIT ?`,
    ),
    begin: db.prepare("UPDATE job SET state = 'active', started_ms = ?, ended_ms = NULL WHERE seq = ?"),
    data: db.prepare('SELECT data FROM job WHERE seq = ?'),
    byId: db.prepare('SELECT * FROM job WHERE id = ?'),
    end: db.prepare(
      `UPDATE job SET state = ?, ended_ms = ?, attempts = ?, done = ?, total = ?, failure = ?, is_stopping = 0,
         data = CASE WHEN ? THEN data END WHERE seq = ?`,
    ),
    again: db.prepare(
      `UPDATE job SET state = ?, run_at = ?, attempts = ?, done = ?, total = ?, failure = ?, is_stopping = 0, ended_ms = NULL
       WHERE seq = ?`,
    ),
    dropSteps: db.prepare('DELETE FROM step WHERE job = ?'),
    stop: db.prepare('UPDATE job SET is_stopping = 1 WHERE seq = ?'),
    renew: db.prepare(
      `UPDATE job SET state = 'waiting', run_at = ?, attempts = 0, crashes = 0, failure = NULL, ended_ms = NULL, is_stopping = 0
       WHERE id = ?`,
    ),
    recover: db.prepare(
      `UPDATE job SET crashes = crashes + 1, state = CASE WHEN is_stopping THEN 'cancelled' WHEN crashes >= ? THEN 'failed' ELSE 'waiting' END,
         ended_ms = CASE WHEN is_stopping OR crashes >= ? THEN ? END, is_stopping = 0 WHERE state = 'active' RETURNING id, state`,
    ),
    fail: db.prepare('UPDATE job SET failure = ? WHERE id = ?'),
    hasten: db.prepare("UPDATE job SET run_at = ? WHERE state = 'delayed' AND attempts > 0 AND run_at > ?"),
    readStep: db.prepare('SELECT result FROM step WHERE job = ? AND name = ?'),
    writeStep: db.prepare('INSERT INTO step (job, name, result) VALUES (?, ?, ?)'),
    notStuck: db.prepare('UPDATE job SET crashes = 0 WHERE seq = ? AND crashes > 0'),
    lastLine: db.prepare('SELECT coalesce(max(n), 0) AS n FROM line WHERE job = ?'),
    writeLine: db.prepare('INSERT INTO line (job, n, at_ms, text) VALUES (?, ?, ?, ?)'),
    dropLines: db.prepare('DELETE FROM line WHERE job = ? AND n <= ?'),
    lines: db.prepare(
      'SELECT line.job, n, at_ms, text FROM line JOIN job ON job.seq = line.job WHERE job.id = ? ORDER BY n',
    ),
    soonest: db.prepare("SELECT min(run_at) AS at FROM job WHERE state = 'delayed'"),
    counts: db.prepare(
      `SELECT kind, CASE WHEN state = 'delayed' AND attempts > 0 THEN 'retrying' ELSE state END AS state, count(*) AS count
       FROM job GROUP BY 1, 2`,
    ),
    list: db.prepare(
      `SELECT * FROM job WHERE (?1 IS NULL OR id = ?1) AND (?2 IS NULL OR kind = ?2) AND (?3 IS NULL OR
         CASE WHEN state = 'delayed' AND attempts > 0 THEN 'retrying' ELSE state END = ?3) ORDER BY seq DESC LIMIT ?4`,
    ),
    sweepOld: db.prepare(
      "DELETE FROM job WHERE ended_ms IS NOT NULL AND ended_ms < CASE state WHEN 'failed' THEN ? ELSE ? END",
    ),
    kinds: db.prepare('SELECT DISTINCT kind FROM job'),
    sweepMany: db.prepare(
      `DELETE FROM job WHERE kind = ?1 AND ended_ms IS NOT NULL AND state <> 'failed' AND is_kept = 0 AND seq NOT IN
         (SELECT seq FROM job WHERE kind = ?1 AND ended_ms IS NOT NULL AND state <> 'failed' ORDER BY ended_ms DESC LIMIT ?2)`,
    ),
    pauses: db.prepare('SELECT kind FROM pause'),
    pause: db.prepare('INSERT OR IGNORE INTO pause (kind) VALUES (?)'),
    resume: db.prepare('DELETE FROM pause WHERE kind = ?'),
  };
  const openValue = (place: string, bytes: unknown): unknown =>
    bytes instanceof Uint8Array ? sealer.open(place, bytes) : undefined;

  function toRow(row: Columns): JobRow {
    const id = String(row['id']);
    const label = openValue(`${id}:label`, row['label']);
    return {
      seq: Number(row['seq']),
      id,
      kind: String(row['kind']),
      state: row['state'] as KeptState,
      priority: Number(row['priority']),
      runAtMs: Number(row['run_at']),
      attempts: Number(row['attempts']),
      crashes: Number(row['crashes']),
      schedule: typeof row['schedule'] === 'string' ? row['schedule'] : null,
      isStopping: row['is_stopping'] === 1,
      createdMs: Number(row['created_ms']),
      startedMs: asMs(row['started_ms']),
      endedMs: asMs(row['ended_ms']),
      progress: toProgress(row),
      label: typeof label === 'string' ? label : '',
      hasData: row['data'] !== null,
      failure: (openValue(`${id}:failure`, row['failure']) as JobRow['failure'] | undefined) ?? null,
    };
  }

  function sealFailure(id: string, failure: JobRow['failure']): Uint8Array | null {
    return failure === null ? null : sealer.seal(`${id}:failure`, failure);
  }

  return {
    /** The id of the one that counts already, or `id`. */
    insert(id: string, job: NewJob, nowMs: number, schedule: string | null): string {
      const { kind, unique = 'unfinished' } = job;
      const uniqueKey = job.uniqueKey === undefined ? null : hash(`${kind}\n${job.uniqueKey}`);
      if (uniqueKey !== null) {
        const same = sql.sameKey.get(kind, uniqueKey, unique, unique);
        if (same !== undefined) return String(same['id']);
      }
      const runAt = job.runAt ?? nowMs;
      const label = job.label === undefined ? null : sealer.seal(`${id}:label`, job.label);
      const data = sealer.seal(`${id}:data`, job.data ?? null);
      const isKept = unique === 'kept' ? 1 : 0;
      const state: KeptState = runAt > nowMs ? 'delayed' : 'waiting';
      sql.insert.run(id, kind, state, job.priority ?? 0, runAt, uniqueKey, isKept, schedule, nowMs, label, data);
      return id;
    },
    promote: (nowMs: number) => sql.promote.run(nowMs),
    /** Takes up to so many of a kind, marked as begun; never two of one key. */
    claim(kind: string, most: number, nowMs: number): readonly ClaimedRow[] {
      const keys = new Set<string>();
      const claimed: ClaimedRow[] = [];
      for (const row of sql.next.all(kind, kind, most)) {
        const uniqueKey = toHex(row['unique_key']);
        if (uniqueKey !== null && keys.has(uniqueKey)) continue;
        if (uniqueKey !== null) keys.add(uniqueKey);
        sql.begin.run(nowMs, row['seq'] as number);
        claimed.push({
          seq: Number(row['seq']),
          id: String(row['id']),
          attempts: Number(row['attempts']),
          progress: toProgress(row),
        });
      }
      return claimed;
    },
    /** Undefined when it cannot be read. */
    readData: (seq: number, id: string): unknown => openValue(`${id}:data`, sql.data.get(seq)?.['data']),
    find(id: string): JobRow | null {
      const row = sql.byId.get(id);
      return row === undefined ? null : toRow(row);
    },
    end(
      { seq, id }: Pick<JobRow, 'seq' | 'id'>,
      state: 'done' | 'failed' | 'cancelled',
      at: { nowMs: number; attempts: number; progress: JobRow['progress']; failure: JobRow['failure'] },
      keepsData = state !== 'done',
    ): void {
      const { nowMs, attempts, progress, failure } = at;
      const { done = null, total = null } = progress ?? {};
      sql.end.run(state, nowMs, attempts, done, total, sealFailure(id, failure), keepsData ? 1 : 0, seq);
      if (state === 'done') sql.dropSteps.run(seq);
    },
    again(
      { seq, id }: Pick<JobRow, 'seq' | 'id'>,
      at: { nowMs: number; runAt: number; attempts: number; progress: JobRow['progress']; failure: JobRow['failure'] },
    ): void {
      const { done = null, total = null } = at.progress ?? {};
      const state: KeptState = at.runAt > at.nowMs ? 'delayed' : 'waiting';
      sql.again.run(state, at.runAt, at.attempts, done, total, sealFailure(id, at.failure), seq);
    },
    markStopping: (seq: number) => sql.stop.run(seq),
    renew: (id: string, nowMs: number) => sql.renew.run(nowMs, id),
    /** What a process left that died: back in the queue, unless it was to stop or took the process down too often. */
    recover(mostCrashes: number, nowMs: number, failure: NonNullable<JobRow['failure']>): number {
      const rows = sql.recover.all(mostCrashes - 1, mostCrashes - 1, nowMs);
      for (const { id, state } of rows)
        if (state === 'failed') sql.fail.run(sealFailure(String(id), failure), String(id));
      return rows.length;
    },
    /** After a clock that was far ahead: nobody waits longer than the longest pause. */
    hasten: (latestMs: number) => sql.hasten.run(latestMs, latestMs),
    readStep(seq: number, id: string, name: string): { readonly result: unknown } | null {
      const row = sql.readStep.get(seq, name);
      if (row === undefined) return null;
      const opened = openValue(`${id}:step:${name}`, row['result']) as { result: unknown } | undefined;
      return opened ?? null;
    },
    writeStep(seq: number, id: string, name: string, result: unknown): void {
      sql.writeStep.run(seq, name, sealer.seal(`${id}:step:${name}`, { result }));
      // It gets on: what the process died of before was not this job alone.
      sql.notStuck.run(seq);
    },
    writeLine(seq: number, id: string, nowMs: number, text: JobLineText): void {
      const n = Number(sql.lastLine.get(seq)?.['n'] ?? 0) + 1;
      sql.writeLine.run(seq, n, nowMs, sealer.seal(`${id}:line:${String(n)}`, shortenLine(text)));
      if (n > LINES_KEPT) sql.dropLines.run(seq, n - LINES_KEPT);
    },
    lines(id: string): readonly { readonly atMs: number; readonly text: JobLineText }[] {
      return sql.lines.all(id).map((row) => {
        const text = openValue(`${id}:line:${String(row['n'])}`, row['text']) as JobLineText | undefined;
        return { atMs: Number(row['at_ms']), text: text ?? '' };
      });
    },
    soonest: (): number | null => asMs(sql.soonest.get()?.['at']),
    counts: (): readonly { kind: string; state: string; count: number }[] =>
      sql.counts
        .all()
        .map((row) => ({ kind: String(row['kind']), state: String(row['state']), count: Number(row['count']) })),
    list: (filter: { id?: string; kind?: string; state?: string; limit: number }): readonly JobRow[] =>
      sql.list
        .all(filter.id ?? null, filter.kind ?? null, filter.state ?? null, filter.limit)
        .map((row) => toRow(row as Columns)),
    sweep(nowMs: number): void {
      sql.sweepOld.run(nowMs - FAILED_KEPT_MS, nowMs - ENDED_KEPT_MS);
      for (const { kind } of sql.kinds.all()) sql.sweepMany.run(String(kind), ENDED_KEPT);
    },
    pauses: (): ReadonlySet<string> => new Set(sql.pauses.all().map(({ kind }) => String(kind))),
    setPause: (kind: string, isPaused: boolean) => (isPaused ? sql.pause : sql.resume).run(kind),
  };
}

export type JobStore = ReturnType<typeof createJobStore>;
