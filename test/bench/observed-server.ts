// A program: the sync server with one organization, on a fresh PGlite directory, watched or not. Watched means everything at once:
// a log line for every request in a file, metrics, the API monitor, and every trace sent over OTLP.
// Arguments: `on` or `off`, address of what takes the traces.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { createServer } from '#server/http/create-server.ts';
import { plainOperations } from '#server/observe/operations-settings.ts';
import { createOrganizationWith } from '#test/support/start-server.ts';

const [wish = 'off', collector = ''] = process.argv.slice(2);
const isOn = wish === 'on';
const dataDir = await mkdtemp(path.join(os.tmpdir(), 'outpost-bench-'));
const { serviceName, release, environment } = plainOperations;
const tracing = { url: `${collector}/v1/traces`, headers: {}, serviceName, release, environment, ratio: 1 };
const server = await createServer({
  location: { dataDir },
  port: 0,
  logLevel: isOn ? 'info' : 'silent',
  logDestination: pino.destination({ dest: path.join(os.tmpdir(), `${path.basename(dataDir)}.log`), sync: true }),
  operations: isOn
    ? { ...plainOperations, tracing, logFolder: path.join(dataDir, 'logs') }
    : { ...plainOperations, measures: false },
});
await createOrganizationWith(server, 'bench', [{ id: 'ada', role: 'org_admin' }]);
process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
process.stdin.resume();
process.stdin.once('end', () => {
  void server.close().then(async () => {
    await rm(dataDir, { recursive: true, force: true });
    await rm(path.join(os.tmpdir(), `${path.basename(dataDir)}.log`), { force: true });
  });
});
