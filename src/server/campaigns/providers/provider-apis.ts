// The APIs of providers as they publish them: SendGrid v3 (mail/send), Mailgun v3 (messages), Amazon SES v2
// (outbound-emails, signed with Signature Version 4).
import { createHash, createHmac } from 'node:crypto';
import { toHeaderLine } from '#shared/mail/render-template.ts';
import type { ProviderApi, ProviderRequest } from '#server/campaigns/providers/http-sender.ts';
import { encodeMailbox, writeMail } from '#server/campaigns/write-mail.ts';

const JSON_TYPE = 'application/json';

/** `endpoint`: an origin, for accounts in another region. */
export function sendGridApi(key: string, endpoint = 'https://api.sendgrid.com'): ProviderApi {
  const authorization = `Bearer ${key}`;
  return {
    send: ({ from, to, replyTo, subject, text, html, headers, messageId }) => ({
      url: `${endpoint}/v3/mail/send`,
      headers: { authorization, 'content-type': JSON_TYPE },
      body: JSON.stringify({
        personalizations: [{ to: [{ email: to.address, ...(to.name === '' ? {} : { name: to.name }) }] }],
        from: { email: from.address, name: from.name },
        ...(replyTo === null ? {} : { reply_to: { email: replyTo.address, name: replyTo.name } }),
        subject,
        content: [
          { type: 'text/plain', value: text },
          { type: 'text/html', value: html },
        ],
        headers: { ...headers, 'Message-ID': `<${messageId}>` },
        custom_args: { outpost: messageId },
        // Outpost counts itself.
        tracking_settings: { click_tracking: { enable: false }, open_tracking: { enable: false } },
      }),
    }),
    probe: () => ({ url: `${endpoint}/v3/scopes`, headers: { authorization } }),
  };
}

export function mailgunApi(key: string, domain: string, endpoint = 'https://api.mailgun.net'): ProviderApi {
  const authorization = `Basic ${Buffer.from(`api:${key}`).toString('base64')}`;
  const plain = (name: string, address: string) =>
    name === '' ? address : `"${toHeaderLine(name).replaceAll(/["\\]/g, '')}" <${address}>`;
  return {
    send({ from, to, replyTo, subject, text, html, headers, messageId }) {
      const form = new URLSearchParams({
        from: plain(from.name, from.address),
        to: plain(to.name, to.address),
        subject,
        text,
        html,
        'o:tracking': 'no',
        'h:Message-Id': `<${messageId}>`,
        'v:outpost': messageId,
      });
      if (replyTo !== null) form.set('h:Reply-To', plain(replyTo.name, replyTo.address));
      for (const [name, value] of Object.entries(headers)) form.set(`h:${name}`, value);
      return {
        url: `${endpoint}/v3/${encodeURIComponent(domain)}/messages`,
        headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
        body: form.toString(),
      };
    },
    probe: () => ({ url: `${endpoint}/v4/domains/${encodeURIComponent(domain)}`, headers: { authorization } }),
  };
}

export interface SesKey {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export function sesApi(key: SesKey, now: () => number, endpoint?: string): ProviderApi {
  const origin = endpoint ?? `https://email.${key.region}.amazonaws.com`;
  const signed = (method: 'GET' | 'POST', path: string, body: string): ProviderRequest =>
    signRequest(key, { method, url: `${origin}${path}`, body, nowMs: now() });
  return {
    send: (mail) =>
      signed(
        'POST',
        '/v2/email/outbound-emails',
        JSON.stringify({
          FromEmailAddress: encodeMailbox({ name: '', address: mail.from.address }),
          Destination: { ToAddresses: [mail.to.address] },
          Content: { Raw: { Data: Buffer.from(writeMail(mail)).toString('base64') } },
          EmailTags: [{ Name: 'outpost', Value: mail.messageId.replaceAll(/[^\w-]/g, '_').slice(0, 256) }],
        }),
      ),
    probe: () => signed('GET', '/v2/email/account', ''),
  };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** AWS Signature Version 4 of a request without a query. */
export function signRequest(
  { region, accessKeyId, secretAccessKey }: SesKey,
  request: { readonly method: 'GET' | 'POST'; readonly url: string; readonly body: string; readonly nowMs: number },
): ProviderRequest {
  const { method, url, body, nowMs } = request;
  const { host, pathname } = new URL(url);
  const stamp = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const day = stamp.slice(0, 8);
  const scope = `${day}/${region}/ses/aws4_request`;
  const names = 'content-type;host;x-amz-date';
  const canonical = [
    method,
    pathname,
    '',
    `content-type:${JSON_TYPE}`,
    `host:${host}`,
    `x-amz-date:${stamp}`,
    '',
    names,
    sha256(body),
  ].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', stamp, scope, sha256(canonical)].join('\n');
  const derived = [region, 'ses', 'aws4_request'].reduce(
    (from, word) => hmac(from, word),
    hmac(`AWS4${secretAccessKey}`, day),
  );
  const signature = hmac(derived, toSign).toString('hex');
  return {
    url,
    method,
    headers: {
      'content-type': JSON_TYPE,
      'x-amz-date': stamp,
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
    },
    ...(body === '' ? {} : { body }),
  };
}
