// From the moment an edit is durable on one computer until another one holds it, while 50 devices of colleagues who see
// the same record are connected. The two computers are the desktop's own session, journal, engine and socket; the others
// hear every poke and pull, as devices do. The server, the two computers and the others are three processes on the loopback.
import { inMs, percentile, type Figure, type Measured } from '#test/bench/figure.ts';
import { startProgram, type Program } from '#test/bench/start-program.ts';
import { createDesktopPlace, startDesktop, type Desktop, type DesktopPlace } from '#test/support/desktop-world.ts';
import { emailOf, testPassword } from '#test/support/start-server.ts';
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
  let others: Program<unknown> | null = null;
  try {
    const { url } = server.greeting;
    for (const [person, place] of places.entries()) desktops.push(await enter(place, url, person));
    others = await startProgram('live-followers.ts', [url, '2', String(DEVICES)]);
    const [from, to] = desktops;
    if (from === undefined || to === undefined) throw new Error('two desktops');
    const recordId = crypto.randomUUID();
    from.append([draft(recordId, 'person-0', crypto.randomUUID(), null, '')]);
    await to.until(() => to.local.records.has(recordId), 60_000);
    const together = await measureEdits(from, to, recordId, '1');
    await others.tell('rest');
    return { together, alone: await measureEdits(from, to, recordId, '2') };
  } finally {
    await others?.stop();
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
