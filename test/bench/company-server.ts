// A program: the sync server with an organization of the bench, on a fresh PGlite directory. Says where it listens in one
// line of JSON and ends, with its directory, when its input ends, so it never outlives the bench.
// Argument: `demo` for the whole demo company, `work` for it after years of work, or how many deals to give its people instead.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { hash } from '@node-rs/argon2';
import { createServer } from '#server/http/create-server.ts';
import { passwordCost } from '#server/identity/passwords.ts';
import { saveAccounts } from '#server/identity/accounts.ts';
import { createTenant } from '#server/store/tenants.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { makeCompany, takeDemoCompany, type BenchCompany } from '#test/bench/make-deals.ts';
import { makeWork } from '#test/bench/make-work.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';

const EMAIL = 'admin@bench.example';
const PASSWORD = 'correct horse battery staple';

const wish = process.argv[2] ?? 'demo';
const nowMs = Date.now();
const WORK = 100_000;

function make(): BenchCompany {
  if (wish === 'demo') return takeDemoCompany(nowMs);
  return wish === 'work' ? makeWork(WORK, nowMs) : makeCompany(Number(wish), nowMs);
}

const company = make();
const dataDir = await mkdtemp(path.join(os.tmpdir(), 'outpost-bench-'));
const server = await createServer({ location: { dataDir }, port: 0, logLevel: 'warn' });
const tenantId = 'bench' as TenantId;
await createTenant(server.database, tenantId, 'Bench company', nowMs);
await seedRecords(server.database, tenantId, company.records);
const account = { tenantId, userId: company.adminId as UserId, email: EMAIL };
await saveAccounts(server.database, [{ ...account, passwordHash: await hash(PASSWORD, passwordCost) }], nowMs);
process.stdout.write(
  `${JSON.stringify({ url: server.url, email: EMAIL, password: PASSWORD, records: company.records.length, seededMs: Date.now() - nowMs })}\n`,
);
process.stdin.resume();
process.stdin.once('end', () => {
  void server.close().then(() => rm(dataDir, { recursive: true, force: true }));
});
