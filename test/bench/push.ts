// 10,000 edits that wait on the device reach the server. Ours: the desktop's journal, engine and HTTP client, a verdict
// stored for every edit, PGlite on a disk behind the server. Peer: PouchDB on LevelDB replicating to a PouchDB server on
// LevelDB, its storage in Node, at the batch size that is best for it; it merges nothing and checks no rights.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { inMs, median, type Figure } from '#test/bench/figure.ts';
import { makeCompany } from '#test/bench/make-deals.ts';
import { installPeers } from '#test/bench/peers/install-peers.ts';
import { stopCompanies, useCompany } from '#test/bench/shared-company.ts';
import { startProgram } from '#test/bench/start-program.ts';
import { createDesktopPlace, startDesktop } from '#test/support/desktop-world.ts';
import { createIdFactory } from '#shared/kernel/ids.ts';
import { SCHEMA_VERSION, type OperationDraft } from '#shared/sync/operation.ts';

const EDITS = 10_000;
const ROUNDS = 3;
const PEER_BATCHES = ['500', '1000', '5000'];

const createId = createIdFactory({ now: () => Date.now() }, { bytes: (length) => randomBytes(length) });

function makeEdit(recordId: string, from: unknown, to: string): OperationDraft {
  return {
    opId: createId(),
    txn: null,
    kind: 'patch',
    entity: 'deal',
    recordId,
    command: 'updateRecord',
    baseRev: 1,
    changes: [{ group: 'nextStep', base: { nextStep: from }, to: { nextStep: to } }],
    dependsOn: [],
    captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
    schema: SCHEMA_VERSION,
  };
}

async function measureOwn(): Promise<readonly number[]> {
  const { url, email, password } = await useCompany(EDITS);
  const place = createDesktopPlace();
  const desktop = await startDesktop(place);
  const isDone = (): boolean => desktop.status().pendingCount === 0 && desktop.status().phase === 'idle';
  try {
    await desktop.session.signIn({ serverUrl: url, email, password });
    await desktop.until(() => isDone() && desktop.local.records.size > EDITS, 60_000);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const deals = [...desktop.local.records.values()].filter((record) => record['kind'] === 'deal');
      desktop.engine.setWorkOffline(true);
      desktop.append(
        deals.map((deal) => makeEdit(String(deal['id']), deal['nextStep'], `Step of round ${String(round)}`)),
      );
      const startedMs = performance.now();
      desktop.engine.setWorkOffline(false);
      await desktop.until(() => desktop.status().pendingCount === 0, 120_000);
      times.push(performance.now() - startedMs);
      if (desktop.status().attentionCount > 0) throw new Error('the server refused edits');
      await desktop.until(isDone, 60_000);
    }
    return times;
  } finally {
    await desktop.stop();
    place.remove();
  }
}

interface PeerTry {
  readonly batchSize: number;
  readonly times: readonly number[];
}

/** The batch size with the best median. */
async function measurePeer(): Promise<PeerTry> {
  installPeers();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'outpost-bench-pouch-'));
  const server = await startProgram<{ readonly url: string }>('peers/pouchdb-server.ts', [
    path.join(folder, 'server-'),
  ]);
  try {
    const deals = makeCompany(EDITS, Date.now()).records.filter((record) => record.kind === 'deal');
    const file = path.join(folder, 'deals.json');
    writeFileSync(file, JSON.stringify(deals));
    const { url } = server.greeting;
    const args = [`${url}/deals`, path.join(folder, 'device'), file, String(ROUNDS), ...PEER_BATCHES];
    const device = await startProgram<readonly PeerTry[]>('peers/pouchdb-push.ts', args);
    await device.stop();
    const [best] = device.greeting.toSorted((left, right) => median(left.times) - median(right.times));
    if (best === undefined) throw new Error('no batch size was tried');
    return best;
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

export const push: Figure = {
  name: 'push-10k',
  unit: 'ms',
  ratio: 'faster',
  target: { is: '>=', limit: 1 },
  async measure() {
    // Each side alone: nothing of other figures beside ours, nothing of ours beside the peer.
    await stopCompanies(EDITS);
    const own = await measureOwn();
    await stopCompanies();
    const peer = await measurePeer();
    return {
      value: median(own),
      peer: { name: 'PouchDB (LevelDB) to a PouchDB server (LevelDB)', value: median(peer.times) },
      notes: [`Outpost ${inMs(own)}; PouchDB ${inMs(peer.times)} in batches of ${String(peer.batchSize)}`],
    };
  },
};
