// The first pull of 100,000 deals into a local database in Chromium, each side in a page that fetches over HTTP itself.
// Ours: the real server on PGlite (reached through a door for pages), pages checked, the sealed local database and its view.
// Peers: RxDB's replication plugin at the batch size that is best for it, from a server that only hands out finished text;
// PouchDB replicating from a PouchDB server on LevelDB, at its best batch size, too. Neither checks rights or seals anything.
// The two take turns. What the whole application needs, from sign-in through main process and bridge, is told beside it.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inMs, median, type Figure, type Measured } from '#test/bench/figure.ts';
import { makeCompany } from '#test/bench/make-deals.ts';
import { installPeers } from '#test/bench/peers/install-peers.ts';
import { openToPages } from '#test/bench/open-to-pages.ts';
import { useCompany } from '#test/bench/shared-company.ts';
import { openSignedInApp, type CompanyGreeting } from '#test/bench/signed-in-app.ts';
import { startProgram } from '#test/bench/start-program.ts';
import { openInChromium } from '#test/support/run-in-chromium.ts';
import { call } from '#test/support/start-server.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';

const DEALS = 100_000;
const ROUNDS = 3;
/** The fastest of 1,000, 5,000 and 10,000. */
const RXDB_CASE = 'batches of 10000';
/** The fastest of 500, 2,000 and 5,000. */
const POUCH_CASE = 'batches of 5000';
const FILL_STEP = 5_000;
const ownModule = path.resolve(import.meta.dirname, '../renderer/data/pull-all.browser.ts');
const rxdbModule = path.resolve(import.meta.dirname, '../renderer/peers/replicate-stock.browser.ts');
const pouchModule = path.resolve(import.meta.dirname, 'peers/pouchdb-pull.ts');

/** Runs one case of a module with something written into its page; milliseconds. */
async function pullInPage(module: string, name: string, given: Readonly<Record<string, unknown>>): Promise<number> {
  const chromium = await openInChromium(module);
  try {
    await chromium.page.evaluate((values) => {
      Object.assign(globalThis, values);
    }, given);
    const { ms, documents } = (await chromium.run(name)) as { readonly ms: number; readonly documents: number };
    if (documents < DEALS) throw new Error(`only ${String(documents)} documents arrived`);
    return ms;
  } finally {
    await chromium.close();
  }
}

async function signIn(company: CompanyGreeting, round: number): Promise<string> {
  const { email, password } = company;
  const body = { email, password, deviceId: `bench-${String(round)}`, deviceName: 'Bench' };
  const answer = await call(company, '/api/v1/auth/sign-in', { body });
  return (answer.body as SessionGrant).accessToken;
}

/** Ours and a peer take turns. */
async function takeTurns(peer: () => Promise<number>): Promise<{ readonly own: number[]; readonly peer: number[] }> {
  const company = await useCompany(DEALS);
  const door = await openToPages(company.url);
  const times = { own: [] as number[], peer: [] as number[] };
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const pullFrom = { url: door.url, accessToken: await signIn(company, round) };
      times.own.push(await pullInPage(ownModule, 'pull everything', { pullFrom }));
      times.peer.push(await peer());
    }
    return times;
  } finally {
    door.close();
  }
}

async function measureBesideRxdb(): Promise<Measured> {
  const documents = await startProgram<{ readonly url: string }>('documents-server.ts', [String(DEALS)]);
  try {
    const given = { peerUrl: documents.greeting.url };
    const { own, peer } = await takeTurns(() => pullInPage(rxdbModule, RXDB_CASE, given));
    const app = await openSignedInApp(await useCompany(DEALS));
    await app.close();
    return {
      value: median(own),
      peer: { name: 'RxDB HTTP replication into Dexie', value: median(peer) },
      notes: [`Outpost ${inMs(own)}; RxDB ${inMs(peer)}`, `the whole application ${inMs([app.pullMs])}`],
    };
  } finally {
    await documents.stop();
  }
}

/** Two issues ask the same for different targets. */
let besideRxdb: Promise<Measured> | null = null;
const measureOnceBesideRxdb = (): Promise<Measured> => (besideRxdb ??= measureBesideRxdb());

async function fillPouchServer(url: string): Promise<void> {
  const send = async (address: string, method: string, body: object): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(address, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`the PouchDB server: ${await answer.text()}`);
  };
  await send(url, 'PUT', {});
  const docs = makeCompany(DEALS, Date.now())
    .records.filter((record) => record.kind === 'deal')
    .map((deal) => ({ ...deal, _id: deal.id }));
  for (let from = 0; from < docs.length; from += FILL_STEP)
    await send(`${url}/_bulk_docs`, 'POST', { docs: docs.slice(from, from + FILL_STEP) });
}

async function measureBesidePouch(): Promise<Measured> {
  installPeers();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'outpost-bench-pouch-'));
  const server = await startProgram<{ readonly url: string }>('peers/pouchdb-server.ts', [`${folder}/server-`]);
  const door = await openToPages(server.greeting.url);
  try {
    await fillPouchServer(`${server.greeting.url}/deals`);
    const given = { peerUrl: `${door.url}/deals` };
    const { own, peer } = await takeTurns(() => pullInPage(pouchModule, POUCH_CASE, given));
    return {
      value: median(own),
      peer: { name: 'PouchDB replicating from a PouchDB server into IndexedDB', value: median(peer) },
      notes: [`Outpost ${inMs(own)}; PouchDB ${inMs(peer)}`],
    };
  } finally {
    door.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

const shape = { unit: 'ms', ratio: 'faster' } as const;
export const pullFigures: readonly Figure[] = [
  { ...shape, name: 'pull-100k', target: { is: '>=', limit: 4 }, measure: measureOnceBesideRxdb },
  { ...shape, name: 'first-sync-100k-rxdb', target: { is: '>=', limit: 10 }, measure: measureOnceBesideRxdb },
  { ...shape, name: 'first-sync-100k-pouchdb', target: { is: '>=', limit: 12 }, measure: measureBesidePouch },
];
