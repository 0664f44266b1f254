import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainOperations } from '#server/observe/operations-settings.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { AlertRule } from '#shared/observe/alert-rules.ts';
import type { AlertOverview } from '#shared/sync/alert-messages.ts';
import type { Diagnosis } from '#shared/sync/diagnosis-messages.ts';
import { quickJobs } from '#test/support/report-world.ts';
import { recipientOf, startSmtp, type TestSmtp } from '#test/support/smtp-server.ts';
import { call, codeOf, foundCompany, signIn, startServer, type TestServer } from '#test/support/start-server.ts';

const waiting = { timeout: 30_000, interval: 100 };
const MINUTE_MS = 60_000;
let server: TestServer;
let smtp: TestSmtp;
const folder = mkdtempSync(join(tmpdir(), 'outpost-alerts-'));
beforeAll(async () => {
  smtp = await startSmtp();
  const backup = { folder: join(folder, 'backups'), key: { kind: 'keyFile', path: join(folder, 'key') } } as const;
  server = await startServer({ mail: smtp.settings, jobTimes: quickJobs, operations: { ...plainOperations, backup } });
  await foundCompany(server, 'north', [
    { id: 'ada', role: 'org_admin' },
    { id: 'max', role: 'org_admin' },
    { id: 'rene', role: 'sales_rep' },
  ]);
}, 120_000);
afterAll(async () => {
  await server.remove();
  await smtp.stop();
  rmSync(folder, { recursive: true, force: true });
});

const token = async (person: string) => (await signIn(server, person)).accessToken;
const read = async (person = 'ada'): Promise<AlertOverview> =>
  (await call(server, '/api/v1/alerts', { token: await token(person) })).body as AlertOverview;
const diagnose = async (person = 'ada'): Promise<Diagnosis> =>
  (await call(server, '/api/v1/diagnosis', { token: await token(person) })).body as Diagnosis;

const limited: AlertRule = {
  id: 'too-many',
  name: 'Somebody hurries',
  metric: 'limited',
  comparison: 'above',
  limit: 3,
  windowMinutes: 10,
  severity: 'critical',
  recipientIds: ['max', 'rene'],
  isOn: true,
};
const save = async (rule: AlertRule, person = 'ada') =>
  call(server, '/api/v1/alerts/rule', { method: 'PUT', token: await token(person), body: rule });

/** Requests that are refused as too many, as they stand among the counts. */
async function refuseMany(count: number): Promise<void> {
  await server.database.inTenant('north' as TenantId, (session) =>
    session.query(
      `INSERT INTO monitor_usage AS u (tenant, kind, subject, at, step, requests, errors, refused, limited, total_ms, min_ms, max_ms)
       VALUES ('north', 'endpoint', 'POST /sync/v1/push', $1::bigint, 300000, $2::bigint, 0, $2::bigint, $2::bigint, 1, 1, 1)
       ON CONFLICT (tenant, kind, at, subject, step) DO UPDATE SET limited = u.limited + excluded.limited`,
      [server.clock.now(), count],
    ),
  );
}

