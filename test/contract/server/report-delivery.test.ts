import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recipientsOf } from '#shared/entities/report-run/report-run.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { MailSettings } from '#server/mail/mail-settings.ts';
import type { DatabaseLocation } from '#server/store/database.ts';
import { quickJobs, reportOf, scheduleOf, seed, storedRecords } from '#test/support/report-world.ts';
import { startSmtp, type TestSmtp } from '#test/support/smtp-server.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import {
  call,
  codeOf,
  createManualClock,
  emailOf,
  foundCompany,
  signIn,
  startServer,
  type ManualClock,
  type TestServer,
} from '#test/support/start-server.ts';

const waiting = { timeout: 30_000, interval: 100 };
const DAY = 86_400_000;

describe.each(sqlEngines)('delivery of reports on $name', (engine) => {
  let location: DatabaseLocation;
  let remove: () => Promise<void>;
  let clock: ManualClock;
  let smtp: TestSmtp;
  const open: { remove(): Promise<void> }[] = [];

  beforeAll(async () => {
    ({ location, remove } = await engine.createLocation());
    clock = createManualClock(Date.parse('2026-11-27T03:00:00Z'));
    smtp = await startSmtp();
  }, 60_000);

  afterAll(async () => {
    for (const server of open) await server.remove();
    await smtp.stop();
    await remove();
  });

  async function start(mail: MailSettings | null): Promise<TestServer> {
    const server = await startServer({ location, clock, jobTimes: quickJobs, ...(mail === null ? {} : { mail }) });
    open.push(server);
    return server;
  }

  async function found(server: TestServer, name: string, recipients: readonly string[] = ['boss']): Promise<TenantId> {
    const id = (who: string): string => `${who}.${name}`;
    const tenant = await foundCompany(server, name, [
      { id: id('boss'), role: 'org_admin' },
      { id: id('bob'), role: 'sales_rep' },
    ]);
    await seed(server.database, tenant, [
      reportOf('report-1', id('boss')),
      scheduleOf('s1', id('boss'), recipients.map(id)),
    ]);
    await server.planReports();
    return tenant;
  }

  const lastRun = async (server: TestServer, tenant: TenantId) =>
    (await storedRecords(server.database, tenant, 'reportRun')).at(-1);

  async function dayLater(server: TestServer): Promise<void> {
    clock.advance(DAY);
    await server.planReports();
  }

  test('ANA-13 without a mail server a run says so, and so does who asks', { timeout: 60_000 }, async () => {
    const server = await start(null);
    const tenant = await found(server, 'without');
    await dayLater(server);
    await expect.poll(async () => (await lastRun(server, tenant))?.['reason'], waiting).toBe('noMail');
    const { accessToken: token } = await signIn(server, 'boss.without');
    expect((await call(server, '/api/v1/mail', { token })).body).toEqual({ isSetUp: false, from: null });
    const asked = { method: 'POST', token };
    expect(codeOf(await call(server, '/api/v1/analytics/report-schedules/s1/run', asked))).toBe('mail_not_set_up');
    expect(codeOf(await call(server, '/api/v1/mail/test', asked))).toBe('mail_not_set_up');
    await server.close();
  });

  test(
    'ANA-13 a mail server that is back in time gets the mail, one that stays away fails the run',
    { timeout: 90_000 },
    async () => {
      const away = await startSmtp();
      const { settings } = away;
      await away.stop();
      const server = await start(settings);
      const tenant = await found(server, 'away');
      await dayLater(server);
      await expect.poll(async () => (await lastRun(server, tenant))?.['state'], waiting).toBe('failed');
      const [failed] = recipientsOf((await lastRun(server, tenant)) ?? {});
      expect(failed).toMatchObject({ userId: 'boss.away', state: 'failed', reason: 'unreachable' });
      // No mail left, so no export is written down.
      expect(await storedRecords(server.database, tenant, 'dataExport')).toEqual([]);

      await dayLater(server);
      await expect.poll(async () => (await lastRun(server, tenant))?.['state'], waiting).toBe('running');
      const back = await startSmtp(settings.port);
      await expect.poll(async () => (await lastRun(server, tenant))?.['state'], waiting).toBe('done');
      expect(back.mailsTo(emailOf('boss.away')).filter(({ attachments }) => attachments.length > 0)).toHaveLength(1);
      await server.close();
      await back.stop();
    },
  );

  test(
    'ANA-13 a server that dies after sending and before noting it sends the same mail once more',
    { timeout: 90_000 },
    async () => {
      const server = await start(smtp.settings);
      const tenant = await found(server, 'dies');
      await dayLater(server);
      const mails = () => smtp.mailsTo(emailOf('boss.dies'));
      await expect.poll(async () => (await lastRun(server, tenant))?.['state'], waiting).toBe('done');
      const run = await lastRun(server, tenant);
      // As it was before it was noted; the queue still has the job.
      await server.database.inTenant(tenant, async (session) => {
        const waitingAgain = recipientsOf(run ?? {}).map((one) => ({ ...one, state: 'waiting', at: null }));
        await session.query(`UPDATE record SET data = $3 WHERE tenant = $1 AND id = $2`, [
          tenant,
          run?.id ?? '',
          JSON.stringify({ ...run, state: 'running', recipients: waitingAgain }),
        ]);
      });
      await server.database.script(
        `UPDATE outpost_jobs.job SET state = 'retry', retry_count = 0, start_after = now(), completed_on = NULL WHERE name = 'emails'`,
      );
      await expect.poll(() => mails().length, waiting).toBe(2);
      await expect.poll(async () => (await lastRun(server, tenant))?.['state'], waiting).toBe('done');
      expect(new Set(mails().map(({ messageId }) => messageId)).size).toBe(1);
      expect(await storedRecords(server.database, tenant, 'dataExport')).toHaveLength(1);
      await server.close();
    },
  );

  test('ANA-13 run now takes the right to change the schedule, and sends at once', { timeout: 60_000 }, async () => {
    const server = await start(smtp.settings);
    const tenant = await found(server, 'now', ['boss', 'bob']);
    const [boss, bob] = [await signIn(server, 'boss.now'), await signIn(server, 'bob.now')];
    const run = (token: string, id = 's1') =>
      call(server, `/api/v1/analytics/report-schedules/${id}/run`, { method: 'POST', token });
    expect(codeOf(await run(bob.accessToken))).toBe('not_found');
    expect(codeOf(await run(boss.accessToken, 'not-there'))).toBe('not_found');
    const answer = await run(boss.accessToken);
    expect(answer.status).toBe(202);
    await expect.poll(() => smtp.mailsTo(emailOf('bob.now')).length, waiting).toBe(1);
    await expect.poll(async () => (await lastRun(server, tenant))?.['state'], waiting).toBe('done');
    expect(await lastRun(server, tenant)).toMatchObject({
      id: (answer.body as { runId: string }).runId,
      isManual: true,
    });
    expect((await call(server, '/api/v1/mail', { token: bob.accessToken })).body).toEqual({
      isSetUp: true,
      from: 'Outpost <crm@outpost.test>',
    });
    expect(codeOf(await call(server, '/api/v1/mail/test', { method: 'POST', token: bob.accessToken }))).toBe(
      'action_forbidden',
    );
    expect((await call(server, '/api/v1/mail/test', { method: 'POST', token: boss.accessToken })).status).toBe(200);
    expect(smtp.mailsTo(emailOf('boss.now')).some(({ subject }) => subject === 'Mail from Outpost works')).toBe(true);
    expect(server.logText()).not.toContain('hunter two');
    await server.close();
  });

  // PGlite has one owner: there are never two servers on it.
  if (engine.name === 'postgres') {
    test('ANA-13 two servers on one database send a report once', { timeout: 60_000 }, async () => {
      const [one, two] = [await start(smtp.settings), await start(smtp.settings)];
      const tenant = await found(one, 'two', ['boss', 'bob']);
      await two.planReports();
      clock.advance(DAY);
      await Promise.all([one.planReports(), two.planReports()]);
      await expect.poll(async () => (await lastRun(one, tenant))?.['state'], waiting).toBe('done');
      expect(smtp.mailsTo(emailOf('boss.two'))).toHaveLength(1);
      expect(smtp.mailsTo(emailOf('bob.two'))).toHaveLength(1);
      expect(await storedRecords(one.database, tenant, 'reportRun')).toHaveLength(1);
      await one.close();
      await two.close();
    });
  }
});
