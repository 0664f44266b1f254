// The first pull of 100,000 deals. Ours: the real application, from the wish to sign in until everything is durable and the
// engine says so; server on PGlite, main process, data host. Peer: RxDB's replication plugin in a page, at the batch size
// that is best for it, from a server that only hands out finished text. The two take turns.
import path from 'node:path';
import { inMs, median, type Figure } from '#test/bench/figure.ts';
import { useCompany } from '#test/bench/shared-company.ts';
import { openSignedInApp } from '#test/bench/signed-in-app.ts';
import { startProgram } from '#test/bench/start-program.ts';
import { openInChromium } from '#test/support/run-in-chromium.ts';

const DEALS = 100_000;
const ROUNDS = 2;
/** The fastest of 1,000, 5,000 and 10,000. */
const PEER_CASE = 'batches of 10000';
const peerModule = path.resolve(import.meta.dirname, '../renderer/peers/replicate-stock.browser.ts');

async function pullWithPeer(url: string): Promise<number> {
  const chromium = await openInChromium(peerModule);
  try {
    await chromium.page.evaluate((peerUrl) => {
      Object.assign(globalThis, { peerUrl });
    }, url);
    const { ms, documents } = (await chromium.run(PEER_CASE)) as { readonly ms: number; readonly documents: number };
    if (documents < DEALS) throw new Error(`the peer stored ${String(documents)} documents`);
    return ms;
  } finally {
    await chromium.close();
  }
}

export const pull: Figure = {
  name: 'pull-100k',
  unit: 'ms',
  ratio: 'faster',
  target: { is: '>=', limit: 4 },
  async measure() {
    const company = await useCompany(DEALS);
    const documents = await startProgram<{ readonly url: string }>('documents-server.ts', [String(DEALS)]);
    const own: number[] = [];
    const peer: number[] = [];
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        const app = await openSignedInApp(company);
        own.push(app.pullMs);
        await app.close();
        peer.push(await pullWithPeer(documents.greeting.url));
      }
    } finally {
      await documents.stop();
    }
    return {
      value: median(own),
      peer: { name: 'RxDB HTTP replication into Dexie', value: median(peer) },
      notes: [`Outpost ${inMs(own)}; RxDB ${inMs(peer)}`],
    };
  },
};
