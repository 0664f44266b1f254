// What it costs to be watched: devices push to a server that writes logs, counts, and sends traces of everything, and to one that does none
// of it, in turns in the same run. The value is the share of the throughput that is left.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { median, type Figure } from '#test/bench/figure.ts';
import { startProgram } from '#test/bench/start-program.ts';
import { SCHEMA_VERSION, type Operation } from '#shared/sync/operation.ts';
import { call, signIn } from '#test/support/start-server.ts';

const DEVICES = 4;
const OPERATIONS_OF_A_PUSH = 20;
/** Short and many: the speed of one server changes by a third within seconds, and what changes slowly meets both alike. */
const ROUND_MS = 500;
const ROUNDS = 84;

interface Pusher {
  push(): Promise<number>;
}

function createOperation(deviceId: string, opNo: number): Operation {
  const recordId = `${deviceId}-${String(opNo)}`;
  return {
    opId: `op-${recordId}`,
    opNo,
    txn: null,
    kind: 'create',
    entity: 'account',
    recordId,
    command: 'createRecord',
    baseRev: 0,
    changes: [
      { group: 'name', base: {}, to: { name: `Account ${recordId}` } },
      { group: 'owner', base: {}, to: { ownerId: 'ada' } },
    ],
    dependsOn: [],
    captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
    schema: SCHEMA_VERSION,
  };
}

async function createPusher(url: string, deviceId: string): Promise<Pusher> {
  const grant = await signIn({ url }, 'ada', deviceId);
  let opNo = 0;
  return {
    async push() {
      const ops = Array.from({ length: OPERATIONS_OF_A_PUSH }, () => {
        opNo += 1;
        return createOperation(deviceId, opNo);
      });
      const body = { protocol: 1, epoch: grant.actor.epoch, ops };
      const answer = await call({ url }, '/sync/v1/push', { token: grant.accessToken, body });
      if (answer.status !== 200) throw new Error(`push answered ${String(answer.status)}: ${answer.text}`);
      return ops.length;
    },
  };
}

/** Operations a second of all devices together. */
async function measureRound(pushers: readonly Pusher[]): Promise<number> {
  const startedMs = performance.now();
  const counts = await Promise.all(
    pushers.map(async (pusher) => {
      let count = 0;
      while (performance.now() - startedMs < ROUND_MS) count += await pusher.push();
      return count;
    }),
  );
  return (counts.reduce((sum, count) => sum + count, 0) / (performance.now() - startedMs)) * 1000;
}

/** Takes whatever is sent and keeps nothing. */
async function startCollector() {
  const server = createServer((request, response) => {
    request.resume();
    request.once('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` };
}

async function start(wish: 'on' | 'off', collector: string) {
  const program = await startProgram<{ readonly url: string }>('observed-server.ts', [wish, collector]);
  const names = Array.from({ length: DEVICES }, (_, index) => `device-${String(index)}`);
  const pushers: Pusher[] = [];
  for (const name of names) pushers.push(await createPusher(program.greeting.url, name));
  return { program, pushers };
}

export const observabilityCost: Figure = {
  name: 'observability-cost',
  unit: 'of the throughput',
  target: { is: '>=', limit: 0.95 },
  async measure() {
    const collector = await startCollector();
    const on = await start('on', collector.url);
    const off = await start('off', collector.url);
    try {
      for (const { pushers } of [on, off]) await measureRound(pushers);
      const rates: { on: number; off: number }[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        // Each goes first as often as the other: a machine that warms up or tires favours none.
        const first = round % 2 === 0;
        const one = await measureRound(first ? on.pushers : off.pushers);
        const other = await measureRound(first ? off.pushers : on.pushers);
        rates.push(first ? { on: one, off: other } : { on: other, off: one });
      }
      const value = median(rates.map((rate) => rate.on / rate.off));
      const perSecond = (pick: (rate: { on: number; off: number }) => number): string =>
        (rates.reduce((sum, rate) => sum + pick(rate), 0) / rates.length).toFixed(0);
      return {
        value,
        notes: [
          `median of ${String(ROUNDS)} pairs; on average ${perSecond(({ on: rate }) => rate)} operations a second watched, ${perSecond(({ off: rate }) => rate)} not watched`,
        ],
      };
    } finally {
      await on.program.stop();
      await off.program.stop();
      collector.server.closeAllConnections();
      collector.server.close();
    }
  },
};
