// A program: the sync server with as many signed-in devices as asked for, whose access tokens it says in one line of JSON.
// Sessions are opened in the database and tokens signed with the server's own secret: signing in two thousand times would
// measure password hashing. Ends with its input. Argument: how many devices.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createServer } from '#server/http/create-server.ts';
import { createAccessTokens } from '#server/identity/access-tokens.ts';
import { openSession } from '#server/identity/sessions.ts';
import { readServerSecret } from '#server/store/server-secret.ts';
import { createTenant } from '#server/store/tenants.ts';
import { systemClock } from '#server/system-ports.ts';
import { seedRecords } from '#server/sync/apply-records.ts';
import { takeDemoCompany } from '#test/bench/make-deals.ts';
import type { TenantId, UserId } from '#shared/kernel/ids.ts';

const count = Number(process.argv[2] ?? 1);
const dataDir = await mkdtemp(path.join(os.tmpdir(), 'outpost-bench-'));
const server = await createServer({ location: { dataDir }, port: 0, logLevel: 'warn' });
const tenantId = 'bench' as TenantId;
const { records } = takeDemoCompany(Date.now());
await createTenant(server.database, tenantId, 'Bench company', Date.now());
await seedRecords(server.database, tenantId, records);
const users = records.filter((record) => record.kind === 'user').map((record) => record.id);
const secret = await server.database.transaction((session) => readServerSecret(session, 'accessToken'));
const accessTokens = createAccessTokens(secret, systemClock);
const tokens: string[] = [];
for (let index = 0; index < count; index += 1) {
  const userId = (users[index % users.length] ?? '') as UserId;
  const [sessionId, deviceId] = [`session-${String(index)}`, `device-${String(index)}`];
  const opened = {
    tenantId,
    userId,
    sessionId,
    deviceId,
    deviceName: 'Bench',
    address: '127.0.0.1',
    provedBy: 'password',
  } as const;
  await server.database.inTenant(tenantId, (session) => openSession(session, opened, Date.now()));
  tokens.push(await accessTokens.sign({ tenantId, sessionId }));
}
process.stdout.write(`${JSON.stringify({ url: server.url, processId: process.pid, tokens })}\n`);
process.stdin.resume();
process.stdin.once('end', () => {
  void server.close().then(() => rm(dataDir, { recursive: true, force: true }));
});
