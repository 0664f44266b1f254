// Messages of Amazon SNS, through which SES tells what became of mails: signed with a key whose certificate lies at an address of
// SNS and nowhere else. Anybody with an account there can have SNS sign something, so only the topic that was named may call.
import { verify, X509Certificate } from 'node:crypto';
import {
  digestOf,
  isInTime,
  parseBody,
  refused,
  textAt,
  type ReceivedCall,
  type Verified,
} from '#server/campaigns/reports/verify-call.ts';

/** `arn:aws:sns:eu-central-1:123456789012:name` */
const TOPIC = /^arn:aws[\w-]{0,12}:sns:([a-z]{2}(?:-[a-z]+)+-\d):\d{12}:[\w-]{1,256}$/;
const MOST_CERTIFICATES = 8;

/** The region of a topic; null: this is no topic. */
export function regionOfTopic(topic: string): string | null {
  return TOPIC.exec(topic)?.[1] ?? null;
}

/** An address of SNS in this region. A bucket or a host that is only called alike is none. */
export function isAddressOfSns(text: string, region: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    url.protocol === 'https:' &&
    url.username === '' &&
    url.password === '' &&
    url.port === '' &&
    [`sns.${region}.amazonaws.com`, `sns.${region}.amazonaws.com.cn`].includes(url.hostname)
  );
}

const signedFields = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
} as const;
type SnsType = keyof typeof signedFields;
const hashes: Readonly<Record<string, string>> = { '1': 'sha1', '2': 'sha256' };

export type SnsMessage =
  | { readonly type: 'Notification'; readonly message: unknown }
  | { readonly type: 'SubscriptionConfirmation'; readonly subscribeUrl: string };

function typeOf(said: unknown): SnsType | null {
  const type = textAt(said, 'Type');
  return type === 'Notification' || type === 'SubscriptionConfirmation' ? type : null;
}

/** What is signed: name and value of each field, each on a line of its own; of a subject only where there is one. */
export function textToSign(said: unknown, type: SnsType): string {
  return signedFields[type]
    .filter((name) => name !== 'Subject' || textAt(said, name) !== '')
    .map((name) => `${name}\n${textAt(said, name)}\n`)
    .join('');
}

/** `fetchText`: what lies at an address, as far as the way out of the server allows. */
export function createSnsVerifier(fetchText: (url: string) => Promise<string>) {
  const certificates = new Map<string, X509Certificate>();

  async function certificateOf(url: string): Promise<X509Certificate> {
    const known = certificates.get(url);
    if (known !== undefined) return known;
    const found = new X509Certificate(await fetchText(url));
    if (certificates.size >= MOST_CERTIFICATES) certificates.clear();
    certificates.set(url, found);
    return found;
  }

  return async function verifySns(topic: string, { body }: ReceivedCall, nowMs: number): Promise<Verified> {
    const said = parseBody(body);
    const type = typeOf(said);
    const region = regionOfTopic(topic);
    if (type === null || region === null) return refused('signature');
    if (textAt(said, 'TopicArn') !== topic) return refused('topic');
    const url = textAt(said, 'SigningCertURL');
    const hash = hashes[textAt(said, 'SignatureVersion')];
    if (hash === undefined || !isAddressOfSns(url, region) || !/^\/[\w-]+\.pem$/.test(new URL(url).pathname))
      return refused('signature');
    let certificate: X509Certificate;
    try {
      certificate = await certificateOf(url);
    } catch {
      return refused('unreachable');
    }
    const isValid = certificate.validFromDate.getTime() <= nowMs && nowMs <= certificate.validToDate.getTime();
    const signature = Buffer.from(textAt(said, 'Signature'), 'base64');
    const { publicKey } = certificate;
    if (!isValid || publicKey.asymmetricKeyType !== 'rsa') return refused('signature');
    if (!verify(hash, Buffer.from(textToSign(said, type)), publicKey, signature)) return refused('signature');
    if (!isInTime(Date.parse(textAt(said, 'Timestamp')), nowMs)) return refused('old');
    return { isOurs: true, id: digestOf(textAt(said, 'MessageId')), said: readMessage(said, type) };
  };
}

function readMessage(said: unknown, type: SnsType): SnsMessage {
  if (type === 'SubscriptionConfirmation') return { type, subscribeUrl: textAt(said, 'SubscribeURL') };
  return { type, message: parseBody(Buffer.from(textAt(said, 'Message'))) };
}
