// Companies that several figures look at: writing 100,000 deals takes longer than most of what is measured.
import { startCompany, type CompanyGreeting, type CompanyServer, type CompanyWish } from '#test/bench/signed-in-app.ts';

const running = new Map<CompanyWish, Promise<CompanyServer>>();

/** See startCompany. Figures must leave it as it is, but for edits of single deals. */
export async function useCompany(deals: CompanyWish): Promise<CompanyGreeting> {
  let server = running.get(deals);
  if (server === undefined) running.set(deals, (server = startCompany(deals)));
  return (await server).greeting;
}

/** A server that only waits takes memory and processor time from what is measured. `kept`: the one that is measured next. */
export async function stopCompanies(kept?: CompanyWish): Promise<void> {
  for (const [deals, server] of running) {
    if (deals === kept) continue;
    running.delete(deals);
    await (await server).stop();
  }
}
