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
  spawnServer,
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
      { id: id('eve'), role: 'sales_rep' },
      { id: id('max'), role: 'sales_rep' },
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
    'ANA-13 a mail whose answer is lost is not sent again by itself, the others of its run go on, and its owner decides',
    { timeout: 90_000 },
    async () => {
      const server = await start(smtp.settings);
      const tenant = await found(server, 'lost', ['boss', 'bob', 'eve', 'max']);
      const to = (who: string) => smtp.mailsTo(emailOf(`${who}.lost`));
      const states = async () =>
        recipientsOf((await lastRun(server, tenant)) ?? {}).map(({ userId, state }) => `${userId}: ${state}`);
      const silent = [emailOf('bob.lost'), emailOf('max.lost')];
      for (const address of silent) smtp.silent.add(address);
      await dayLater(server);
      await expect.poll(() => to('bob').length + to('max').length, waiting).toBe(2);
      smtp.cut();
      const after = ['boss.lost: sent', 'bob.lost: unconfirmed', 'eve.lost: sent', 'max.lost: unconfirmed'];
      await expect.poll(states, waiting).toEqual(after);
      expect((await lastRun(server, tenant))?.['state']).toBe('unconfirmed');
      // The owner is told once, by name, with the report it got itself.
      await expect.poll(() => to('boss').map(({ subject }) => subject), waiting).toHaveLength(2);
      const notice = to('boss').find(({ attachments }) => attachments.length === 0);
      expect(notice?.subject).toBe('Nobody knows whether “Daily pipeline” reached everybody');
      expect(notice?.text).toContain('– Person bob.lost\n– Person max.lost');

      for (const address of silent) smtp.silent.delete(address);
      const [boss, bob] = [await signIn(server, 'boss.lost'), await signIn(server, 'bob.lost')];
      const runId = (await lastRun(server, tenant))?.id ?? '';
      const decide = (token: string, userId: string, isArrived: boolean, run = runId) =>
        call(server, `/api/v1/analytics/report-schedules/s1/runs/${run}/unconfirmed`, {
          method: 'POST',
          token,
          body: { userId, isArrived },
        });
      expect(codeOf(await decide(bob.accessToken, 'bob.lost', false))).toBe('not_found');
      expect(codeOf(await decide(boss.accessToken, 'bob.lost', false, 'another'))).toBe('not_found');
      expect((await decide(boss.accessToken, 'max.lost', true)).status).toBe(202);
      expect((await decide(boss.accessToken, 'bob.lost', false)).status).toBe(202);
      // Asked twice, it goes once; of a mail that went for certain nobody asks.
      await decide(boss.accessToken, 'bob.lost', false);
      await decide(boss.accessToken, 'eve.lost', false);
      await expect.poll(async () => (await lastRun(server, tenant))?.['state'], waiting).toBe('done');
      expect(['bob', 'max', 'eve'].map((who) => to(who).length)).toEqual([2, 1, 1]);
      // What left twice is written down twice.
      expect(await storedRecords(server.database, tenant, 'dataExport')).toHaveLength(5);
      await server.close();
    },
  );

  test(
    'ANA-13 a server that is killed between handing a mail over and noting it sends nobody two, and tells of whom it does not know',
    { timeout: 120_000 },
    async () => {
      const own = await engine.createLocation();
      const twoDaysAgo = createManualClock(Date.now() - 2 * DAY);
      const first = await startServer({ location: own.location, clock: twoDaysAgo, mail: smtp.settings });
      const tenant = await found(first, 'dies', ['boss', 'bob', 'eve']);
      await first.close();
      const to = (who: string) => smtp.mailsTo(emailOf(`${who}.dies`));
      const withReport = (who: string) => to(who).filter(({ attachments }) => attachments.length > 0);
      const all = ['boss', 'bob', 'eve'];
      for (const who of all) smtp.silent.add(emailOf(`${who}.dies`));
      Object.assign(process.env, {
        OUTPOST_SMTP_URL: `smtp://127.0.0.1:${String(smtp.settings.port)}`,
        OUTPOST_MAIL_FROM: smtp.settings.from,
      });
      const place =
        'dataDir' in own.location ? ['--data', own.location.dataDir] : ['--database-url', own.location.databaseUrl];
      // Its clock is the real one, by which the report is long due.
      const killed = spawnServer(['--port', '0', ...place]);
      await killed.listening();
      const underWay = () => all.filter((who) => to(who).length > 0);
      await expect.poll(() => underWay().length, { timeout: 60_000, interval: 20 }).toBeGreaterThan(0);
      killed.child.kill('SIGKILL');
      await killed.ended();
      const unknown = underWay();
      smtp.silent.clear();

      const second = await startServer({
        location: own.location,
        clock: twoDaysAgo,
        mail: smtp.settings,
        jobTimes: quickJobs,
      });
      // As after the quarter of an hour for which a job that says nothing counts as running.
      await second.database.script(
        `UPDATE outpost_jobs.job SET state = 'retry', start_after = now() WHERE state = 'active'`,
      );
      await second.planReports();
      await expect.poll(async () => (await lastRun(second, tenant))?.['state'], waiting).toBe('unconfirmed');
      const run = await lastRun(second, tenant);
      const known = recipientsOf(run ?? {}).flatMap(({ userId, state }) => (state === 'sent' ? [userId] : []));
      const wasKnown = (who: string): boolean => known.includes(`${who}.dies`);
      expect(unknown.filter(wasKnown)).toEqual([]);
      await expect.poll(() => to('boss').some(({ attachments }) => attachments.length === 0), waiting).toBe(true);
      for (const who of all) expect(withReport(who).length, who).toBeLessThanOrEqual(1);
      for (const who of [...unknown, ...all.filter(wasKnown)]) expect(withReport(who), who).toHaveLength(1);
      await second.close();
      await own.remove();
    },
  );

  test(
    'ANA-13 a mail that the server did not take over in the end is tried again, and goes once',
    { timeout: 90_000 },
    async () => {
      const server = await start(smtp.settings);
      const tenant = await found(server, 'busy', ['boss']);
      smtp.busy.add(emailOf('boss.busy'));
      await dayLater(server);
      await expect.poll(() => smtp.busy.size, waiting).toBe(0);
      await expect.poll(async () => (await lastRun(server, tenant))?.['state'], waiting).toBe('done');
      expect(smtp.mailsTo(emailOf('boss.busy'))).toHaveLength(1);
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
