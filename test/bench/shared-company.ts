// Companies that several figures look at: writing 100,000 deals takes longer than most of what is measured.
import { startCompany, type CompanyGreeting, type CompanyServer } from '#test/bench/signed-in-app.ts';

const running = new Map<number | 'demo', Promise<CompanyServer>>();

/** See startCompany. Figures must leave it as it is, but for edits of single deals. */
export async function useCompany(deals: number | 'demo'): Promise<CompanyGreeting> {
  let server = running.get(deals);
  if (server === undefined) running.set(deals, (server = startCompany(deals)));
  return (await server).greeting;
}

export async function stopCompanies(): Promise<void> {
  for (const server of running.values()) await (await server).stop();
  running.clear();
}
