// A campaign to a hundred thousand contacts as a company sends one: published over HTTP, its recipients gathered by the job,
// handed to smtp-sink of Postfix, its figures, its list and its clicks asked for while it goes out and afterwards.
import { setTimeout as sleep } from 'node:timers/promises';
import type { TenantId } from '#shared/kernel/ids.ts';
import { startSink } from '#test/bench/campaign.ts';
import { percentile, type Figure, type Measured } from '#test/bench/figure.ts';
import { campaignOf, contactOf, createCaller } from '#test/support/campaign-world.ts';
import { quickJobs, seed } from '#test/support/report-world.ts';
import { createOrganizationWith, signIn, startServer } from '#test/support/start-server.ts';

const PEOPLE = Number(process.env['OUTPOST_BENCH_PEOPLE'] ?? 100_000);
const AT_ONCE = 5000;
const MEBIBYTE = 1_048_576;
const body = `Dear {first_name|customer},\n\n${'What we did this month is told in this letter, line after line. '.repeat(25)}\n\nSee https://example.com/news.\n\nYours, {sender_name}`;

async function measure(): Promise<Measured> {
  const sink = await startSink();
  const from = 'Outpost <crm@outpost.test>';
  const server = await startServer({
    clock: { now: () => Date.now(), advance: () => undefined },
    mail: { host: '127.0.0.1', port: sink.port, security: 'none', user: null, password: null, from },
    jobTimes: quickJobs,
  });
  const notes: string[] = [];
  try {
    const tenantId: TenantId = await createOrganizationWith(server, 'bench', [{ id: 'boss', role: 'org_admin' }]);
    for (let at = 0; at < PEOPLE; at += AT_ONCE)
      await seed(
        server.database,
        tenantId,
        Array.from({ length: Math.min(AT_ONCE, PEOPLE - at) }, (_, index) =>
          contactOf(`c${String(at + index)}`, 'boss'),
        ),
      );
    await seed(server.database, tenantId, [campaignOf('k1', 'boss', { body, subject: 'News for {first_name|you}' })]);
    const caller = createCaller(server, await signIn(server, 'boss'));
    const timed = async <Answer>(name: string, work: () => Promise<Answer>): Promise<Answer> => {
      const startMs = performance.now();
      const answer = await work();
      notes.push(`${name}: ${String(Math.round(performance.now() - startMs))} ms`);
      return answer;
    };
    const audience = { parts: [{ entity: 'contact', filter: { and: [] } }], without: [] };
    await timed('counting the audience', () => caller.call('countAudience', { audience, timeZone: 'UTC' }));
    const atStart = process.memoryUsage().rss;
    const startMs = performance.now();
    await caller.call('publishCampaign', { id: 'k1' });
    const asks: number[] = [];
    let preparedMs = 0;
    let most = 0;
    for (;;) {
      const askMs = performance.now();
      const stats = await caller.call('campaignStats', { id: 'k1' });
      asks.push(performance.now() - askMs);
      most = Math.max(most, process.memoryUsage().rss);
      if (preparedMs === 0 && stats.total_sent > 0) preparedMs = performance.now() - startMs;
      process.stderr.write(
        `${String(Math.round((performance.now() - startMs) / 1000))} s ${stats.state} ${String(stats.total_sent)} of ${String(stats.recipients)}, answered in ${String(Math.round(asks.at(-1) ?? 0))} ms ${stats.trouble ?? ''}\n`,
      );
      if (stats.state === 'sent' || stats.state === 'paused') break;
      await sleep(3000);
    }
    const tookMs = performance.now() - startMs;
    notes.push(
      `gathered ${String(Math.round(preparedMs))} ms, sent ${String(Math.round(tookMs - preparedMs))} ms, memory ${String(Math.round(atStart / MEBIBYTE))} MiB when it began, ${String(Math.round(most / MEBIBYTE))} MiB at most`,
      `figures while it went out: median ${String(Math.round(percentile(asks, 0.5)))} ms, longest ${String(Math.round(Math.max(...asks)))} ms`,
    );
    const stats = await timed('figures afterwards', () => caller.call('campaignStats', { id: 'k1' }));
    if (stats.total_sent !== PEOPLE) throw new Error(`${String(stats.total_sent)} were sent: ${stats.trouble ?? ''}`);
    await timed('first page of recipients', () => caller.call('campaignRecipients', { id: 'k1' }));
    await timed('last page of recipients', () =>
      caller.call('campaignRecipients', { id: 'k1', behind: String(PEOPLE - 100) }),
    );
    await timed('recipients that bounced (none)', () =>
      caller.call('campaignRecipients', { id: 'k1', state: 'bounced' }),
    );
    return { value: tookMs / 1000, notes };
  } finally {
    await server.remove();
    sink.stop();
  }
}

/** No peer: what stands against it is `campaign-10k`; this one is about whether everything holds at that size. */
export const campaign100k: Figure = {
  name: 'campaign-100k',
  unit: 's',
  target: { is: '<=', limit: 900 },
  measure,
};
