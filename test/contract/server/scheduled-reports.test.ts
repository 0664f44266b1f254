import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { recipientsOf } from '#shared/entities/report-run/report-run.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { DatabaseLocation } from '#server/store/database.ts';
import { readPdfPages, readPictures, readZipEntry } from '#test/support/read-exports.ts';
import {
  dealOf,
  dealsByOwner,
  quickJobs,
  recordOf,
  reportOf,
  scheduleOf,
  seed,
  storedRecords,
} from '#test/support/report-world.ts';
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
const HOUR = 3_600_000;

const people = [
  { id: 'boss', role: 'org_admin' },
  { id: 'ann', role: 'manager', locale: 'de', timeZone: 'Europe/Berlin' },
  { id: 'bob', role: 'sales_rep' },
  { id: 'eve', role: 'viewer' },
];

describe.each(sqlEngines)('scheduled reports on $name', (engine) => {
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
    clock = createManualClock(Date.parse('2026-11-27T03:00:00Z'));
    server = await startServer({ location, clock, mail: smtp.settings, jobTimes: quickJobs });
  }, 90_000);

  afterAll(async () => {
    await server.remove();
    await smtp.stop();
    await remove();
  });

  afterEach(() => {
    smtp.refused.clear();
  });

  /** A company of its own for each test; its people have addresses of their own. */
  async function found(records: readonly AnyRecord[]): Promise<void> {
    count += 1;
    const own = people.map((person) => ({ ...person, id: `${person.id}-${String(count)}` }));
    tenant = await createOrganizationWith(server, `${engine.name}-${String(count)}`, own);
    await seed(server.database, tenant, records);
    await server.planReports();
  }
  const who = (name: string): string => `${name}-${String(count + 1)}`;
  const mailsTo = (name: string) => smtp.mailsTo(emailOf(`${name}-${String(count)}`));
  const runs = () => storedRecords(server.database, tenant, 'reportRun');
  const statesOf = (run: AnyRecord | undefined) =>
    Object.fromEntries(
      recipientsOf(run ?? {}).map(({ userId, state, reason }) => [
        userId.split('-')[0] ?? '',
        reason === null ? state : `${state}: ${reason}`,
      ]),
    );
  const attachmentOf = (name: string): string => mailsTo(name)[0]?.attachments[0]?.content.toString('utf8') ?? '';

  async function dayLater(): Promise<void> {
    clock.advance(24 * HOUR);
    await server.planReports();
  }

  test('ANA-13 a report scheduled for oneself is mailed as a file when it is due', { timeout: 60_000 }, async () => {
    await found([
      dealOf('d1', who('boss'), 100_000),
      dealOf('d2', who('bob'), 50_050),
      reportOf('report-1', who('boss'), 'private'),
      scheduleOf('s1', who('boss'), [who('boss')], { subject: 'Good morning', message: 'Have a look.' }),
    ]);
    expect(await runs()).toEqual([]);
    await dayLater();
    await expect.poll(() => mailsTo('boss'), waiting).toHaveLength(1);
    const [mail] = mailsTo('boss');
    expect(mail?.subject).toBe('Good morning');
    expect(mail?.text).toContain('Have a look.');
    expect(mail?.from?.text).toContain('crm@outpost.test');
    const [attachment] = mail?.attachments ?? [];
    expect(attachment?.contentType).toBe('text/csv');
    expect(attachment?.filename).toBe('Pipeline report-1 2026-11-28.csv');
    expect(attachmentOf('boss')).toContain('1500.5');
    await expect.poll(async () => (await runs())[0]?.['state'], waiting).toBe('done');
    const [run] = await runs();
    expect(run).toMatchObject({
      scheduleId: 's1',
      dueAt: '2026-11-27T06:00:00.000Z',
      ownerId: `boss-${String(count)}`,
    });
    await server.planReports();
    expect(await runs()).toHaveLength(1);
  });

  test(
    'ANA-18 two recipients get the figures of their own records and fields, each in the own language',
    { timeout: 60_000 },
    async () => {
      await found([
        dealOf('d1', who('boss'), 100_000),
        dealOf('d2', who('bob'), 50_000),
        reportOf('report-1', who('boss')),
        recordOf('fieldRule', 'rule-1', null, { role: 'viewer', entity: 'deal', field: 'amount', mode: 'hidden' }),
        scheduleOf('s1', who('boss'), [who('boss'), who('bob'), who('eve'), who('ann')]),
      ]);
      await dayLater();
      await expect.poll(async () => (await runs())[0]?.['state'], waiting).toBe('done');
      expect(attachmentOf('boss')).toContain('1500');
      // A representative sees the own deal, a viewer sees both and no amount.
      expect(attachmentOf('bob')).toMatch(/Total,1,500/);
      expect(attachmentOf('bob')).not.toContain('1000');
      expect(attachmentOf('eve')).toMatch(/Total,2(\r|\n)/);
      expect(attachmentOf('eve')).not.toMatch(/500|1000|Amount,/);
      expect(mailsTo('ann')[0]?.subject).toMatch(/^Pipeline report-1 – \d\d\.11\.2026$/);
      expect(attachmentOf('ann')).toContain('Gesamt');
      const exports = await storedRecords(server.database, tenant, 'dataExport');
      const about = (name: string) => exports.find(({ ownerId }) => ownerId === `${name}-${String(count)}`);
      expect(exports).toHaveLength(4);
      expect(about('eve')).toMatchObject({ subject: 'report', source: 'deal', format: 'csv' });
      expect(about('eve')?.['columns']).not.toContain('deal.amount');
      expect(about('eve')?.['leftOutFields']).toEqual(expect.arrayContaining(['deal.amount']));
      expect(about('bob')?.['columns']).toContain('deal.amount');
      const audit = await server.database.inTenant(tenant, (session) =>
        session.query<{ actor: string; outcome: string }>(
          `SELECT actor, outcome FROM audit WHERE tenant = $1 AND command = 'analytics_exported'`,
          [tenant],
        ),
      );
      expect(audit.map(({ actor }) => actor)).toEqual(Array(4).fill(`boss-${String(count)}`));
      // How many rows somebody got is not told to whoever scheduled it.
      expect(JSON.stringify((await runs())[0])).not.toMatch(/rowCount/);
    },
  );

  test(
    'ANA-13 who may not see it gets no mail, the others do, and the owner is told why',
    { timeout: 60_000 },
    async () => {
      const gone = recordOf('user', 'gone', 'gone', {
        name: 'Gone',
        email: 'gone@example.test',
        role: 'viewer',
        isActive: false,
      });
      const blind = recordOf('role', 'blind', null, { name: 'Blind', permissions: ['record.read'], scopes: {} });
      const reader = { name: 'Reader', email: 'reader@example.test', role: 'blind', isActive: true };
      await found([
        gone,
        blind,
        recordOf('user', 'reader', 'reader', reader),
        reportOf('report-1', who('ann'), 'private'),
        scheduleOf('s1', who('ann'), [who('ann'), who('bob'), 'gone', 'reader']),
      ]);
      await dayLater();
      await expect.poll(async () => (await runs())[0]?.['state'], waiting).toBe('partial');
      expect(statesOf((await runs())[0])).toEqual({
        ann: 'sent',
        bob: 'skipped: noReport',
        gone: 'skipped: deactivated',
        reader: 'skipped: noPermission',
      });
      expect(mailsTo('bob')).toEqual([]);
      await expect.poll(() => mailsTo('ann').map(({ attachments }) => attachments.length), waiting).toEqual([1, 0]);
      const notice = mailsTo('ann')[1]?.text ?? '';
      expect(notice).toContain('Person bob');
      expect(notice).toContain('sieht diesen Bericht nicht');
    },
  );

  test(
    'ANA-13 a run comes to nothing when its owner may not export any more, or is gone',
    { timeout: 60_000 },
    async () => {
      await found([
        reportOf('report-1', who('boss')),
        scheduleOf('s1', who('bob'), [who('bob')]),
        scheduleOf('s2', 'nobody', [who('bob')]),
        scheduleOf('s3', who('boss'), [who('boss')], { reportId: 'not-there' }),
      ]);
      await dayLater();
      await expect.poll(async () => (await runs()).length, waiting).toBe(3);
      const reasons = Object.fromEntries((await runs()).map((run) => [run['scheduleId'], run['reason']]));
      expect(reasons).toEqual({ s1: 'ownerMayNotExport', s2: 'ownerGone', s3: 'noReport' });
      expect(mailsTo('bob')).toEqual([]);
    },
  );

  test(
    'ANA-13 times for which no server was there are one run, the last, and it says how many',
    { timeout: 60_000 },
    async () => {
      await found([reportOf('report-1', who('boss')), scheduleOf('s1', who('boss'), [who('boss')])]);
      clock.advance(5 * 24 * HOUR);
      await server.planReports();
      await server.planReports();
      await expect.poll(async () => (await runs()).map((run) => run['missed']), waiting).toEqual([4]);
    },
  );

  test(
    'ANA-13 a schedule that is paused or taken back does not run, and begins anew afterwards',
    { timeout: 60_000 },
    async () => {
      await found([
        reportOf('report-1', who('boss')),
        scheduleOf('s1', who('boss'), [who('boss')], { isActive: false }),
        scheduleOf('s2', who('boss'), [who('boss')]),
      ]);
      await dayLater();
      await expect.poll(async () => (await runs()).map((run) => run['scheduleId']), waiting).toEqual(['s2']);
    },
  );

  test('ANA-13 an address that is refused for good is not tried again', { timeout: 60_000 }, async () => {
    smtp.refused.add(emailOf(who('bob')));
    await found([reportOf('report-1', who('boss')), scheduleOf('s1', who('boss'), [who('boss'), who('bob')])]);
    await dayLater();
    await expect.poll(async () => (await runs())[0]?.['state'], waiting).toBe('partial');
    expect(statesOf((await runs())[0])).toEqual({ boss: 'sent', bob: 'failed: refused' });
  });

  test('CRM-13 ANA-13 custom fields have their names in what is mailed, and keep to the rules of the recipient', async () => {
    const field = (slot: string, values: Readonly<Record<string, unknown>>): AnyRecord =>
      recordOf('customField', `deal.${slot}`, null, { entity: 'deal', slot, place: 1, ...values });
    const options = [{ value: 'sea', label: 'By sea' }];
    const spec = {
      ...dealsByOwner,
      rows: [{ field: 'cfChoice01' }],
      values: [{ kind: 'field', id: 'sum', aggregation: 'sum', field: 'cfNumber01' }],
    } as const;
    await found([
      field('cfChoice01', { label: 'Delivery', options }),
      field('cfNumber01', { label: 'Pallets' }),
      { ...dealOf('d1', who('boss'), 1), cfChoice01: 'sea', cfNumber01: 48 },
      reportOf('report-1', who('boss'), 'organization', spec),
      recordOf('fieldRule', 'r1', null, { role: 'viewer', entity: 'deal', field: 'cfChoice01', mode: 'hidden' }),
      scheduleOf('s1', who('boss'), [who('boss'), who('eve')]),
    ]);
    await dayLater();
    await expect.poll(async () => (await runs())[0]?.['state'], waiting).toBe('done');
    expect(attachmentOf('boss')).toContain('Delivery');
    expect(attachmentOf('boss')).toMatch(/By sea,48/);
    expect(attachmentOf('boss')).toMatch(/Pallets/);
    expect(attachmentOf('eve')).not.toContain('By sea');
  });

  test('ANA-17 every form arrives as the file it says it is', { timeout: 90_000 }, async () => {
    const forms = ['csv', 'xlsx', 'pdf', 'html'] as const;
    const byBoss = { field: 'ownerId', op: 'eq', value: who('boss') } as const;
    await found([
      dealOf('d1', who('boss'), 123_450),
      {
        ...reportOf('report-1', who('boss'), 'organization', { ...dealsByOwner, filter: byBoss }),
        look: { show: 'both', chart: { type: 'bar' } },
      },
      ...forms.map((format) => scheduleOf(`s-${format}`, who('boss'), [who('boss')], { format })),
    ]);
    await dayLater();
    await expect.poll(() => mailsTo('boss').length, waiting).toBe(4);
    const files = mailsTo('boss').flatMap(({ attachments }) => attachments);
    const file = (ending: string): Buffer =>
      files.find(({ filename }) => filename?.endsWith(ending))?.content ?? Buffer.of();
    const html = file('.html').toString('utf8');
    expect(html).toContain('Pipeline report-1');
    // Charts are drawings, and the filter is told with names.
    expect(html.match(/<svg role="img"/g)).toHaveLength(1);
    expect(/Filter: [^<]*/.exec(html)?.[0]).toBe(`Filter: Owner is Person boss-${String(count)}`);
    expect(file('.pdf').includes('/Subtype /Image')).toBe(false);
    expect(readPdfPages(file('.pdf')).join(' ')).toContain('Pipeline report-1');
    expect(readPdfPages(file('.pdf')).join(' ')).toContain('1,234.50');
    expect(file('.xlsx').subarray(0, 2).toString()).toBe('PK');
    // Excel holds no drawings: the chart is dots there, on the sheet about it.
    const dots = readZipEntry(file('.xlsx'), 'xl/media/image1.png');
    expect(dots.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect([dots.readUInt32BE(16), dots.readUInt32BE(20)]).toEqual([1440, 720]);
    expect(dots.length).toBeGreaterThan(4000);
    expect(readPictures(file('.xlsx'))).toHaveLength(1);
  });

  test('ANA-13 runs are kept for 90 days and then removed', { timeout: 60_000 }, async () => {
    await found([reportOf('report-1', who('boss')), scheduleOf('s1', who('boss'), [who('boss')])]);
    await dayLater();
    await expect.poll(async () => (await runs())[0]?.['state'], waiting).toBe('done');
    const [first] = await runs();
    clock.advance(92 * 24 * HOUR);
    await server.planReports();
    await expect.poll(async () => (await runs()).map(({ id }) => id), waiting).not.toContain(first?.id);
  });
});
