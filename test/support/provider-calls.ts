// Calls as the three providers make them, signed as they sign.
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { makeCertificate } from '#test/support/make-certificate.ts';

export interface ProviderCall {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const seconds = (nowMs: number): string => String(Math.floor(nowMs / 1000));

/** `key`: as SendGrid shows it. */
export function createSendGridCalls() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return {
    key: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    call(events: readonly object[], nowMs: number): ProviderCall {
      const body = `${JSON.stringify(events)}\r\n`;
      const stamp = seconds(nowMs);
      return {
        headers: {
          'content-type': 'application/json',
          'x-twilio-email-event-webhook-timestamp': stamp,
          'x-twilio-email-event-webhook-signature': sign('sha256', Buffer.from(stamp + body), privateKey).toString(
            'base64',
          ),
        },
        body,
      };
    },
  };
}

let tokens = 0;

export function mailgunCall(key: string, data: object, nowMs: number, isOfAccountBelow = false): ProviderCall {
  tokens += 1;
  const timestamp = seconds(nowMs);
  const token = `${String(tokens).padStart(6, '0')}f3e9b6d2c8a1e5f7d4b3c2a190817263544f3e9b6d2c`;
  const signature = createHmac('sha256', key)
    .update(timestamp + token)
    .digest('hex');
  const other = '0'.repeat(64);
  const signed = isOfAccountBelow ? { signature: other, 'parent-signature': signature } : { signature };
  return {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ signature: { timestamp, token, ...signed }, 'event-data': data }),
  };
}

/** SNS of one region, with the one certificate it signs with. */
export function createSns(region: string) {
  const { key, certificate } = makeCertificate(`sns.${region}.amazonaws.com`);
  const signingCertUrl = `https://sns.${region}.amazonaws.com/SimpleNotificationService-0123456789abcdef0123456789abcdef.pem`;
  let count = 0;

  function call(fields: Readonly<Record<string, string>>, names: readonly string[], version: '1' | '2'): ProviderCall {
    const text = names.map((name) => `${name}\n${fields[name] ?? ''}\n`).join('');
    const signature = sign(version === '1' ? 'sha1' : 'sha256', Buffer.from(text), key).toString('base64');
    const body = { SigningCertURL: signingCertUrl, ...fields, SignatureVersion: version, Signature: signature };
    return {
      headers: { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': fields['Type'] ?? '' },
      body: JSON.stringify(body),
    };
  }
  const base = (topic: string, nowMs: number) => {
    count += 1;
    return {
      MessageId: `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`,
      TopicArn: topic,
      Timestamp: new Date(nowMs).toISOString(),
    };
  };
  return {
    certificate,
    signingCertUrl,
    notification(
      topic: string,
      event: unknown,
      nowMs: number,
      change: Readonly<Record<string, string>> = {},
      version: '1' | '2' = '1',
    ): ProviderCall {
      const fields = { ...base(topic, nowMs), Type: 'Notification', Message: JSON.stringify(event), ...change };
      return call(fields, ['Message', 'MessageId', 'Timestamp', 'TopicArn', 'Type'], version);
    },
    confirmation(topic: string, subscribeUrl: string, nowMs: number): ProviderCall {
      const fields = {
        ...base(topic, nowMs),
        Type: 'SubscriptionConfirmation',
        Message: `You have chosen to subscribe to the topic ${topic}.\nTo confirm, visit the SubscribeURL.`,
        SubscribeURL: subscribeUrl,
        Token: 'a-token',
      };
      const names = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
      return call(fields, names, '2');
    },
  };
}