describe('alerts', () => {
  it('OBS-09 are there from the beginning, with service levels, and none is open when all is well', async () => {
    const { rules, alerts, mayChange } = await read();
    expect(rules.map(({ rule }) => rule.metric)).toEqual(expect.arrayContaining(['errorRate', 'availability', 'disk']));
    expect(alerts.filter(({ rule }) => rule.metric === 'errorRate' || rule.metric === 'limited')).toEqual([]);
    expect(mayChange).toBe(true);
    expect(codeOf(await call(server, '/api/v1/alerts', { token: await token('rene') }))).toBe('action_forbidden');
  });

  it(
    'OBS-09 begin once when a rule is broken and end once, with a mail each time to those who may see it',
    { timeout: 90_000 },
    async () => {
      expect((await save(limited)).status).toBe(200);
      expect(codeOf(await save(limited, 'rene'))).toBe('action_forbidden');
      await refuseMany(10);
      await Promise.all([server.lookAtAlerts(), server.lookAtAlerts()]);
      await server.lookAtAlerts();
      const open = async () =>
        (await read()).alerts.filter(({ rule, endedAt }) => rule.id === 'too-many' && endedAt === null);
      expect(await open()).toMatchObject([{ value: 10, worst: 10, seenAt: null }]);
      await expect.poll(() => smtp.mails.length, waiting).toBe(1);
      const [mail] = smtp.mails;
      if (mail === undefined) throw new Error('a mail is there');
      expect(recipientOf(mail)).toBe('max@example.test');
      expect(mail.subject).toContain('Somebody hurries');
      expect(mail.text).toContain('10');
      const [alert] = await open();
      await call(server, '/api/v1/alerts/seen', { token: await token('ada'), body: { id: alert?.id } });
      expect(await open()).toMatchObject([{ seenBy: 'ada' }]);
      server.clock.advance(20 * MINUTE_MS);
      await Promise.all([server.lookAtAlerts(), server.lookAtAlerts()]);
      expect(await open()).toEqual([]);
      await expect.poll(() => smtp.mails.length, waiting).toBe(2);
      expect(smtp.mails[1]?.subject).toContain('well again');
      const notices = await server.database.inTenant('north' as TenantId, (session) =>
        session.query<{ owner: string; title: string }>(
          `SELECT data ->> 'ownerId' AS owner, data ->> 'title' AS title FROM record
           WHERE tenant = 'north' AND kind = 'announcement' ORDER BY rev`,
        ),
      );
      expect(notices.map(({ owner, title }) => [owner, title])).toEqual(
        smtp.mails.map(({ subject }) => ['max', subject]),
      );
    },
  );

  it('OBS-09 a rule about the machine is changed by whoever runs the server', async () => {
    const rule = (await read()).rules.find((one) => one.rule.metric === 'memory')?.rule;
    if (rule === undefined) throw new Error('the only administrator runs the server');
    expect((await save({ ...rule, limit: 0 })).status).toBe(200);
    const open = (await read()).alerts.filter((alert) => alert.rule.metric === 'memory' && alert.endedAt === null);
    expect(open).toHaveLength(1);
    await save(rule);
  });

  it('OBS-09 a built-in rule that is forgotten is what it was, an own one is gone', async () => {
    const forget = async (id: string) =>
      call(server, '/api/v1/alerts/rule/forget', { token: await token('ada'), body: { id } });
    await save({ ...limited, id: 'own', recipientIds: [] });
    await forget('own');
    await forget('too-many');
    const { rules } = await read();
    expect(rules.some(({ rule }) => rule.id === 'own')).toBe(false);
    expect(rules.find(({ rule }) => rule.id === 'too-many')?.rule).toMatchObject({ name: '', limit: 100 });
  });
});

describe('the diagnosis', () => {
  const partOf = async (part: string) => (await diagnose()).checks.find((check) => check.part === part);

  it('ENG-09 ENG-10 names every part, and none fails when all is well', async () => {
    const { checks, isOperator } = await diagnose();
    expect(isOperator).toBe(true);
    expect(checks.map(({ part }) => part)).toEqual(
      expect.arrayContaining([
        'database',
        'requests',
        'limits',
        'rights',
        'jobs',
        'mail',
        'backup',
        'errorTracker',
        'disk',
        'audit',
      ]),
    );
    expect(await partOf('database')).toMatchObject({ status: 'ok' });
    expect(await partOf('mail')).toMatchObject({ status: 'ok' });
    expect(await partOf('backup')).toMatchObject({ status: 'warning', code: 'none' });
    expect(codeOf(await call(server, '/api/v1/diagnosis', { token: await token('rene') }))).toBe('action_forbidden');
  });

  it('ENG-10 names a queue that is paused', async () => {
    const pause = async (isPaused: boolean) =>
      call(server, '/api/v1/jobs/queue', {
        method: 'PUT',
        token: await token('ada'),
        body: { queue: 'emails', isPaused },
      });
    await pause(true);
    expect(await partOf('jobs')).toMatchObject({ status: 'warning', code: 'paused', facts: { queue: 'emails' } });
    await pause(false);
    expect(await partOf('jobs')).toMatchObject({ status: 'ok' });
  });

  it('ENG-10 names the endpoint that fails and the correlation id to look for', async () => {
    await server.database.asOwner((session) => session.query('ALTER TABLE health_rule RENAME TO gone'));
    await call(server, '/api/v1/alerts', {
      token: await token('ada'),
      headers: { 'x-correlation-id': 'the-failing-one' },
    });
    await server.database.asOwner((session) => session.query('ALTER TABLE gone RENAME TO health_rule'));
    expect(await partOf('requests')).toMatchObject({
      status: 'warning',
      code: 'errors',
      facts: { endpoint: 'GET /api/v1/alerts', correlationId: 'the-failing-one' },
    });
  });

  it('ENG-10 names the mail server that is gone, and says so when it is asked again', async () => {
    await smtp.stop();
    server.clock.advance(10 * MINUTE_MS);
    expect(await partOf('mail')).toMatchObject({ status: 'failed', code: 'down' });
  });
});
