// Whether a call comes from the provider it says it comes from, as the providers publish it: SendGrid signs time and body with its
// own key (ECDSA, P-256), Mailgun time and a token with the key of the account (HMAC). A call that is too old, or from the future,
// is refused, so that nobody has to remember calls for ever.
import { createHash, createHmac, createPublicKey, timingSafeEqual, verify, type KeyObject } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { ReportTrouble } from '#shared/campaigns/provider-reports.ts';

/** Providers try again for most of a day when nobody answered. */
export const OLDEST_CALL_MS = 24 * 3_600_000;
const CLOCKS_APART_MS = 5 * 60_000;

export interface ReceivedCall {
  readonly headers: IncomingHttpHeaders;
  /** Byte for byte. */
  readonly body: Buffer;
}

export type Verified =
  | {
      readonly isOurs: true;
      /** The same for a call that is made again. */ readonly id: string;
      readonly said: unknown;
    }
  | { readonly isOurs: false; readonly trouble: ReportTrouble };

export const refused = (trouble: ReportTrouble): Verified => ({ isOurs: false, trouble });

export const digestOf = (...parts: readonly (string | Buffer)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('base64url');
};

export function isInTime(atMs: number, nowMs: number): boolean {
  return atMs >= nowMs - OLDEST_CALL_MS && atMs <= nowMs + CLOCKS_APART_MS;
}

/** Undefined: no JSON. */
export function parseBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** What lies so deep in it; undefined where there is nothing. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, name)
        ? (at as Readonly<Record<string, unknown>>)[name]
        : undefined,
    value,
  );
}

export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = valueAt(value, ...path);
  return typeof found === 'string' ? found : typeof found === 'number' ? String(found) : '';
}

/** The key as SendGrid shows it: base64 without lines around it. Null: no such key. */
export function readSendGridKey(text: string): KeyObject | null {
  const plain = text.replaceAll(/-----[^-]+-----|\s/g, '');
  try {
    const key = createPublicKey({ key: Buffer.from(plain, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : null;
  } catch {
    return null;
  }
}

const header = (headers: IncomingHttpHeaders, name: string): string => {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
};

export function verifySendGrid(keyText: string, { headers, body }: ReceivedCall, nowMs: number): Verified {
  const key = readSendGridKey(keyText);
  const stamp = header(headers, 'x-twilio-email-event-webhook-timestamp');
  const signature = Buffer.from(header(headers, 'x-twilio-email-event-webhook-signature'), 'base64');
  if (key === null || !/^\d{1,12}$/.test(stamp) || signature.length === 0) return refused('signature');
  const signed = Buffer.concat([Buffer.from(stamp), body]);
  if (!verify('sha256', signed, key, signature)) return refused('signature');
  if (!isInTime(Number(stamp) * 1000, nowMs)) return refused('old');
  // Not the signature: of the same call there can be more than one.
  return { isOurs: true, id: digestOf(signed), said: parseBody(body) };
}

export function verifyMailgun(key: string, { body }: ReceivedCall, nowMs: number): Verified {
  const said = parseBody(body);
  const stamp = textAt(said, 'signature', 'timestamp');
  const token = textAt(said, 'signature', 'token');
  if (!/^\d{1,12}$/.test(stamp) || !/^[\w-]{16,128}$/.test(token)) return refused('signature');
  const expected = createHmac('sha256', key)
    .update(stamp + token)
    .digest();
  // Of an account below another one the one above signs, too.
  const isSigned = ['signature', 'parent-signature'].some((name) => {
    const given = Buffer.from(textAt(said, 'signature', name), 'hex');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  if (!isSigned) return refused('signature');
  if (!isInTime(Number(stamp) * 1000, nowMs)) return refused('old');
  // The signature is not about the content: its token is good for one call.
  return { isOurs: true, id: digestOf(stamp, ' ', token), said };
}
