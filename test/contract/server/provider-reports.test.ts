import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forgetRecipients } from '#server/campaigns/forget-recipients.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { ReportingProvider } from '#shared/campaigns/provider-reports.ts';
import { campaignOf, contactOf, createCaller, recipientsOf } from '#test/support/campaign-world.ts';
import { createSendGridCalls, createSns, mailgunCall, type ProviderCall } from '#test/support/provider-calls.ts';
import { quickJobs, seed } from '#test/support/report-world.ts';
import { startSmtp, type TestSmtp } from '#test/support/smtp-server.ts';
import { sqlEngines } from '#test/support/sql-engines.ts';
import {
  createManualClock,
  createOrganizationWith,
  signIn,
  startServer,
  type ManualClock,
  type TestServer,
} from '#test/support/start-server.ts';

const HOUR = 3_600_000;
const MAILGUN_KEY = 'signing-key-of-the-account';
const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:outpost-mail';
const SUBSCRIBE = `https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=a-token`;
const ids = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7'] as const;

describe.each(sqlEngines)('what providers tell, on $name', (engine) => {
  const sendGrid = createSendGridCalls();
  const sns = createSns('eu-central-1');
  const fetched: string[] = [];
  let isAmazonUp = true;
  let remove: () => Promise<void>;
  let smtp: TestSmtp;
  let server: TestServer;
  let clock: ManualClock;
  let count = 0;
  let tenant: TenantId;
  let caller: ReturnType<typeof createCaller>;
  let address: string;

  beforeAll(async () => {
    const created = await engine.createLocation();
    ({ remove } = created);
    smtp = await startSmtp();
    clock = createManualClock(Date.now() + HOUR);
    server = await startServer({
      location: created.location,
      clock,
      mail: smtp.settings,
      jobTimes: quickJobs,
      async fetchFromAmazon(url) {
        fetched.push(url);
        if (!isAmazonUp) return new Response('', { status: 500 });
        return new Response(url === sns.signingCertUrl ? sns.certificate : '<ConfirmSubscriptionResponse/>');
      },
    });
  }, 90_000);

  afterAll(async () => {
    await server.remove();
    await smtp.stop();
    await remove();
  });

  const mailOf = (id: string): string => `${id}-${String(count)}@example.com`;
  const boss = (): string => `boss-${String(count)}`;
  const suppressions = async () => {
    const { suppressions: rows } = await caller.call('listSuppressions', {});
    return Object.fromEntries(rows.map((row) => [row.address.split('-')[0], row.reason]));
  };
  const rowOf = async (id: string) =>
    (await recipientsOf(server, tenant, 'k1')).find((row) => row.address === mailOf(id));
  const numberOf = async (id: string): Promise<number> =>
    (await recipientsOf(server, tenant, 'k1')).findIndex((row) => row.address === mailOf(id)) + 1;
  const messageOf = async (id: string): Promise<string> => `k1.${String(await numberOf(id))}@outpost.test`;

  /** A company whose campaign reached seven people, and whose provider is set up. */
  async function found(provider: ReportingProvider, key: string): Promise<void> {
    count += 1;
    const people = [
      { id: boss(), role: 'org_admin' },
      { id: `rep-${String(count)}`, role: 'sales_rep' },
    ] as const;
    tenant = await createOrganizationWith(server, `${engine.name}-told-${String(count)}`, people);
    const contacts = ids.map((id) => contactOf(id, boss(), { email: mailOf(id) }));
    await seed(server.database, tenant, [...contacts, campaignOf('k1', boss())]);
    caller = createCaller(server, await signIn(server, boss()));
    await caller.call('publishCampaign', { id: 'k1' });
    const state = async () => (await caller.call('campaignStats', { id: 'k1' })).state;
    await expect.poll(state, { timeout: 30_000, interval: 50 }).toBe('sent');
    const saved = await caller.call('saveProviderReports', { provider, key });
    address = saved.address ?? '';
  }

  async function post({ headers, body }: ProviderCall, to = address): Promise<number> {
    const answer = await fetch(to, { method: 'POST', headers, body });
    // Whoever calls learns nothing but whether the call was taken.
    const said = await answer.text();
    if (answer.status === 204 || answer.status === 403) expect(said).toBe('');
    return answer.status;
  }
  const stateOf = (provider: ReportingProvider) => caller.call('readProviderReports', { provider });

  test('EML-13 what SendGrid tells of bounces, complaints and departures counts as returned mail does', async () => {
    await found('sendgrid', sendGrid.key);
    const about = async (id: string, event: object) => ({
      email: mailOf(id),
      outpost: await messageOf(id),
      sg_event_id: id,
      timestamp: Math.floor(clock.now() / 1000),
      ...event,
    });
    await server.database.inTenant(tenant, (session) =>
      session.query(`UPDATE campaign_recipient SET state = 'unconfirmed' WHERE tenant = $1 AND address = $2`, [
        tenant,
        mailOf('c1'),
      ]),
    );
    const events = [
      await about('c1', { event: 'delivered', response: '250 OK' }),
      await about('c2', { event: 'bounce', type: 'bounce', status: '5.1.1', reason: '550 5.1.1 no such user here' }),
      await about('c3', { event: 'bounce', type: 'blocked', status: '5.7.1', reason: '550 5.7.1 blocked by policy' }),
      await about('c4', { event: 'spamreport' }),
      await about('c5', { event: 'unsubscribe' }),
      await about('c6', { event: 'dropped', reason: 'Bounced Address' }),
      await about('c7', { event: 'bounce', type: 'bounce', status: '5.2.2', reason: '552 5.2.2 mailbox full' }),
      await about('c7', { event: 'deferred', response: '400 try again later' }),
      await about('c7', { event: 'open' }),
    ];
    const call = sendGrid.call(events, clock.now());
    expect(await post(call)).toBe(204);
    expect(await suppressions()).toEqual({ c2: 'bounced', c4: 'complained', c5: 'unsubscribed', c6: 'bounced' });
    const stats = await caller.call('campaignStats', { id: 'k1' });
    expect(stats).toMatchObject({
      bounced: 4,
      hard_bounced: 2,
      complained: 1,
      unsubscribed: 1,
      unconfirmed: 0,
      opened: 0,
    });
    expect(await rowOf('c1')).toMatchObject({ state: 'sent' });
    expect(await rowOf('c7')).toMatchObject({ bounceKind: 'soft' });
    expect(await stateOf('sendgrid')).toMatchObject({ trouble: null, taken: 7, calledAt: clock.now() });
    // Once more, byte for byte: taken, and nothing happens, even where somebody allowed the address again.
    await caller.call('removeSuppression', { address: mailOf('c2') });
    expect(await post(call)).toBe(204);
    expect(await suppressions()).not.toHaveProperty('c2');
    expect(await stateOf('sendgrid')).toMatchObject({ taken: 7 });
  });

  test('C10 EML-13 of a mail nobody knows, of another address, of a test and of an erased person nothing is kept', async () => {
    await found('sendgrid', sendGrid.key);
    const bounce = { event: 'bounce', type: 'bounce', status: '5.1.1', reason: '550 5.1.1 no such user' };
    await server.database.inTenant(tenant, (session) => forgetRecipients(session, tenant, ['c7']));
    const events = [
      { ...bounce, email: 'nobody@example.com', outpost: 'k9.1@outpost.test' },
      { ...bounce, email: 'nobody@example.com', outpost: await messageOf('c1') },
      { ...bounce, email: mailOf('c1'), outpost: 'k1.0.1795824000000@outpost.test' },
      { ...bounce, email: mailOf('c1') },
      { ...bounce, email: 'a\u0000b@example.com', outpost: await messageOf('c1') },
      { ...bounce, email: mailOf('c7'), outpost: 'k1.7@outpost.test' },
      { ...bounce, email: 7, outpost: { toString: 'k1' } },
      'no event',
      null,
    ];
    expect(await post(sendGrid.call(events as readonly object[], clock.now()))).toBe(204);
    expect(await post(sendGrid.call({ not: 'a list' } as never, clock.now()))).toBe(204);
    expect(await suppressions()).toEqual({});
    expect((await caller.call('campaignStats', { id: 'k1' })).bounced).toBe(0);
    expect(await stateOf('sendgrid')).toMatchObject({ trouble: null, taken: 0 });
  });

  test('C7 EML-13 a call of SendGrid with another key, another content, another time or an old one is refused', async () => {
    await found('sendgrid', sendGrid.key);
    const event = { email: mailOf('c1'), outpost: await messageOf('c1'), event: 'spamreport' };
    const good = sendGrid.call([event], clock.now());
    expect(await post(createSendGridCalls().call([event], clock.now()))).toBe(403);
    expect(await stateOf('sendgrid')).toMatchObject({ trouble: 'signature', taken: 0 });
    expect(await post({ ...good, body: good.body.replace('spamreport', 'unsubscribe') })).toBe(403);
    const stamp = String(Number(good.headers['x-twilio-email-event-webhook-timestamp']) + 1);
    const headers = { ...good.headers, 'x-twilio-email-event-webhook-timestamp': stamp };
    expect(await post({ ...good, headers })).toBe(403);
    expect(await post({ headers: { 'content-type': 'application/json' }, body: good.body })).toBe(403);
    expect(await post(sendGrid.call([event], clock.now() - 25 * HOUR))).toBe(403);
    expect(await stateOf('sendgrid')).toMatchObject({ trouble: 'old' });
    expect(await post(sendGrid.call([event], clock.now() + HOUR))).toBe(403);
    const large = [{ ...event, filler: 'x'.repeat(1024 * 1024) }];
    expect(await post(sendGrid.call(large, clock.now()))).toBe(413);
    expect(await suppressions()).toEqual({});
    // An address that was made up is not there.
    expect(await post(good, `${server.url}/m/p/${Buffer.from('p t sendgrid 0 0').toString('base64url')}.AAAA`)).toBe(
      404,
    );
    expect(
      await post(
        good,
        address.replace(/\.(.)(?=[\w-]{21}$)/, (_dot, first) => `.${first === 'A' ? 'B' : 'A'}`),
      ),
    ).toBe(404);
    expect(await post(good)).toBe(204);
    expect(await suppressions()).toEqual({ c1: 'complained' });
  });

  test('C7 EML-13 Mailgun is believed by its signature, once for each token, and not a day later', async () => {
    await found('mailgun', MAILGUN_KEY);
    const about = async (id: string, data: object) => ({
      recipient: mailOf(id),
      'user-variables': { outpost: await messageOf(id) },
      ...data,
    });
    const gone = { event: 'failed', severity: 'permanent', reason: 'bounce' };
    const status = { code: 550, 'enhanced-code': '5.1.1', message: '5.1.1 user unknown' };
    const calls = [
      mailgunCall(MAILGUN_KEY, await about('c1', { ...gone, 'delivery-status': status }), clock.now()),
      mailgunCall(MAILGUN_KEY, await about('c2', { event: 'failed', severity: 'temporary' }), clock.now()),
      mailgunCall(MAILGUN_KEY, await about('c3', { event: 'complained' }), clock.now()),
      mailgunCall(MAILGUN_KEY, await about('c4', { event: 'unsubscribed' }), clock.now(), true),
      mailgunCall(MAILGUN_KEY, await about('c5', { ...gone, reason: 'suppress-unsubscribe' }), clock.now()),
      mailgunCall(MAILGUN_KEY, await about('c6', { ...gone, reason: 'old' }), clock.now()),
      mailgunCall(
        MAILGUN_KEY,
        { event: 'delivered', recipient: mailOf('c7'), message: { headers: { 'message-id': await messageOf('c7') } } },
        clock.now(),
      ),
    ];
    for (const call of calls) expect(await post(call)).toBe(204);
    expect(await suppressions()).toEqual({ c1: 'bounced', c3: 'complained', c4: 'unsubscribed', c5: 'unsubscribed' });
    expect(await rowOf('c2')).toMatchObject({ bounceKind: null });
    expect(await rowOf('c6')).toMatchObject({ bounceKind: 'soft' });
    // Of what is signed the content is no part: a token that was seen says nothing new.
    const [first] = calls;
    const changed = JSON.stringify({
      ...(JSON.parse(first?.body ?? '') as object),
      'event-data': await about('c2', { event: 'complained' }),
    });
    expect(await post({ headers: first?.headers ?? {}, body: changed })).toBe(204);
    expect(await suppressions()).not.toHaveProperty('c2');
    const complaint = await about('c2', { event: 'complained' });
    expect(await post(mailgunCall('another key', complaint, clock.now()))).toBe(403);
    expect(await post(mailgunCall(MAILGUN_KEY, complaint, clock.now() - 25 * HOUR))).toBe(403);
    expect(await post({ headers: {}, body: 'no JSON' })).toBe(403);
    expect(await suppressions()).not.toHaveProperty('c2');
  });

  test('C6 C7 EML-13 Amazon is believed by a certificate of SNS in the region of the named topic, and of no other', async () => {
    await found('ses', TOPIC);
    fetched.length = 0;
    const headers = [{ name: 'X-Outpost-Campaign', value: `k1.${String(await numberOf('c1'))}` }];
    const bounce = (id: string, more: object = {}) => ({
      eventType: 'Bounce',
      bounce: {
        bounceType: 'Permanent',
        bounceSubType: 'General',
        bouncedRecipients: [
          { emailAddress: mailOf(id), status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' },
        ],
      },
      mail: { destination: [mailOf(id)], ...more },
    });
    const evil = [
      'http://sns.eu-central-1.amazonaws.com/a.pem',
      'https://sns.eu-central-1.amazonaws.com.evil.example/a.pem',
      'https://sns.eu-central-1.amazonaws.com@evil.example/a.pem',
      'https://sns.eu-central-1.amazonaws.com:8443/a.pem',
      'https://sns.s3-eu-central-1.amazonaws.com/a.pem',
      'https://sns.us-east-1.amazonaws.com/a.pem',
      'https://evil.example/?sns.eu-central-1.amazonaws.com/a.pem',
      'https://169.254.169.254/latest/meta-data/a.pem',
      'file:///etc/passwd',
    ];
    for (const SigningCertURL of evil)
      expect(await post(sns.notification(TOPIC, bounce('c1'), clock.now(), { SigningCertURL }))).toBe(403);
    expect(await post(sns.notification(`${TOPIC}2`, bounce('c1'), clock.now()))).toBe(403);
    expect(await stateOf('ses')).toMatchObject({ trouble: 'topic' });
    expect(fetched).toEqual([]);

    isAmazonUp = false;
    const first = sns.notification(TOPIC, bounce('c1', { headers }), clock.now());
    expect(await post(first)).toBe(503);
    expect(await stateOf('ses')).toMatchObject({ trouble: 'unreachable' });
    isAmazonUp = true;
    expect(await post(first)).toBe(204);
    const forged = { ...first, body: first.body.replace('Permanent', 'permanent') };
    expect(await post(forged)).toBe(403);
    expect(await post(sns.notification(TOPIC, bounce('c2'), clock.now() - 25 * HOUR))).toBe(403);
    expect(await suppressions()).toEqual({ c1: 'bounced' });
    // Once the certificate is known it is not asked for again.
    expect(fetched).toEqual([sns.signingCertUrl, sns.signingCertUrl]);

    // Without the headers of the mail the address says which it was.
    const complaint = {
      notificationType: 'Complaint',
      complaint: { complainedRecipients: [{ emailAddress: mailOf('c3') }] },
    };
    expect(await post(sns.notification(TOPIC, complaint, clock.now(), {}, '2'))).toBe(204);
    const full = bounce('c4');
    full.bounce.bounceType = 'Transient';
    expect(await post(sns.notification(TOPIC, full, clock.now()))).toBe(204);
    expect(await post(sns.notification(TOPIC, 'Successfully validated SNS topic', clock.now()))).toBe(204);
    expect(await suppressions()).toEqual({ c1: 'bounced', c3: 'complained' });
    expect(await rowOf('c4')).toMatchObject({ bounceKind: 'soft' });
  });

  test('C6 EML-13 a subscription is confirmed at Amazon and nowhere else', async () => {
    await found('ses', TOPIC);
    fetched.length = 0;
    expect(await post(sns.confirmation(TOPIC, 'https://10.0.0.1/?Action=ConfirmSubscription', clock.now()))).toBe(503);
    expect(await stateOf('ses')).toMatchObject({ trouble: 'confirm' });
    expect(fetched.filter((url) => url !== sns.signingCertUrl)).toEqual([]);
    expect(await post(sns.confirmation(`${TOPIC}2`, SUBSCRIBE, clock.now()))).toBe(403);
    expect(await post(sns.confirmation(TOPIC, SUBSCRIBE, clock.now()))).toBe(204);
    expect(fetched.filter((url) => url !== sns.signingCertUrl)).toEqual([SUBSCRIBE]);
    expect(await stateOf('ses')).toMatchObject({ trouble: null, topic: TOPIC });
  });

  test('EML-13 the key goes in and never comes out, is checked before it is kept, and only administrators enter one', async () => {
    await found('mailgun', MAILGUN_KEY);
    expect(JSON.stringify(await stateOf('mailgun'))).not.toContain(MAILGUN_KEY);
    expect(await stateOf('mailgun')).toMatchObject({ hasKey: true, topic: null, calledAt: null });
    await expect(caller.call('saveProviderReports', { provider: 'sendgrid', key: 'no key' })).rejects.toThrow(
      'key:key',
    );
    await expect(caller.call('saveProviderReports', { provider: 'ses', key: 'arn:aws:sqs:x' })).rejects.toThrow(
      'key:topic',
    );
    const rep = createCaller(server, await signIn(server, `rep-${String(count)}`));
    await expect(rep.call('saveProviderReports', { provider: 'mailgun', key: 'x'.repeat(20) })).rejects.toThrow(
      'action_forbidden',
    );
    await expect(rep.call('readProviderReports', { provider: 'mailgun' })).rejects.toThrow('action_forbidden');
    // Without a key nobody is believed.
    const complaint = {
      event: 'complained',
      recipient: mailOf('c1'),
      'user-variables': { outpost: await messageOf('c1') },
    };
    expect((await caller.call('saveProviderReports', { provider: 'mailgun', key: '' })).hasKey).toBe(false);
    expect(await post(mailgunCall(MAILGUN_KEY, complaint, clock.now()))).toBe(403);
    expect(await post(mailgunCall('', complaint, clock.now()))).toBe(403);
    expect(await stateOf('mailgun')).toMatchObject({ trouble: 'noKey' });
    const kept = await server.database.inTenant(tenant, (session) =>
      session.query<{ text: string }>(`SELECT row_to_json(r)::text AS text FROM provider_report r WHERE tenant = $1`, [
        tenant,
      ]),
    );
    expect(kept.map(({ text }) => text).join(' ')).not.toContain(MAILGUN_KEY);
  });
});
