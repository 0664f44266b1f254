// From the moment an edit is durable on one computer until another one holds it, while 50 devices of colleagues who see
// the same record are connected. The two computers are the desktop's own session, journal, engine and socket; the others
// hear every poke and pull, as devices do. Server and devices are two processes on the loopback.
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { createServerClient } from '#main/sync/server-client.ts';
import { inMs, percentile, type Figure, type Measured } from '#test/bench/figure.ts';
import { startProgram } from '#test/bench/start-program.ts';
import { createDesktopPlace, startDesktop, type Desktop, type DesktopPlace } from '#test/support/desktop-world.ts';
import { emailOf, signIn, testPassword } from '#test/support/start-server.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';

const DEVICES = 50;
const WARM_UP = 10;
const EDITS = 100;
/** Longer than the interval of pokes: what is measured is one edit, not the gathering of many. */
const PAUSE_MS = 320;

interface Latencies {
  readonly together: readonly number[];
  readonly alone: readonly number[];
}

function draft(recordId: string, ownerId: string, opId: string, change: string | null, before: string): OperationDraft {
  const name = { group: 'name', base: {}, to: { name: 'Harbour' } };
  const owner = { group: 'owner', base: {}, to: { ownerId } };
  const phone = { group: 'phone', base: { phone: before === '' ? null : before }, to: { phone: change } };
  return {
    opId,
    txn: null,
    kind: change === null ? 'create' : 'patch',
    entity: 'account',
    recordId,
    command: 'updateRecord',
    baseRev: 0,
    changes: change === null ? [name, owner] : [phone],
    dependsOn: [],
    captured: { wall: new Date().toISOString(), sinceBootMs: 1 },
    schema: 1,
  };
}

async function enter(place: DesktopPlace, serverUrl: string, person: number): Promise<Desktop> {
  const desktop = await startDesktop(place);
  await desktop.session.signIn({ serverUrl, email: emailOf(`person-${String(person)}`), password: testPassword });
  await desktop.until(() => desktop.status().phase === 'idle' && desktop.status().upToDateAt !== null, 60_000);
  return desktop;
}

/** A colleague's device: connected, and pulling whenever it is poked. */
async function follow(url: string, person: number): Promise<{ stop(): void; pulls: boolean }> {
  const grant = await signIn({ url }, `person-${String(person)}`);
  const client = createServerClient(fetch);
  let token: string | null = null;
  let isPulling = false;
  let isPoked = false;
  const device = { pulls: true, stop: () => socket.terminate() };
  async function pull(): Promise<void> {
    isPoked = true;
    if (isPulling || !device.pulls) return;
    isPulling = true;
    while (isPoked) {
      isPoked = false;
      const page = await client.pull(url, grant.accessToken, { protocol: 1, token });
      ({ token } = page);
      isPoked ||= !page.caughtUp;
    }
    isPulling = false;
  }
  const socket = new WebSocket(`${url.replace('http', 'ws')}/sync/v1/live?presence=1`, {
    headers: { authorization: `Bearer ${grant.accessToken}` },
  });
  const fail = (error: unknown): void => void process.stderr.write(`a device could not follow: ${String(error)}\n`);
  socket.on('message', (data: Buffer) => {
    if (data.toString() === '{"t":"poke"}') pull().catch(fail);
  });
  await once(socket, 'message');
  return device;
}

async function measureEdits(from: Desktop, to: Desktop, recordId: string, series: string): Promise<number[]> {
  const took: number[] = [];
  let before = textOf(from.local.records.get(recordId)?.['phone']);
  for (let index = 0; index < WARM_UP + EDITS; index += 1) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    const value = `+49 30 ${series}${String(index)}`;
    const isSeen = (): boolean => to.local.records.get(recordId)?.['phone'] === value;
    const startedMs = performance.now();
    from.append([draft(recordId, 'person-0', crypto.randomUUID(), value, before)]);
    while (!isSeen()) {
      if (performance.now() - startedMs > 20_000) throw new Error('an edit was not seen');
      await new Promise(setImmediate);
    }
    if (index >= WARM_UP) took.push(performance.now() - startedMs);
    before = value;
  }
  return took;
}

async function measureLive(): Promise<Latencies> {
  const server = await startProgram<{ readonly url: string }>('live-server.ts', [String(DEVICES)]);
  const places = [createDesktopPlace(), createDesktopPlace()] as const;
  const desktops: Desktop[] = [];
  const others: Awaited<ReturnType<typeof follow>>[] = [];
  try {
    const { url } = server.greeting;
    for (const [person, place] of places.entries()) desktops.push(await enter(place, url, person));
    for (let person = 2; person < DEVICES; person += 1) others.push(await follow(url, person));
    const [from, to] = desktops;
    if (from === undefined || to === undefined) throw new Error('two desktops');
    const recordId = crypto.randomUUID();
    from.append([draft(recordId, 'person-0', crypto.randomUUID(), null, '')]);
    await to.until(() => to.local.records.has(recordId), 60_000);
    const together = await measureEdits(from, to, recordId, '1');
    for (const other of others) other.pulls = false;
    return { together, alone: await measureEdits(from, to, recordId, '2') };
  } finally {
    for (const other of others) other.stop();
    for (const desktop of desktops) await desktop.stop();
    for (const place of places) place.remove();
    await server.stop();
  }
}

let measuring: Promise<Latencies> | null = null;

function figureOf(name: string, share: number, limit: number): Figure {
  return {
    name,
    unit: 'ms',
    target: { is: '<=', limit },
    async measure(): Promise<Measured> {
      measuring ??= measureLive();
      const { together, alone } = await measuring;
      const shares = [0.5, 0.95];
      return {
        value: percentile(together, share),
        notes: [
          `all ${String(DEVICES)} devices pull: p50 and p95 ${inMs(shares.map((at) => percentile(together, at)))}`,
          `the others are connected and ask for nothing: ${inMs(shares.map((at) => percentile(alone, at)))}`,
        ],
      };
    },
  };
}

export const liveFigures: readonly Figure[] = [figureOf('live-50', 0.5, 15), figureOf('live-50-p95', 0.95, 30)];
