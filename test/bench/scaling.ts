// How writing grows with server processes and with organizations: sixteen devices push over HTTP to one or two server
// programs on one PostgreSQL, all of one organization or spread over eight. Loopback only; every load ends by the clock.
// On a machine whose cores are all taken by PostgreSQL and one process, a second one cannot add much: read the curve there.
import { findPostgresBinaries, startPostgres } from '#test/support/start-postgres.ts';
import { call, createOrganizationWith, signIn, spawnServer, type ServerProcess } from '#test/support/start-server.ts';
import type { Figure } from '#test/bench/figure.ts';
import { createServer } from '#server/http/create-server.ts';
import type { Operation } from '#shared/sync/operation.ts';

const DEVICES = 16;
const ORGANIZATIONS = 8;
const EDITS_OF_A_PUSH = 20;
const LOAD_MS = 4_000;

interface Writer {
  readonly tenant: string;
  readonly token: string;
  readonly epoch: number;
  readonly userId: string;
  readonly deviceId: string;
  opNo: number;
}

function createActivity(writer: Writer): Operation {
  writer.opNo += 1;
  const recordId = `${writer.deviceId}-${String(writer.opNo)}`;
  return {
    opId: `op-${recordId}`,
    opNo: writer.opNo,
    txn: null,
    kind: 'create',
    entity: 'activity',
    recordId,
    command: 'logActivity',
    baseRev: 0,
    changes: [
      { group: 'activityType', base: {}, to: { activityType: 'note' } },
      { group: 'subject', base: {}, to: { subject: 'Called back' } },
      { group: 'time', base: {}, to: { occurredAt: '2026-11-21T09:00:00.000Z' } },
      { group: 'owner', base: {}, to: { ownerId: writer.userId } },
    ],
    dependsOn: [],
    captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
    schema: 1,
  };
}

async function pushOnce(url: string, writer: Writer): Promise<number> {
  const ops = Array.from({ length: EDITS_OF_A_PUSH }, () => createActivity(writer));
  const body = { protocol: 1, epoch: writer.epoch, ops };
  const answer = await call({ url }, '/sync/v1/push', { token: writer.token, body });
  if (answer.status !== 200 || answer.text.includes('"rejected"')) throw new Error(answer.text.slice(0, 300));
  return ops.length;
}

/** Edits a second over all devices; each stays with one server. */
async function load(urls: readonly string[], writers: readonly Writer[]): Promise<number> {
  const startedMs = performance.now();
  const counts = await Promise.all(
    writers.map(async (writer, index) => {
      const url = urls[index % urls.length] ?? '';
      let edits = 0;
      while (performance.now() < startedMs + LOAD_MS) edits += await pushOnce(url, writer);
      return edits;
    }),
  );
  return (counts.reduce((sum, count) => sum + count, 0) / (performance.now() - startedMs)) * 1000;
}

/** Devices of their own for every load: they begin with their first operation. */
async function signInAll(url: string, tenants: readonly string[], round: number): Promise<readonly Writer[]> {
  const writers: Writer[] = [];
  for (let index = 0; index < DEVICES; index += 1) {
    const tenant = tenants[index % tenants.length] ?? '';
    const deviceId = `${tenant}-device-${String(index)}-${String(tenants.length)}-${String(round)}`;
    const grant = await signIn({ url }, `rep-${tenant}`, deviceId);
    const { epoch, userId } = grant.actor;
    writers.push({ tenant, token: grant.accessToken, epoch, userId, deviceId, opNo: 0 });
  }
  return writers;
}

async function startServers(
  databaseUrl: string,
  count: number,
): Promise<{ processes: ServerProcess[]; urls: string[] }> {
  const processes = Array.from({ length: count }, () =>
    spawnServer(['--database-url', databaseUrl, '--port', '0', '--log-level', 'error']),
  );
  return { processes, urls: await Promise.all(processes.map((server) => server.listening())) };
}

export const scaling: Figure = {
  name: 'scaling',
  unit: 'edits/s',
  ratio: 'times',
  target: { is: '>=', limit: 1 },
  async measure() {
    const binaries = findPostgresBinaries();
    if (binaries === null) throw new Error('this figure needs PostgreSQL');
    const postgres = await startPostgres(binaries, { isDurable: true });
    const tenants = Array.from({ length: ORGANIZATIONS }, (_, index) => `org-${String(index)}`);
    const seen = new Map<string, number>();
    try {
      const databaseUrl = await postgres.createDatabase('outpost');
      const founding = await createServer({ location: { databaseUrl }, port: 0, logLevel: 'error' });
      for (const tenant of tenants) {
        await createOrganizationWith(founding, tenant, [{ id: `rep-${tenant}`, role: 'sales_rep' }]);
      }
      await founding.close();
      for (const processes of [1, 2]) {
        const servers = await startServers(databaseUrl, processes);
        for (const spread of [1, ORGANIZATIONS]) {
          const writers = await signInAll(servers.urls[0] ?? '', tenants.slice(0, spread), processes);
          seen.set(`${String(processes)}/${String(spread)}`, await load(servers.urls, writers));
        }
        for (const server of servers.processes) server.child.kill('SIGTERM');
        for (const server of servers.processes) await server.ended();
      }
    } finally {
      await postgres.stop();
    }
    const rate = (key: string): number => seen.get(key) ?? Number.NaN;
    return {
      value: rate(`2/${String(ORGANIZATIONS)}`),
      peer: { name: 'one process, one organization', value: rate('1/1') },
      notes: [...seen].map(([key, value]) => {
        const [processes, spread] = key.split('/');
        return `${processes ?? ''} process(es), ${spread ?? ''} organization(s): ${value.toFixed(0)} edits/s`;
      }),
    };
  },
};
