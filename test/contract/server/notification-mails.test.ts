import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { DatabaseLocation } from '#server/store/database.ts';
import { quickJobs, recordOf, seed } from '#test/support/report-world.ts';
import { makePng } from '#test/support/make-png.ts';
import { startSmtp, type TestSmtp } from '#test/support/smtp-server.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import {
  createManualClock,
  createOrganizationWith,
  emailOf,
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

describe.each(sqlEngines)('mails of notifications on $name', (engine) => {
  let location: DatabaseLocation;
  let remove: () => Promise<void>;
  let smtp: TestSmtp;
  let server: TestServer;
  let clock: ManualClock;
  let count = 0;
  let tenant: TenantId;

  beforeAll(async () => {
    ({ location, remove } = await engine.createLocation());
    smtp = await startSmtp();
    // A Friday.
    clock = createManualClock(Date.parse('2026-11-27T03:00:00Z'));
    server = await startServer({ location, clock, mail: smtp.settings, jobTimes: quickJobs });
  }, 90_000);

  afterAll(async () => {
    await server.remove();
    await smtp.stop();
    await remove();
  });

  beforeEach(async () => {
    count += 1;
    const own = people.map((person) => ({ ...person, id: idOf(person.id) }));
    tenant = await createOrganizationWith(server, `${engine.name}-${String(count)}`, own);
  });

  const idOf = (name: string): string => `${name}-${String(count)}`;
  const mailsTo = (name: string) => smtp.mailsTo(emailOf(idOf(name)));
  const put = (
    kind: EntityName,
    id: string,
    owner: string,
    values: Readonly<Record<string, unknown>>,
  ): Promise<void> => {
    const at = toInstant(clock.now());
    const record: AnyRecord = {
      ...recordOf(kind, `${id}-${String(count)}`, idOf(owner), values),
      createdAt: at,
      updatedAt: at,
    };
    return seed(server.database, tenant, [record]);
  };
  const taskFor = (owner: string, values: Readonly<Record<string, unknown>> = {}): Promise<void> =>
    put('task', 'task', owner, {
      subject: 'Call <b>Mill</b>',
      status: 'open',
      priority: 'high',
      visibility: 'assigned',
      dueDate: '2026-12-24',
      assignedBy: idOf('boss'),
      ...values,
    });
  /** Whatever was owed before this is out: the last one to be planned goes last. */
  async function settle(): Promise<void> {
    await server.lookAtNotifications();
    await put('task', 'last', 'bob', {
      subject: 'Last',
      status: 'open',
      priority: 'low',
      visibility: 'assigned',
      assignedBy: idOf('boss'),
    });
    await server.lookAtNotifications();
    await expect.poll(() => mailsTo('bob').some(({ subject }) => subject?.includes('Last')), waiting).toBe(true);
  }

  test('TSK-18 TSK-19 a new task is mailed once to its assignee, with the subject and the variables named, as text', async () => {
    await taskFor('bob');
    await server.lookAtNotifications();
    await server.lookAtNotifications();
    await settle();
    const found = mailsTo('bob').filter(({ subject }) => subject?.includes('Mill'));
    expect(found.map(({ subject }) => subject)).toEqual(['New Task Assigned: Call <b>Mill</b>']);
    const { html, text = '' } = found[0] ?? {};
    for (const word of ['24 Dec', 'High', idOf('boss')]) expect(text.toLowerCase()).toContain(word.toLowerCase());
    expect(html).toContain('Call &lt;b&gt;Mill&lt;/b&gt;');
    expect(html).not.toContain('{');
  });

  test('IDT-14 a mail looks as the organization does: its name, its logo inside, its colour; and nothing of it is markup', async () => {
    const logo = makePng(24, 24);
    const brand = { brandName: 'Nord <b>wind</b>', brandLogo: logo.toString('base64'), brandAccent: '#0e7490' };
    const at = toInstant(clock.now());
    const record: AnyRecord = {
      ...recordOf('organization', 'organization', idOf('boss'), { currency: 'EUR', ...brand }),
      createdAt: at,
      updatedAt: at,
    };
    await seed(server.database, tenant, [record]);
    await taskFor('bob');
    await settle();
    const [mail] = mailsTo('bob').filter(({ subject }) => subject?.includes('Mill'));
    expect(mail?.html).toContain('Nord &lt;b&gt;wind&lt;/b&gt;');
    expect(mail?.html).toContain('border-bottom:3px solid #0e7490');
    expect(mail?.html).not.toMatch(/(?:src|href)="https?:/);
    const [picture] = mail?.attachments ?? [];
    expect(picture).toMatchObject({ contentType: 'image/png', contentDisposition: 'inline', cid: 'logo' });
    expect(picture?.content.equals(logo)).toBe(true);
  });

  test('TSK-14 nobody is mailed what was read in the application, is not wanted, or falls into quiet hours', async () => {
    await taskFor('ann');
    await put('notificationMark', 'mark', 'ann', {
      keys: [`task.assigned task-${String(count)} ${idOf('boss')}`],
      act: 'read',
      through: toInstant(clock.now()),
    });
    await settle();
    expect(mailsTo('ann')).toEqual([]);
    await put('task', 'second', 'ann', {
      subject: 'Second',
      status: 'open',
      visibility: 'assigned',
      assignedBy: idOf('boss'),
    });
    // 03:00 UTC is 04:00 in Berlin.
    await put('notificationPreference', 'wish', 'ann', { quietHours: { enabled: true, start: '22:00', end: '04:30' } });
    await server.lookAtNotifications();
    await put('task', 'other', 'bob', {
      subject: 'Last again',
      status: 'open',
      visibility: 'assigned',
      assignedBy: idOf('boss'),
    });
    await server.lookAtNotifications();
    await expect.poll(() => mailsTo('bob').length, waiting).toBe(2);
    expect(mailsTo('ann')).toEqual([]);
    clock.advance(45 * 60_000);
    await server.lookAtNotifications();
    await expect.poll(() => mailsTo('ann').map(({ subject }) => subject), waiting).toEqual(['Neue Aufgabe: Second']);
  });

  test('TSK-14 D14 a digest is made of what its reader sees in the morning, in the own language, and is none when nothing is unread', async () => {
    await put('notificationPreference', 'wish-a', 'ann', { emailDigest: 'daily', taskAssignments: false });
    await put('notificationPreference', 'wish-b', 'bob', {
      emailDigest: 'daily',
      taskAssignments: false,
      taskDeadlines: false,
    });
    await put('task', 'mine', 'ann', {
      subject: 'Fällig heute',
      status: 'open',
      visibility: 'assigned',
      dueAt: toInstant(clock.now()),
      createdBy: idOf('ann'),
    });
    // Due tomorrow, and to be told of a day before.
    await put('task', 'ahead', 'ann', {
      subject: 'Morgen fällig',
      status: 'open',
      visibility: 'assigned',
      dueAt: toInstant(clock.now() + 29 * 3_600_000),
      reminders: ['d1'],
      createdBy: idOf('ann'),
    });
    await put('task', 'theirs', 'bob', {
      subject: 'Not for Ann',
      status: 'open',
      visibility: 'assigned',
      dueAt: toInstant(clock.now()),
    });
    clock.advance(6 * 3_600_000);
    await server.lookAtNotifications();
    await expect
      .poll(
        () =>
          mailsTo('ann')
            .map(({ subject }) => subject)
            .toSorted((a = '', b = '') => a.localeCompare(b)),
        waiting,
      )
      .toEqual(['Erinnerung: Fällig heute', 'Erinnerung: Morgen fällig', 'Ihr Eingang: 2 ungelesen']);
    const digest = mailsTo('ann').find(({ subject }) => subject?.startsWith('Ihr Eingang'));
    expect(digest?.text).toContain('Fällig heute');
    expect(digest?.text).not.toContain('Not for Ann');
    await server.lookAtNotifications();
    expect(mailsTo('bob')).toEqual([]);
    expect(mailsTo('ann')).toHaveLength(3);
  });
});
