// The audit at the size of years. `audit-verify`: entries a second of the whole verification (read from the database, hashed,
// compared with their chain and commitments) with two cores. `audit-query-1m`: what an auditor asks of a million entries, each
// filter by itself and together, words included: the slower end of all of them. PostgreSQL where it is installed, PGlite otherwise
// or with OUTPOST_BENCH_AUDIT_ENGINE=pglite; OUTPOST_BENCH_AUDIT sets another number of entries.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { AuditQuery } from '#shared/sync/audit-messages.ts';
import { readAudit } from '#server/audit/read-audit.ts';
import { verifyAudit } from '#server/audit/verify-audit.ts';
import type { DatabaseLocation, SqlDatabase } from '#server/store/database.ts';
import { openDatabase } from '#server/store/open-database.ts';
import { auditor, fillAudit, personOf, SPAN_MS, TENANT } from '#test/bench/audit-chain.ts';
import { median, percentile, type Figure, type Measured } from '#test/bench/figure.ts';
import { findPostgresBinaries, startPostgres } from '#test/support/start-postgres.ts';

const VERIFIED = 200_000;
const QUERIED = Number(process.env['OUTPOST_BENCH_AUDIT'] ?? 1_000_000);
const ENGINE = process.env['OUTPOST_BENCH_AUDIT_ENGINE'];
const ROUNDS = 3;
const ASKED = 8;

async function withDatabase<Value>(
  kind: 'postgres' | 'pglite',
  work: (db: SqlDatabase) => Promise<Value>,
): Promise<Value> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'outpost-bench-audit-'));
  const binaries = kind === 'postgres' ? findPostgresBinaries() : null;
  const postgres = binaries === null ? null : await startPostgres(binaries);
  const location: DatabaseLocation =
    postgres === null ? { dataDir: folder } : { databaseUrl: await postgres.createDatabase('audited') };
  const db = await openDatabase(location);
  try {
    return await work(db);
  } finally {
    await db.close();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const engineOf = (): 'postgres' | 'pglite' =>
  ENGINE === 'pglite' || findPostgresBinaries() === null ? 'pglite' : 'postgres';

async function measureVerify(kind: 'postgres' | 'pglite'): Promise<number> {
  return withDatabase(kind, async (db) => {
    await fillAudit(db, VERIFIED, false);
    const rates: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const begunMs = performance.now();
      const { finding, verified } = await verifyAudit(db, TENANT, [], 0);
      if (finding !== null || verified !== VERIFIED) throw new Error(`not whole: ${JSON.stringify(finding)}`);
      rates.push((verified / (performance.now() - begunMs)) * 1000);
    }
    return median(rates);
  });
}

const auditVerify: Figure = {
  name: 'audit-verify',
  unit: 'entries/s',
  target: { is: '>=', limit: 100_000 },
  async measure(): Promise<Measured> {
    const kind = engineOf();
    return { value: await measureVerify(kind), notes: [`${String(VERIFIED)} entries with values, on ${kind}`] };
  },
};

/** What is asked; `step` varies whom and what about. */
function questions(step: number, lastMs: number): Readonly<Record<string, AuditQuery>> {
  const from = toInstant(lastMs - Math.floor(SPAN_MS * (0.9 - step / 20)));
  const until = toInstant(lastMs - Math.floor(SPAN_MS * (0.88 - step / 20)));
  const actor = personOf(step * 17);
  return {
    newest: {},
    actor: { actor },
    record: { entity: 'deal', id: `deal-${String(step * 1111)}` },
    kind: { entity: 'dataExport' },
    command: { command: 'lead_exported' },
    action: { action: 'login' },
    refused: { refused: true },
    sensitive: { sensitive: true, actor },
    days: { from, until },
    'days and actor': { from, until, actor },
    'rare word': { text: `harbour ${String(step * 4321)}` },
    'common words': { text: 'museum after' },
    'words in between': { text: `harbour ${String(40 + step)}`, effect: 'update' },
    'words and actor': { text: 'museum', actor },
    'actor and command': { actor, command: 'signIn' },
    'to review': { review: 'open' },
    deep: { before: 500_000 - step * 1000 },
  };
}

async function measureQuery(kind: 'postgres' | 'pglite'): Promise<Measured> {
  return withDatabase(kind, async (db) => {
    const lastMs = await fillAudit(db, QUERIED, true);
    const times = new Map<string, number[]>();
    for (let step = 0; step < ASKED; step += 1)
      for (const [name, query] of Object.entries(questions(step, lastMs))) {
        const begunMs = performance.now();
        await readAudit(db, auditor, query);
        times.set(name, [...(times.get(name) ?? []), performance.now() - begunMs]);
      }
    const notes = [...times].map(
      ([name, all]) => `${name}: ${median(all).toFixed(1)} ms, most ${Math.max(...all).toFixed(1)}`,
    );
    const value = percentile([...times.values()].flat(), 0.95);
    return { value, notes: [`${String(QUERIED)} entries on ${kind}`, ...notes] };
  });
}

const auditQuery: Figure = {
  name: 'audit-query-1m',
  unit: 'ms',
  target: { is: '<=', limit: 100 },
  measure: () => measureQuery(engineOf()),
};

export const auditFigures: readonly Figure[] = [auditVerify, auditQuery];
