import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { simpleParser } from 'mailparser';
import { createHttpSender, type ProviderApi } from '#server/campaigns/providers/http-sender.ts';
import { reachMailServer } from '#server/campaigns/open-sender.ts';
import { mailgunApi, sendGridApi, sesApi } from '#server/campaigns/providers/provider-apis.ts';
import type { OutgoingMail } from '#server/campaigns/write-mail.ts';
import { readAllowRules } from '#server/egress/address-rules.ts';
import { createEgress } from '#server/egress/egress.ts';

const mail: OutgoingMail = {
  no: 7,
  from: { name: 'Grace "G" Hopper', address: 'news@example.com' },
  replyTo: { name: 'Grace', address: 'grace@example.com' },
  to: { name: 'Zoë\r\nBcc: evil@example.com', address: 'zoe@example.com' },
  subject: 'Grüße 🚀',
  text: 'Hello',
  html: '<p>Hello</p>',
  messageId: 'campaign.7@example.com',
  dateMs: Date.parse('2026-11-27T10:00:00Z'),
  headers: { 'List-Unsubscribe': '<https://crm.example/m/u/x>', 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
};
const NOW = Date.parse('2026-11-27T10:00:00Z');
const key = { region: 'eu-central-1', accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI' };

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Stand-ins of the published APIs: they answer what is set, and keep what they were asked. */
describe('the APIs of providers', () => {
  let server: Server;
  let origin = '';
  let asked: Asked[] = [];
  let answer: { status: number; headers?: Readonly<Record<string, string>>; body?: string } = { status: 202 };

  beforeAll(async () => {
    server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        asked.push({ method, url, headers, body: Buffer.concat(parts).toString('utf8') });
        response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  afterAll(() => new Promise((done) => server.close(done)));
  beforeEach(() => {
    asked = [];
    answer = { status: 202 };
  });

  const egress = createEgress(readAllowRules('127.0.0.1'));
  const hand = (api: ProviderApi, onCommit: () => void = () => undefined) =>
    createHttpSender(api, egress).hand(mail, () => {
      onCommit();
      return Promise.resolve();
    });

  test('EML-13 SendGrid gets the mail as its API says it, and the mail may be gone only after that was kept', async () => {
    let committedBefore = -1;
    expect(await hand(sendGridApi('SG.key', origin), () => (committedBefore = asked.length))).toEqual({
      outcome: 'sent',
    });
    expect(committedBefore).toBe(0);
    const [{ method, url, headers, body } = { method: '', url: '', headers: {}, body: '{}' }] = asked;
    expect([method, url, headers.authorization]).toEqual(['POST', '/v3/mail/send', 'Bearer SG.key']);
    expect(JSON.parse(body)).toMatchObject({
      personalizations: [{ to: [{ email: 'zoe@example.com' }] }],
      from: { email: 'news@example.com' },
      subject: 'Grüße 🚀',
      content: [
        { type: 'text/plain', value: 'Hello' },
        { type: 'text/html', value: '<p>Hello</p>' },
      ],
      headers: { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click', 'Message-ID': '<campaign.7@example.com>' },
      tracking_settings: { click_tracking: { enable: false } },
    });
  });

  test('EML-13 Mailgun gets a form with the headers of the mail', async () => {
    answer = { status: 200, body: '{"id":"<x>"}' };
    expect(await hand(mailgunApi('key-1', 'mg.example.com', origin))).toEqual({ outcome: 'sent' });
    const [{ url, headers, body } = { url: '', headers: {}, body: '' }] = asked;
    expect([url, headers.authorization]).toEqual(['/v3/mg.example.com/messages', `Basic ${btoa('api:key-1')}`]);
    const form = new URLSearchParams(body);
    expect(form.get('subject')).toBe('Grüße 🚀');
    expect(form.get('h:List-Unsubscribe')).toBe('<https://crm.example/m/u/x>');
    expect(form.get('from')).toBe('"Grace G Hopper" <news@example.com>');
  });

  test('EML-13 Amazon SES gets the whole mail, signed with Signature Version 4', async () => {
    answer = { status: 200, body: '{"MessageId":"1"}' };
    expect(await hand(sesApi(key, () => NOW, origin))).toEqual({ outcome: 'sent' });
    const [{ method, url, headers, body } = { method: '', url: '', headers: {}, body: '{}' }] = asked;
    expect([method, url]).toEqual(['POST', '/v2/email/outbound-emails']);
    const digest = createHash('sha256').update(body).digest('hex');
    const names = 'content-type;host;x-amz-date';
    const request = `POST\n/v2/email/outbound-emails\n\ncontent-type:application/json\nhost:${String(headers.host)}\nx-amz-date:20261127T100000Z\n\n${names}\n${digest}`;
    const scope = '20261127/eu-central-1/ses/aws4_request';
    const text = `AWS4-HMAC-SHA256\n20261127T100000Z\n${scope}\n${createHash('sha256').update(request).digest('hex')}`;
    let signing: Buffer = Buffer.from(`AWS4${key.secretAccessKey}`);
    for (const word of ['20261127', 'eu-central-1', 'ses', 'aws4_request'])
      signing = createHmac('sha256', signing).update(word).digest();
    expect(headers.authorization).toContain(`Signature=${createHmac('sha256', signing).update(text).digest('hex')}`);
    const { Content } = JSON.parse(body) as { Content: { Raw: { Data: string } } };
    const parsed = await simpleParser(Buffer.from(Content.Raw.Data, 'base64'));
    expect(parsed.subject).toBe('Grüße 🚀');
    expect(parsed.bcc).toBeUndefined();
    expect(parsed.text?.trim()).toBe('Hello');
  });

  test.each([
    [
      { status: 429, headers: { 'retry-after': '120' } },
      { outcome: 'later', afterMs: 120_000, isOurs: true },
    ],
    [{ status: 503 }, { outcome: 'later', afterMs: null, isOurs: true }],
    [{ status: 401 }, { outcome: 'later', isOurs: true }],
    [
      { status: 400, body: 'bad address' },
      { outcome: 'refused', detail: '400 bad address' },
    ],
  ])('EML-13 an answer %j is told as what it means', async (given, expected) => {
    answer = given;
    expect(await hand(sendGridApi('key', origin))).toMatchObject(expected);
  });

  test('EML-13 nobody listening is certain, a connection that breaks is not: the mail may have gone', async () => {
    expect(await hand(sendGridApi('key', 'http://127.0.0.1:1'))).toMatchObject({ outcome: 'later', isOurs: true });
    const broken = createServer((request) => request.socket.destroy());
    broken.listen(0, '127.0.0.1');
    await once(broken, 'listening');
    const { port } = broken.address() as AddressInfo;
    expect(await hand(sendGridApi('key', `http://127.0.0.1:${String(port)}`))).toMatchObject({ outcome: 'unknown' });
    broken.close();
  });

  test('C6 an endpoint inside is not connected to without the leave of the operator', async () => {
    const strict = createHttpSender(sendGridApi('key', origin), createEgress([]));
    expect(await strict.hand(mail, () => Promise.resolve())).toMatchObject({ outcome: 'later', isOurs: true });
    expect(asked).toEqual([]);
    await expect(strict.check()).rejects.toMatchObject({ code: 'address_forbidden' });
  });

  test('C6 without encryption a mail server is connected to only when the operator allowed it', async () => {
    const named = { host: 'mail.example.com', port: 587 } as const;
    const open = createEgress([], () => Promise.resolve(['8.8.8.8']));
    expect(await reachMailServer(open, { ...named, security: 'starttls' })).toBe('8.8.8.8');
    await expect(reachMailServer(open, { ...named, security: 'none' })).rejects.toMatchObject({
      code: 'address_forbidden',
    });
    const allowed = createEgress(readAllowRules('mail.example.com:587'), () => Promise.resolve(['10.0.0.8']));
    expect(await reachMailServer(allowed, { ...named, security: 'none' })).toBe('10.0.0.8');
    await expect(reachMailServer(open, { host: '169.254.169.254', port: 587, security: 'tls' })).rejects.toMatchObject({
      code: 'address_forbidden',
    });
  });

  test('C8 a name with a line break stays a name with every provider', async () => {
    for (const api of [sendGridApi('key', origin), mailgunApi('key', 'mg.example.com', origin)]) await hand(api);
    const [sendGrid, mailgun] = asked.map(({ body }) => body);
    expect(JSON.parse(sendGrid ?? '')).toMatchObject({ personalizations: [{ to: [{ email: 'zoe@example.com' }] }] });
    expect(new URLSearchParams(mailgun).get('to')).toBe('"Zoë Bcc: evil@example.com" <zoe@example.com>');
  });
});
