// Who signs in on a computer the account was never used on is told in the inbox and by mail, in the own language; not of the first
// one, not of those set up with it, and of each one once.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { DatabaseLocation } from '#server/store/database.ts';
import { stableId } from '#server/jobs/stable-id.ts';
import { findRecord } from '#server/sync/write-record.ts';
import { quickJobs } from '#test/support/report-world.ts';
import { startSmtp, type TestSmtp } from '#test/support/smtp-server.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import {
  createManualClock,
  createOrganizationWith,
  emailOf,
  signIn,
  startServer,
  type ManualClock,
  type TestServer,
} from '#test/support/start-server.ts';

const waiting = { timeout: 30_000, interval: 100 };
const people = [
  { id: 'boss', role: 'org_admin' },
  { id: 'ann', role: 'sales_rep', locale: 'de', timeZone: 'Europe/Berlin' },
  { id: 'bob', role: 'sales_rep' },
];
const HOUR_MS = 3_600_000;

describe.each(sqlEngines)('sign-ins on new computers on $name', (engine) => {
  let location: DatabaseLocation;
  let remove: () => Promise<void>;
  let smtp: TestSmtp;
  let server: TestServer;
  let clock: ManualClock;
  let tenant: TenantId;

  beforeAll(async () => {
    ({ location, remove } = await engine.createLocation());
    smtp = await startSmtp();
    clock = createManualClock(Date.parse('2026-11-27T09:00:00Z'));
    server = await startServer({ location, clock, mail: smtp.settings, jobTimes: quickJobs });
    tenant = await createOrganizationWith(server, 'new-devices', people);
  }, 90_000);

  afterAll(async () => {
    await server.remove();
    await smtp.stop();
    await remove();
  });

  async function noticeOf(sessionId: string) {
    const id = stableId('new-device-notice', tenant, sessionId);
    return (await server.database.inTenant(tenant, (session) => findRecord(session, tenant, 'announcement', id)))
      ?.record;
  }
  const mailsTo = (name: string) => smtp.mailsTo(emailOf(name));

  test('IDT-09 TSK-08 the first computer and those set up within an hour are not told, a later one is, once, in the inbox and by mail', async () => {
    const first = await signIn(server, 'ann', 'laptop');
    const second = await signIn(server, 'ann', 'desktop');
    await signIn(server, 'bob', 'bobs-laptop');
    clock.advance(HOUR_MS);
    const again = await signIn(server, 'ann', 'laptop');
    const stranger = await signIn(server, 'ann', 'stranger');
    await expect
      .poll(() => noticeOf(stranger.sessionId), waiting)
      .toMatchObject({
        ownerId: 'ann',
        topic: 'security',
        sharing: 'person',
        title: 'Neue Anmeldung von Test computer',
      });
    await expect.poll(() => mailsTo('ann').length, waiting).toBe(1);
    const [mail] = mailsTo('ann');
    expect(mail?.subject).toBe('Neue Anmeldung von Test computer');
    // In the time zone of the person.
    expect(mail?.text).toContain('27.11.2026, 11:00');
    expect(mail?.text).toContain('127.0.0.1');
    const seen = await signIn(server, 'ann', 'stranger');
    const other = await signIn(server, 'bob', 'bobs-tablet');
    await expect
      .poll(() => mailsTo('bob').map(({ subject }) => subject), waiting)
      .toEqual(['New sign-in from Test computer']);
    expect(await noticeOf(other.sessionId)).toMatchObject({ title: 'New sign-in from Test computer' });
    // Jobs go in their order: what was to be told of the others would be there by now.
    for (const { sessionId } of [first, second, again, seen]) expect(await noticeOf(sessionId)).toBeUndefined();
    expect(mailsTo('ann')).toHaveLength(1);
  });
});
