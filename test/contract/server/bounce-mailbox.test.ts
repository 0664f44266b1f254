// Mail that cannot be delivered comes back to a mailbox, and the server reads it there: a real Postfix sends it back, a real
// Dovecot keeps it.
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBounceMailbox } from '#shared/campaigns/bounce-mailbox.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { campaignOf, contactOf, createCaller, recipientsOf } from '#test/support/campaign-world.ts';
import { startDovecot, type Dovecot } from '#test/support/dovecot.ts';
import { startPostfix, type Postfix } from '#test/support/postfix.ts';
import { quickJobs, seed, storedRecords } from '#test/support/report-world.ts';
import { createOrganizationWith, signIn, startServer, type TestServer } from '#test/support/start-server.ts';

const PASSWORD = 'a password of a mailbox';
const waiting = { timeout: 30_000, interval: 100 };

describe('returned mail', () => {
  let dovecot: Dovecot;
  let postfix: Postfix;
  let server: TestServer;
  let tenant: TenantId;

  beforeAll(async () => {
    dovecot = await startDovecot(['bounces', 'ann'], PASSWORD);
    postfix = await startPostfix({
      mailboxes: path.join(dovecot.directory, 'mail'),
      users: ['bounces', 'ann'],
      gone: ['gone'],
    });
    server = await startServer({
      mail: {
        host: '127.0.0.1',
        port: postfix.port,
        security: 'none',
        user: null,
        password: null,
        from: 'Outpost <crm@outpost.test>',
      },
      allowPrivate: `127.0.0.1:${String(dovecot.port)}`,
      jobTimes: quickJobs,
    });
    tenant = await createOrganizationWith(server, 'returned', [
      { id: 'boss', role: 'org_admin', name: 'Grace Hopper' },
      { id: 'rep', role: 'sales_rep' },
    ]);
    await seed(server.database, tenant, [
      contactOf('c1', 'boss', { email: 'ann@example.test' }),
      contactOf('c2', 'boss', { email: 'gone@example.test' }),
      campaignOf('k1', 'boss'),
    ]);
  }, 90_000);

  afterAll(async () => {
    await server.remove();
    postfix.stop();
    await dovecot.stop();
  });

  const as = async (who: string) => createCaller(server, await signIn(server, who));
  const mailbox = () => ({
    ...noBounceMailbox,
    isOn: true,
    address: 'bounces@example.test',
    host: '127.0.0.1',
    port: dovecot.port,
    security: 'none' as const,
    user: 'bounces',
  });
  const unread = async (): Promise<number> => {
    const client = await dovecot.connect('bounces', PASSWORD);
    const status = await client.status('INBOX', { unseen: true });
    await client.logout();
    return status === false ? 0 : (status.unseen ?? 0);
  };

  test('EML-09 C6 a mailbox inside is not connected to, one without a whole address is not kept, and only administrators name one', async () => {
    const boss = await as('boss');
    await expect(
      boss.call('saveBounceMailbox', { settings: { ...mailbox(), host: '127.0.0.2' }, secret: PASSWORD }),
    ).rejects.toThrow('address_forbidden');
    await expect(
      boss.call('saveBounceMailbox', { settings: { ...mailbox(), address: 'bounces' }, secret: PASSWORD }),
    ).rejects.toThrow('address:email');
    const rep = await as('rep');
    await expect(rep.call('readBounceMailbox', {})).rejects.toThrow('action_forbidden');
    expect(await boss.call('readBounceMailbox', {})).toMatchObject({ settings: { isOn: false }, hasSecret: false });
  });

  test('EML-09 a wrong password is told in a word, and the password never comes back', async () => {
    const boss = await as('boss');
    const kept = await boss.call('saveBounceMailbox', { settings: mailbox(), secret: 'wrong' });
    expect(JSON.stringify(kept)).not.toContain('wrong');
    expect(await boss.call('checkBounceMailbox', {})).toMatchObject({ trouble: 'signIn', taken: 0, hasSecret: true });
    // A look with the wrong one is still under way while the right one is saved.
    const stale = boss.call('checkBounceMailbox', {});
    await boss.call('saveBounceMailbox', { settings: mailbox(), secret: PASSWORD });
    await stale;
    expect(await boss.call('readBounceMailbox', {})).toMatchObject({ trouble: null });
    expect(await boss.call('checkBounceMailbox', {})).toMatchObject({ trouble: null, taken: 0 });
    const [sealed] = await server.database.inTenant(tenant, (session) =>
      session.query<{ secret: Uint8Array }>('SELECT secret FROM bounce_mailbox WHERE tenant = $1', [tenant]),
    );
    expect(Buffer.from(sealed?.secret ?? []).toString('latin1')).not.toContain(PASSWORD);
  });

  test('EML-09 what Postfix sends back of a campaign suppresses the address, is marked as read once, and other mail is left alone', async () => {
    const boss = await as('boss');
    const client = await dovecot.connect('bounces', PASSWORD);
    await client.append('INBOX', 'From: Ann <ann@example.test>\r\nSubject: A question\r\n\r\nMay I ask?\r\n');
    await client.append(
      'INBOX',
      'From: Ann <ann@example.test>\r\nSubject: Out of office\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.\r\nX-Outpost-Campaign: k1.1\r\n',
    );
    await client.logout();
    await boss.call('publishCampaign', { id: 'k1' });
    await expect
      .poll(async () => (await storedRecords(server.database, tenant, 'campaign'))[0]?.['state'], waiting)
      .toBe('sent');
    await expect.poll(unread, waiting).toBe(3);
    await server.planCampaigns();
    await expect.poll(async () => (await boss.call('readBounceMailbox', {})).taken, waiting).toBeGreaterThan(0);
    const rows = await recipientsOf(server, tenant, 'k1');
    expect(rows.map(({ address, bounceKind }) => [address, bounceKind])).toEqual([
      ['ann@example.test', null],
      ['gone@example.test', 'hard'],
    ]);
    expect((await boss.call('listSuppressions', {})).suppressions).toMatchObject([
      { address: 'gone@example.test', reason: 'bounced', campaignId: 'k1' },
    ]);
    // The question, and an answer of a machine that quotes no mail of ours.
    expect(await unread()).toBe(2);
    const again = await boss.call('checkBounceMailbox', {});
    expect(again).toMatchObject({ taken: 1, unsigned: 0, trouble: null });
    expect(await boss.call('campaignStats', { id: 'k1' })).toMatchObject({ bounced: 1, hard_bounced: 1 });
  });

  /** As a mail server writes it; `quoted`: lines of the mail that came back. */
  const report = (recipient: string, quoted: readonly string[]): string =>
    [
      'From: Mail Delivery System <MAILER-DAEMON@example.test>',
      'Subject: Undelivered Mail Returned to Sender',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
      '',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mail.example.test',
      '',
      `Final-Recipient: rfc822; ${recipient}`,
      'Action: failed',
      'Status: 5.1.1',
      'Diagnostic-Code: smtp; 550 5.1.1 user unknown',
      '',
      '--b',
      'Content-Type: text/rfc822-headers',
      '',
      ...quoted,
      '',
      '--b--',
    ].join('\r\n');

  test('C8 EML-09 a report somebody made up suppresses nobody, and one counts that quotes the name of the mail alone', async () => {
    const boss = await as('boss');
    const rows = await recipientsOf(server, tenant, 'k1');
    const no = rows.findIndex(({ address }) => address === 'ann@example.test') + 1;
    const client = await dovecot.connect('ann', PASSWORD);
    await client.mailboxOpen('INBOX');
    const mail = await client.fetchOne('*', { headers: ['message-id', 'x-outpost-campaign'] });
    await client.logout();
    const headers = mail === false ? '' : (mail.headers?.toString('utf8') ?? '');
    const mark = /x-outpost-campaign: k1\.\d+\.([\w-]{22})\s/i.exec(headers)?.[1] ?? '';
    expect(mark).not.toBe('');
    const other = `k1.${String(no === 1 ? 2 : 1)}.${mark}`;
    const made = [
      report('ann@example.test', ['To: ann@example.test']),
      report('ann@example.test', [`X-Outpost-Campaign: k1.${String(no)}`]),
      report('ann@example.test', [`X-Outpost-Campaign: k1.${String(no)}.${'A'.repeat(22)}`]),
      report('ann@example.test', [`X-Outpost-Campaign: k1.${String(no)}.${mark.toLowerCase()}`]),
      // The mark of one mail is good for no other.
      report('ann@example.test', [`X-Outpost-Campaign: ${other}`]),
      report('ann@example.test', [`Message-ID: <${other}@outpost.test>`]),
    ];
    const suppressed = async () => (await boss.call('listSuppressions', {})).suppressions.map(({ address }) => address);
    for (const message of made) expect(await boss.call('reportBounce', { message })).toMatchObject({ matched: false });
    const sender = await dovecot.connect('bounces', PASSWORD);
    for (const message of made) await sender.append('INBOX', message);
    const before = await boss.call('readBounceMailbox', {});
    const after = await boss.call('checkBounceMailbox', {});
    expect(after).toMatchObject({ taken: before.taken, unsigned: made.length, trouble: null });
    expect(await suppressed()).toEqual(['gone@example.test']);
    const messageId = /message-id: (<[^>]+>)/i.exec(headers)?.[1] ?? '';
    await sender.append('INBOX', report('ann@example.test', [`Message-ID: ${messageId}`]));
    await sender.logout();
    expect((await boss.call('checkBounceMailbox', {})).taken).toBe(before.taken + 1);
    expect(await suppressed()).toEqual(['ann@example.test', 'gone@example.test']);
  });
});
