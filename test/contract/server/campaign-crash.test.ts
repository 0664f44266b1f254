// A server that is killed in the middle of a campaign, and one that goes on: nobody gets a mail twice, and whoever got none is
// either still waiting or told as not confirmed.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { campaignOf, contactOf, createCaller, recipientsOf } from '#test/support/campaign-world.ts';
import { seed } from '#test/support/report-world.ts';
import { recipientOf, startSmtp, type TestSmtp } from '#test/support/smtp-server.ts';
import { createOrganizationWith, signIn, spawnServer, startServer } from '#test/support/start-server.ts';

const PEOPLE = 300;
const MOST_UNDER_WAY = 8;

describe('a campaign and a crash', () => {
  let dataDir: string;
  let smtp: TestSmtp;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'outpost-campaign-'));
    smtp = await startSmtp();
  });
  afterAll(async () => {
    await smtp.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  test(
    'EML-09 each recipient gets one mail, though the server is killed while it sends',
    { timeout: 240_000 },
    async () => {
      const location = { dataDir };
      const first = await startServer({ location, mail: smtp.settings });
      const tenant = await createOrganizationWith(first, 'crash', [{ id: 'boss', role: 'org_admin' }]);
      const people = Array.from({ length: PEOPLE }, (_, index) => contactOf(`c${String(index)}`, 'boss'));
      await seed(first.database, tenant, [
        ...people,
        campaignOf('k1', 'boss', { scheduledAt: new Date(Date.now() + 3000).toISOString() }),
      ]);
      await createCaller(first, await signIn(first, 'boss')).call('publishCampaign', { id: 'k1' });
      await first.close();
      const { port } = smtp.settings;
      Object.assign(process.env, {
        OUTPOST_SMTP_URL: `smtp://127.0.0.1:${String(port)}`,
        OUTPOST_MAIL_FROM: smtp.settings.from,
      });
      const killed = spawnServer(['--port', '0', '--data', dataDir]);
      await killed.listening();
      await expect.poll(() => smtp.mails.length, { timeout: 60_000, interval: 5 }).toBeGreaterThan(40);
      killed.child.kill('SIGKILL');
      await killed.ended();
      const before = smtp.mails.length;
      expect(before).toBeLessThan(PEOPLE);
      const second = await startServer({ location, mail: smtp.settings });
      await expect
        .poll(
          async () =>
            (await recipientsOf(second, tenant, 'k1')).filter(({ state }) =>
              ['waiting', 'claimed', 'handing'].includes(state),
            ).length,
          {
            timeout: 120_000,
            interval: 200,
          },
        )
        .toBe(0);
      const rows = await recipientsOf(second, tenant, 'k1');
      const got = new Map<string, number>();
      for (const mail of smtp.mails) got.set(recipientOf(mail), (got.get(recipientOf(mail)) ?? 0) + 1);
      expect([...got.values()].filter((count) => count > 1)).toEqual([]);
      const unconfirmed = rows.filter(({ state }) => state === 'unconfirmed');
      expect(unconfirmed.length).toBeLessThanOrEqual(MOST_UNDER_WAY);
      for (const { address, state } of rows) if (state !== 'unconfirmed') expect(got.get(address), address).toBe(1);
      expect(rows).toHaveLength(PEOPLE);
      await second.remove();
    },
  );
});
