// Bytes on the wire, headers and all, counted by a relay between the desktop's own HTTP client and a real server: what a
// device sends for a change of one field, what another one gets for it (poke and page), and both ways together what it
// costs to come back when nothing happened.
import { connect, createServer as createRelay, type AddressInfo } from 'node:net';
import { WebSocket } from 'ws';
import { once } from 'node:events';
import { createExchange } from '#main/sync/exchange.ts';
import { createServerClient, type ServerClient } from '#main/sync/server-client.ts';
import type { Figure, Measured } from '#test/bench/figure.ts';
import { createOrganizationWith, signIn, startServer } from '#test/support/start-server.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';
import type { Operation } from '#shared/sync/operation.ts';

interface Relay {
  readonly url: string;
  /** Bytes since the last call: sent by the device, received by it. */
  take(): { readonly up: number; readonly down: number };
  close(): Promise<void>;
}

async function startRelay(target: string): Promise<Relay> {
  const { hostname, port } = new URL(target);
  let [up, down] = [0, 0];
  const relay = createRelay((device) => {
    const server = connect(Number(port), hostname);
    device.on('data', (chunk: Buffer) => (up += chunk.length));
    server.on('data', (chunk: Buffer) => (down += chunk.length));
    device.pipe(server);
    server.pipe(device);
    device.on('error', () => server.destroy());
    server.on('error', () => device.destroy());
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  return {
    url: `http://127.0.0.1:${String((relay.address() as AddressInfo).port)}`,
    take() {
      const taken = { up, down };
      [up, down] = [0, 0];
      return taken;
    },
    async close() {
      relay.close();
      await once(relay, 'close');
    },
  };
}

function change(grant: SessionGrant, opNo: number, kind: 'create' | 'patch'): Operation {
  const ids = { opId: crypto.randomUUID(), recordId: '01a21835-3cc1-709d-a24d-284d8e643d15' };
  const owner = { group: 'owner', base: {}, to: { ownerId: grant.actor.userId } };
  const name = { group: 'name', base: {}, to: { name: 'Jane Example' } };
  const phone = { group: 'phone', base: { phone: null }, to: { phone: '+49 30 1234567' } };
  return {
    ...ids,
    opNo,
    txn: null,
    kind,
    entity: 'contact',
    command: 'updateRecord',
    baseRev: 0,
    changes: kind === 'create' ? [name, owner] : [phone],
    dependsOn: [],
    captured: { wall: new Date().toISOString(), sinceBootMs: 123_456 },
    schema: 1,
  };
}

async function pullAll(client: ServerClient, url: string, grant: SessionGrant, from: string | null): Promise<string> {
  for (let token = from; ;) {
    const page = await client.pull(url, grant.accessToken, { protocol: 1, token });
    token = page.token;
    if (page.caughtUp) return token;
  }
}

interface Bytes {
  readonly up: number;
  readonly down: number;
  readonly idle: number;
}

async function measureBytes(): Promise<Bytes> {
  const server = await startServer();
  const relay = await startRelay(server.url);
  try {
    const people = ['018f2c4e-7a1b-7c3d-9e5f-0a1b2c3d4e5f', '018f2c4e-7a1b-7c3d-9e5f-1a1b2c3d4e5f'];
    const tenant = '018f2c4e-7a1b-7c3d-9e5f-2a1b2c3d4e5f';
    await createOrganizationWith(
      server,
      tenant,
      people.map((id) => ({ id, role: 'org_admin' as const })),
    );
    const [writer, reader] = await Promise.all(people.map((id) => signIn(server, id, crypto.randomUUID())));
    if (writer === undefined || reader === undefined) throw new Error('two people expected');
    const client = createServerClient(createExchange());
    const push = (url: string, operation: Operation) =>
      client.push(url, writer.accessToken, { protocol: 1, epoch: writer.actor.epoch, ops: [operation] });
    await push(relay.url, change(writer, 1, 'create'));
    relay.take();
    await push(relay.url, change(writer, 2, 'patch'));
    const { up } = relay.take();

    let token = await pullAll(client, server.url, reader, null);
    const socket = new WebSocket(`${relay.url.replace('http', 'ws')}/sync/v1/live`, {
      headers: { authorization: `Bearer ${reader.accessToken}` },
    });
    await once(socket, 'message');
    token = await pullAll(client, relay.url, reader, token);
    relay.take();
    const poked = once(socket, 'message');
    const third = {
      ...change(writer, 3, 'patch'),
      changes: [{ group: 'jobTitle', base: { jobTitle: null }, to: { jobTitle: 'Buyer' } }],
    };
    await push(server.url, third);
    await poked;
    token = await pullAll(client, relay.url, reader, token);
    const { down } = relay.take();
    socket.terminate();

    await pullAll(client, relay.url, reader, token);
    const both = relay.take();
    return { up, down, idle: both.up + both.down };
  } finally {
    await server.remove();
    await relay.close();
  }
}

let measuring: Promise<Bytes> | null = null;

function figureOf(name: string, limit: number, pick: (bytes: Bytes) => number): Figure {
  return {
    name,
    unit: 'bytes',
    target: { is: '<=', limit },
    async measure(): Promise<Measured> {
      measuring ??= measureBytes();
      return { value: pick(await measuring) };
    },
  };
}

export const bytesFigures: readonly Figure[] = [
  figureOf('bytes-up', 600, ({ up }) => up),
  figureOf('bytes-down', 1_500, ({ down }) => down),
  figureOf('bytes-idle', 1_000, ({ idle }) => idle),
];
