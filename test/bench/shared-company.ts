// Companies that several figures look at: writing 100,000 deals takes longer than most of what is measured.
import { startCompany, type CompanyGreeting, type CompanyServer } from '#test/bench/signed-in-app.ts';

const running = new Map<number | 'demo', Promise<CompanyServer>>();

/** See startCompany. Figures must leave it as it is, but for edits of single deals. */
export async function useCompany(deals: number | 'demo'): Promise<CompanyGreeting> {
  let server = running.get(deals);
  if (server === undefined) running.set(deals, (server = startCompany(deals)));
  return (await server).greeting;
}

/** A server that only waits takes memory and processor time from what is measured. `kept`: the one that is measured next. */
export async function stopCompanies(kept?: number | 'demo'): Promise<void> {
  for (const [deals, server] of running) {
    if (deals === kept) continue;
    running.delete(deals);
    await (await server).stop();
  }
}
