// The first pull of 100,000 deals into a local database in Chromium, each side in a page that fetches over HTTP itself.
// Ours: the real server on PGlite (reached through a door for pages), pages checked, the sealed local database and its view.
// Peer: RxDB's replication plugin at the batch size that is best for it, from a server that only hands out finished text.
// The two take turns. What the whole application needs, from sign-in through main process and bridge, is told beside it.
import path from 'node:path';
import { inMs, median, type Figure } from '#test/bench/figure.ts';
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
const PEER_CASE = 'batches of 10000';
const ownModule = path.resolve(import.meta.dirname, '../renderer/data/pull-all.browser.ts');
const peerModule = path.resolve(import.meta.dirname, '../renderer/peers/replicate-stock.browser.ts');

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

export const pull: Figure = {
  name: 'pull-100k',
  unit: 'ms',
  ratio: 'faster',
  target: { is: '>=', limit: 4 },
  async measure() {
    const company = await useCompany(DEALS);
    const documents = await startProgram<{ readonly url: string }>('documents-server.ts', [String(DEALS)]);
    const door = await openToPages(company.url);
    const own: number[] = [];
    const peer: number[] = [];
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        const pullFrom = { url: door.url, accessToken: await signIn(company, round) };
        own.push(await pullInPage(ownModule, 'pull everything', { pullFrom }));
        peer.push(await pullInPage(peerModule, PEER_CASE, { peerUrl: documents.greeting.url }));
      }
      const app = await openSignedInApp(company);
      await app.close();
      return {
        value: median(own),
        peer: { name: 'RxDB HTTP replication into Dexie', value: median(peer) },
        notes: [`Outpost ${inMs(own)}; RxDB ${inMs(peer)}`, `the whole application ${inMs([app.pullMs])}`],
      };
    } finally {
      door.close();
      await documents.stop();
    }
  },
};
