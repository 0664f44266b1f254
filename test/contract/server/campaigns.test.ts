import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { forgetRecipients } from '#server/campaigns/forget-recipients.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { campaignOf, contactOf, createCaller, leadOf, recipientsOf } from '#test/support/campaign-world.ts';
import { quickJobs, recordOf, seed, storedRecords } from '#test/support/report-world.ts';
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

const waiting = { timeout: 30_000, interval: 50 };
const HOUR = 3_600_000;

describe.each(sqlEngines)('campaigns on $name', (engine) => {
  let remove: () => Promise<void>;
  let smtp: TestSmtp;
  let server: TestServer;
  let clock: ManualClock;
  let count = 0;
  let tenant: TenantId;

  beforeAll(async () => {
    const created = await engine.createLocation();
    ({ remove } = created);
    smtp = await startSmtp();
    clock = createManualClock(Date.parse('2026-11-27T03:00:00Z'));
    server = await startServer({ location: created.location, clock, mail: smtp.settings, jobTimes: quickJobs });
  }, 90_000);

  afterAll(async () => {
    await server.remove();
    await smtp.stop();
    await remove();
  });

  beforeEach(() => {
    smtp.refused.clear();
  });

  const who = (name: string): string => `${name}-${String(count)}`;

  /** A company of its own for each test. */
  async function found(make: () => readonly AnyRecord[]): Promise<void> {
    count += 1;
    const people = [
      { id: who('boss'), role: 'org_admin', name: 'Grace Hopper' },
      { id: who('ann'), role: 'manager' },
      { id: who('bob'), role: 'sales_rep' },
      { id: who('zed'), role: 'marketing' },
    ];
    tenant = await createOrganizationWith(server, `${engine.name}-campaigns-${String(count)}`, people);
    await seed(server.database, tenant, make());
  }
  const as = async (name: string) => createCaller(server, await signIn(server, who(name)));
  /** Of whoever signs in anew each time: sessions end while the clock is moved. */
  const freshCall: ReturnType<typeof createCaller>['call'] = async (name, input) =>
    (await as('boss')).call(name, input);
  const mailsTo = (id: string) => smtp.mailsTo(`${id}-${String(count)}@example.com`);
  const address = (id: string) => ({ email: `${id}-${String(count)}@example.com` });
  const campaign = async (): Promise<AnyRecord | undefined> =>
    (await storedRecords(server.database, tenant, 'campaign'))[0];
  const isSent = () => expect.poll(async () => (await campaign())?.['state'], waiting).toBe('sent');

  test('EML-02 EML-07 a published campaign reaches each contact once, filled in, from whoever published it', async () => {
    await found(() => [
      contactOf('c1', who('boss'), address('c1')),
      contactOf('c2', who('boss'), { ...address('c2'), firstName: null, name: 'Zoë "Z"\r\nBcc: evil@example.com' }),
      campaignOf('k1', who('boss')),
    ]);
    const { call } = await as('boss');
    expect(await call('publishCampaign', { id: 'k1' })).toMatchObject({ success: true });
    await isSent();
    const [first] = mailsTo('c1');
    expect(mailsTo('c1')).toHaveLength(1);
    expect(first?.subject).toBe('Hello First c1');
    expect(first?.text).toContain('Dear Person c1,');
    expect(first?.from?.value[0]).toEqual({ name: 'Grace Hopper', address: 'crm@outpost.test' });
    expect(first?.replyTo?.value[0]?.address).toBe(emailOf(who('boss')));
    // C8: a name with line ends is one line, and nobody else gets the mail.
    const [second] = mailsTo('c2');
    expect(second?.subject).toBe('Hello there');
    expect(second?.bcc).toBeUndefined();
    expect(smtp.mailsTo('evil@example.com')).toEqual([]);
    expect(await call('campaignStats', { id: 'k1' })).toMatchObject({ total_sent: 2, open_rate: '0.0%', skipped: 0 });
    expect(await campaign()).toMatchObject({ totalSent: 2, publishedBy: who('boss'), state: 'sent' });
  });

  test('EML-08 publishing takes its own permission, and the audit says who published', async () => {
    await found(() => [contactOf('c1', who('ann'), address('c1')), campaignOf('k1', who('ann'))]);
    const manager = await as('ann');
    await expect(manager.call('publishCampaign', { id: 'k1' })).rejects.toThrow('action_forbidden');
    const boss = await as('boss');
    await boss.call('publishCampaign', { id: 'k1' });
    await isSent();
    const entries = await server.database.inTenant(tenant, (session) =>
      session.query<{ command: string; actor: string | null }>(
        `SELECT command, actor FROM audit WHERE tenant = $1 AND command LIKE 'campaign.%' ORDER BY no`,
        [tenant],
      ),
    );
    expect(entries).toEqual([
      { command: 'campaign.published', actor: who('boss') },
      { command: 'campaign.sent', actor: null },
    ]);
    await expect(boss.call('publishCampaign', { id: 'k1' })).rejects.toThrow('state:current');
  });

  test('EML-02 consent, suppression and rights decide who gets it, and each one left out is listed with the reason', async () => {
    const all = {
      parts: [
        { entity: 'contact', filter: { and: [] } },
        { entity: 'lead', viewId: 'new-leads' },
      ],
      without: ['c6'],
    };
    await found(() => [
      contactOf('c1', who('boss'), address('c1')),
      contactOf('c2', who('boss'), { ...address('c2'), emailOptOut: true }),
      contactOf('c3', who('boss'), { email: null }),
      contactOf('c4', who('boss'), { email: 'nobody at example' }),
      contactOf('c5', who('boss'), address('blocked')),
      contactOf('c6', who('boss'), address('c6')),
      leadOf('l1', who('boss'), { email: `C1-${String(count)}@EXAMPLE.com` }),
      leadOf('l2', who('boss'), { ...address('l2'), status: 'converted' }),
      leadOf('l3', who('boss'), address('l3')),
      leadOf('l4', who('boss'), { ...address('l4'), status: 'unqualified' }),
      recordOf('savedView', 'new-leads', who('boss'), {
        name: 'New leads',
        entity: 'lead',
        filter: { field: 'status', op: 'in', value: ['new', 'converted'] },
      }),
      campaignOf('k1', who('boss'), { audience: all }),
    ]);
    const { call } = await as('boss');
    await call('addSuppression', { address: `Blocked-${String(count)}@example.com` });
    const counted = await call('countAudience', { audience: all, timeZone: 'UTC' });
    await call('publishCampaign', { id: 'k1' });
    await isSent();
    const rows = await recipientsOf(server, tenant, 'k1');
    expect(Object.fromEntries(rows.map(({ recordId, state, reason }) => [recordId, reason ?? state]))).toEqual({
      c1: 'sent',
      c2: 'optedOut',
      c3: 'noAddress',
      c4: 'badAddress',
      c5: 'blocked',
      c6: 'excluded',
      l1: 'twice',
      l2: 'converted',
      l3: 'sent',
    });
    expect(counted.recipients).toBe(2);
    expect(Object.fromEntries(counted.leftOut.map(({ reason, count: number }) => [reason, number]))).toEqual({
      optedOut: 1,
      noAddress: 1,
      badAddress: 1,
      blocked: 1,
      excluded: 1,
      twice: 1,
      converted: 1,
    });
    expect(mailsTo('blocked')).toEqual([]);
    expect((await call('campaignRecipients', { id: 'k1', state: 'skipped' })).recipients).toHaveLength(7);
  });

  test('EML-02 whom the publisher does not see gets nothing, and a masked value reaches no mail', async () => {
    await found(() => [
      contactOf('c1', who('boss'), { ...address('c1'), phone: '+49 30 123456' }),
      recordOf('role', 'marketing', null, {
        name: 'Marketing',
        permissions: ['record.read', 'campaign.read', 'campaign.update', 'campaign.publish', 'campaign.create'],
        scopes: { contact: { read: 'all' }, campaign: { read: 'all', update: 'all', create: 'all' } },
      }),
      recordOf('fieldRule', 'rule-1', null, { role: 'marketing', entity: 'contact', field: 'phone', mode: 'hidden' }),
      campaignOf('k1', who('ann'), { body: 'Dear {name}, {phone|no number}.' }),
    ]);
    const marketing = await as('zed');
    await marketing.call('publishCampaign', { id: 'k1' });
    await isSent();
    expect(mailsTo('c1')[0]?.text).toContain('Dear Person c1, no number.');
    // A representative sees own contacts alone: none of these.
    const rep = await as('bob');
    const audience = { parts: [{ entity: 'contact', filter: { and: [] } }], without: [] };
    expect(await rep.call('countAudience', { audience, timeZone: 'UTC' })).toEqual({ recipients: 0, leftOut: [] });
  });

  test('RFC 8058 one click unsubscribes for good, a look at the link alone does not', async () => {
    await found(() => [contactOf('c1', who('boss'), address('c1')), campaignOf('k1', who('boss'))]);
    const { call } = await as('boss');
    await call('publishCampaign', { id: 'k1' });
    await isSent();
    const [mail] = mailsTo('c1');
    const list = mail?.headers.get('list') as { unsubscribe?: { url?: string } } | undefined;
    const url = list?.unsubscribe?.url ?? '';
    expect(url).toMatch(new RegExp(`^${server.url}/m/u/`));
    expect(mail?.headerLines.find(({ key }) => key === 'list-unsubscribe-post')?.line).toBe(
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
    );
    expect(mail?.text).toContain(url);
    const page = await fetch(url);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<form method="post"');
    expect((await storedRecords(server.database, tenant, 'contact'))[0]?.['emailOptOut']).toBeUndefined();
    const sent = await fetch(url, { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) });
    expect(sent.status).toBe(200);
    expect((await storedRecords(server.database, tenant, 'contact'))[0]?.['emailOptOut']).toBe(true);
    expect((await call('listSuppressions', {})).suppressions).toMatchObject([
      { reason: 'unsubscribed', campaignId: 'k1' },
    ]);
    expect(await call('campaignStats', { id: 'k1' })).toMatchObject({ unsubscribed: 1 });
    await expect(call('removeSuppression', { address: address('c1').email })).rejects.toThrow('address:current');
    // A link that was changed leads nowhere.
    expect((await fetch(`${url.slice(0, -4)}AAAA`, { method: 'POST', body: new URLSearchParams() })).status).toBe(404);
  });

  test('EML-03 EML-04 opens and clicks are counted by person, and rates are told as the documents tell them', async () => {
    await found(() => [
      ...['c1', 'c2', 'c3', 'c4'].map((id) => contactOf(id, who('boss'), address(id))),
      campaignOf('k1', who('boss')),
      // Letters that no header carries as they are.
      campaignOf('k2', who('boss'), { body: '<a href="https://пример.example/страница">x</a>', format: 'html' }),
    ]);
    const { call, ask } = await as('boss');
    await call('publishCampaign', { id: 'k1' });
    await isSent();
    const html = (id: string): string => String(mailsTo(id)[0]?.html);
    const pixel = (id: string): string => /<img src="([^"]+)"/.exec(html(id))?.[1] ?? '';
    const click = (id: string): string => /<a href="([^"]*\/m\/c\/[^"]+)"/.exec(html(id))?.[1] ?? '';
    for (const id of ['c1', 'c1', 'c2']) {
      const image = await fetch(pixel(id));
      expect([
        image.status,
        image.headers.get('content-type'),
        image.headers.get('cross-origin-resource-policy'),
      ]).toEqual([200, 'image/gif', 'cross-origin']);
    }
    // What is no person, by its own word, is led on and not counted.
    const machines = [
      { method: 'HEAD' },
      { headers: { 'sec-purpose': 'prefetch;prerender' } },
      { headers: { 'user-agent': 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)' } },
    ];
    for (const visit of machines) {
      expect((await fetch(pixel('c4'), visit)).status).toBe(200);
      const answer = await fetch(click('c4'), { ...visit, redirect: 'manual' });
      expect(answer.headers.get('location')).toBe('https://example.com/news?a=1&b=2');
    }
    for (const id of ['c1', 'c3']) {
      const answer = await fetch(click(id), { redirect: 'manual' });
      expect([answer.status, answer.headers.get('location')]).toEqual([302, 'https://example.com/news?a=1&b=2']);
    }
    const { body } = await ask('GET', '/api/email/campaigns/k1/stats');
    expect(body).toMatchObject({
      total_sent: 4,
      opened: 3,
      clicked: 2,
      bounced: 0,
      failed: 0,
      open_rate: '75.0%',
      click_rate: '50.0%',
      links: [
        {
          url: 'https://example.com/news?a=1&b=2',
          clicks: 2,
          people: 2,
          rate: '50.0%',
        },
      ],
    });
    await call('publishCampaign', { id: 'k2' });
    await expect.poll(() => mailsTo('c1').length, waiting).toBe(2);
    const foreign = /<a href="([^"]*\/m\/c\/[^"]+)"/.exec(String(mailsTo('c1')[1]?.html))?.[1] ?? '';
    const led = await fetch(foreign, { redirect: 'manual' });
    expect([led.status, led.headers.get('location')]).toEqual([302, new URL('https://пример.example/страница').href]);
    // No open redirect: whatever is made of a link leads to a page of this server.
    const token = click('c1').split('/').at(-1) ?? '';
    const forged = `${Buffer.from('c t k1 1 9').toString('base64url')}.${token.split('.')[1] ?? ''}`;
    for (const path of [`/m/c/${forged}`, '/m/c/x.y', `/m/c/${token}x?u=https://evil.example`])
      expect((await fetch(`${server.url}${path}`, { redirect: 'manual' })).status).toBe(404);
  });

  test('EML-02 refused addresses fail with the answer of the receiver, the others go out', async () => {
    await found(() => [
      contactOf('c1', who('boss'), address('c1')),
      contactOf('c2', who('boss'), address('c2')),
      campaignOf('k1', who('boss')),
    ]);
    smtp.refused.add(address('c1').email);
    const { call } = await as('boss');
    await call('publishCampaign', { id: 'k1' });
    await isSent();
    expect(await call('campaignStats', { id: 'k1' })).toMatchObject({ total_sent: 1, failed: 1 });
    const [failed] = (await call('campaignRecipients', { id: 'k1', state: 'failed' })).recipients;
    expect(failed).toMatchObject({ recordId: 'c1', state: 'failed' });
    expect(failed?.detail).toMatch(/^550 No such mailbox/);
    // Who sees the campaign need not see the contact: no answer of a receiver brings its address along.
    expect(failed?.detail).not.toContain('@');
  });

  test('EML-08 whoever only sees a campaign does not send it, try it, hold it up or end it', async () => {
    await found(() => [
      contactOf('c1', who('zed'), address('c1')),
      recordOf('role', 'marketing', null, {
        name: 'Marketing',
        permissions: ['record.read', 'campaign.read', 'campaign.update', 'campaign.publish'],
        scopes: { contact: { read: 'all' }, campaign: { read: 'all', update: 'own' } },
      }),
      campaignOf('k1', who('ann'), { scheduledAt: new Date(clock.now() + 2 * HOUR).toISOString() }),
      campaignOf('k2', who('zed'), { scheduledAt: new Date(clock.now() + 2 * HOUR).toISOString() }),
    ]);
    const boss = await as('boss');
    const marketing = await as('zed');
    for (const name of ['publishCampaign', 'testCampaign'] as const)
      await expect(marketing.call(name, { id: 'k1' }), name).rejects.toThrow('action_forbidden');
    await boss.call('publishCampaign', { id: 'k1' });
    for (const name of ['pauseCampaign', 'resumeCampaign', 'cancelCampaign', 'resendUnconfirmed'] as const)
      await expect(marketing.call(name, { id: 'k1' }), name).rejects.toThrow('action_forbidden');
    expect(await marketing.call('campaignStats', { id: 'k1' })).toMatchObject({ state: 'scheduled' });
    expect(await marketing.call('publishCampaign', { id: 'k2' })).toMatchObject({ success: true });
    await marketing.call('cancelCampaign', { id: 'k2' });
    await boss.call('cancelCampaign', { id: 'k1' });
  });

  test('EML-11 a campaign waits for its time, is spread by its throttle, and can be paused', async () => {
    await found(() => [
      ...['c1', 'c2', 'c3'].map((id) => contactOf(id, who('boss'), address(id))),
      campaignOf('k1', who('boss'), { scheduledAt: new Date(clock.now() + 2 * HOUR).toISOString(), perHour: 1 }),
    ]);
    const call = freshCall;
    await call('publishCampaign', { id: 'k1' });
    expect(await campaign()).toMatchObject({ state: 'scheduled' });
    expect(mailsTo('c1')).toEqual([]);
    clock.advance(2 * HOUR);
    await server.planCampaigns();
    await expect.poll(() => mailsTo('c1'), waiting).toHaveLength(1);
    expect(mailsTo('c2')).toEqual([]);
    await call('pauseCampaign', { id: 'k1' });
    clock.advance(HOUR);
    await server.planCampaigns();
    expect(mailsTo('c2')).toEqual([]);
    await call('resumeCampaign', { id: 'k1' });
    await expect.poll(() => mailsTo('c2'), waiting).toHaveLength(1);
    await call('cancelCampaign', { id: 'k1' });
    clock.advance(HOUR);
    await server.planCampaigns();
    expect(mailsTo('c3')).toEqual([]);
    expect(await campaign()).toMatchObject({ state: 'cancelled', totalSent: 2 });
  });

  test('EML-10 of two subjects the one with the higher rate goes to the others, and the figures say why', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `c${String(index + 10)}`);
    await found(() => [
      ...ids.map((id) => contactOf(id, who('boss'), address(id))),
      campaignOf('k1', who('boss'), {
        subject: 'Plain',
        subjectB: 'Better',
        testShare: 50,
        testBy: 'clicked',
        testHours: 2,
      }),
    ]);
    const call = freshCall;
    await call('publishCampaign', { id: 'k1' });
    const sent = () => ids.filter((id) => mailsTo(id).length > 0);
    await expect.poll(async () => (await call('campaignStats', { id: 'k1' })).total_sent, waiting).toBeGreaterThan(5);
    await expect.poll(async () => (await call('campaignStats', { id: 'k1' })).variants.length, waiting).toBe(2);
    const tested = sent();
    expect(tested.length).toBeLessThan(35);
    const better = tested.filter((id) => mailsTo(id)[0]?.subject === 'Better');
    for (const id of better)
      await fetch(/<a href="([^"]*\/m\/c\/[^"]+)"/.exec(String(mailsTo(id)[0]?.html))?.[1] ?? '', {
        redirect: 'manual',
      });
    clock.advance(2 * HOUR);
    await server.planCampaigns();
    await isSent();
    const others = ids.filter((id) => !tested.includes(id));
    expect(new Set(others.map((id) => mailsTo(id)[0]?.subject))).toEqual(new Set(['Better']));
    expect(ids.every((id) => mailsTo(id).length === 1)).toBe(true);
    expect((await call('campaignStats', { id: 'k1' })).winner).toMatchObject({
      variant: 'B',
      because: 'rate',
      rateB: 1,
    });
  });

  test('EML-09 a follow-up goes to those who did not open, so many days after', async () => {
    await found(() => [
      contactOf('c1', who('boss'), address('c1')),
      contactOf('c2', who('boss'), address('c2')),
      campaignOf('k1', who('boss')),
      campaignOf('k2', who('boss'), {
        audience: null,
        subject: 'Again',
        followsId: 'k1',
        followsWhen: 'notOpened',
        followsDays: 3,
      }),
    ]);
    const call = freshCall;
    await call('publishCampaign', { id: 'k2' });
    // Until the other one has gone out, nobody can say when.
    expect(await call('campaignStats', { id: 'k2' })).toMatchObject({ state: 'scheduled', next_at: null });
    await call('publishCampaign', { id: 'k1' });
    await expect.poll(async () => (await call('campaignStats', { id: 'k1' })).state, waiting).toBe('sent');
    expect((await call('campaignStats', { id: 'k2' })).next_at).toBe(clock.now() + 72 * HOUR);
    await fetch(/<img src="([^"]+)"/.exec(String(mailsTo('c1')[0]?.html))?.[1] ?? '');
    const count = { audience: { parts: [], without: [] }, timeZone: 'UTC' };
    expect(await call('countAudience', { ...count, follows: { campaignId: 'k1', when: 'notOpened' } })).toMatchObject({
      recipients: 1,
    });
    clock.advance(72 * HOUR);
    await server.planCampaigns();
    await expect.poll(async () => (await call('campaignStats', { id: 'k2' })).state, waiting).toBe('sent');
    expect(mailsTo('c1')).toHaveLength(1);
    expect(mailsTo('c2').map(({ subject }) => subject)).toEqual(['Hello First c2', 'Again']);
  });

  test('EML-09 what follows a campaign that is cancelled is cancelled with it, says why, and stays so', async () => {
    const follower = { audience: null, followsWhen: 'notOpened', followsDays: 1 };
    await found(() => [
      contactOf('c1', who('boss'), address('c1')),
      campaignOf('k1', who('boss'), { scheduledAt: '2027-03-01T09:00:00Z' }),
      campaignOf('k2', who('boss'), { ...follower, followsId: 'k1' }),
      campaignOf('k3', who('boss'), { ...follower, followsId: 'k2' }),
      campaignOf('k4', who('boss'), { ...follower, followsId: 'k1' }),
      campaignOf('k5', who('boss'), { scheduledAt: '2027-03-01T09:00:00Z' }),
    ]);
    const call = freshCall;
    for (const id of ['k1', 'k2', 'k3', 'k4', 'k5']) await call('publishCampaign', { id });
    await call('pauseCampaign', { id: 'k4' });
    await call('cancelCampaign', { id: 'k1' });
    const ended = { state: 'cancelled', trouble: 'followedCancelled' };
    for (const id of ['k2', 'k3', 'k4']) {
      expect(await call('campaignStats', { id })).toMatchObject(ended);
    }
    const records = await storedRecords(server.database, tenant, 'campaign');
    for (const id of ['k2', 'k3', 'k4']) expect(records.find((each) => each.id === id)).toMatchObject(ended);
    expect(await call('campaignStats', { id: 'k1' })).toMatchObject({ state: 'cancelled', trouble: null });
    expect(await call('campaignStats', { id: 'k5' })).toMatchObject({ state: 'scheduled' });
    await expect(call('resumeCampaign', { id: 'k4' })).rejects.toThrow('state:current');
    const told = await server.database.inTenant(tenant, (session) =>
      session.query<{ id: string; actor: string | null }>(
        `SELECT id, actor FROM audit WHERE tenant = $1 AND command = 'campaign.cancel' ORDER BY no`,
        [tenant],
      ),
    );
    expect(told.map(({ id }) => id).toSorted()).toEqual(['k1', 'k2', 'k3', 'k4']);
    expect(mailsTo('c1')).toEqual([]);
  });

  test('EML-01 a campaign with an unknown variable is not published, and the refusal names it', async () => {
    await found(() => [
      contactOf('c1', who('boss'), address('c1')),
      campaignOf('k1', who('boss'), { body: 'Dear {frist_name}' }),
    ]);
    const { call } = await as('boss');
    await expect(call('publishCampaign', { id: 'k1' })).rejects.toThrow('{frist_name}');
    expect(await campaign()).toMatchObject({ state: 'draft' });
  });

  test('EML-05 a program makes a template and a campaign of it, sends it and reads its figures', async () => {
    await found(() => [contactOf('c1', who('boss'), address('c1')), leadOf('l1', who('boss'), address('l1'))]);
    const { ask } = await as('boss');
    const template = await ask('POST', '/api/email/templates', {
      name: 'News',
      subject: '{month} at {company_name|your company}',
      body: 'Dear {name}',
    });
    expect(template.status).toBe(201);
    const { id: templateId } = template.body as { id: string };
    expect((await ask('GET', '/api/email/templates')).body).toMatchObject({
      templates: [{ id: templateId, name: 'News' }],
    });
    const unknown = await ask('POST', '/api/email/campaigns', {
      name: 'Launch',
      template_id: templateId,
      recipient_ids: ['c1', 'nobody'],
    });
    expect([unknown.status, JSON.stringify(unknown.body)]).toEqual([400, expect.stringContaining('nobody')]);
    const made = await ask('POST', '/api/email/campaigns', {
      name: 'Launch',
      template_id: templateId,
      recipient_ids: ['c1', 'l1'],
    });
    expect(made.status).toBe(201);
    const { id } = made.body as { id: string };
    expect((await ask('POST', `/api/email/campaigns/${id}/send`)).body).toMatchObject({ success: true });
    await isSent();
    expect(mailsTo('l1')[0]?.subject).toBe('November at Company l1');
    expect((await ask('GET', `/api/email/campaigns/${id}/stats`)).body).toMatchObject({
      total_sent: 2,
      open_rate: '0.0%',
    });
  });

  test('EML-02 a test goes to oneself, filled in for one person, and counts nothing', async () => {
    await found(() => [contactOf('c1', who('boss'), address('c1')), campaignOf('k1', who('boss'))]);
    const { call } = await as('boss');
    await call('testCampaign', { id: 'k1', entity: 'contact', recordId: 'c1' });
    const [mail] = smtp.mailsTo(emailOf(who('boss')));
    expect(mail?.subject).toBe('Hello First c1');
    expect(mailsTo('c1')).toEqual([]);
    expect(await campaign()).toMatchObject({ state: 'draft' });
  });

  test('AUD-15 of an erased person campaigns keep that there was a mail, and nothing that names the person', async () => {
    await found(() => [
      contactOf('c1', who('boss'), address('c1')),
      contactOf('c2', who('boss'), address('c2')),
      campaignOf('k1', who('boss')),
    ]);
    const { call } = await as('boss');
    await call('publishCampaign', { id: 'k1' });
    await isSent();
    await server.database.inTenant(tenant, (session) => forgetRecipients(session, tenant, ['c1', 'c2']));
    const kept = await server.database.inTenant(tenant, (session) =>
      session.query<{ text: string }>(
        `SELECT row_to_json(r)::text AS text FROM campaign_recipient r WHERE tenant = $1`,
        [tenant],
      ),
    );
    expect(kept).toHaveLength(2);
    expect(kept.map(({ text }) => text).join(' ')).not.toMatch(/@|Person|First/);
    expect(await call('campaignStats', { id: 'k1' })).toMatchObject({ total_sent: 2 });
  });
});
