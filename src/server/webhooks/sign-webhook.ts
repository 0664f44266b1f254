// How a receiver knows that a call comes from here and is new: a signature over the time of the attempt and the body, made with
// a secret both sides know. While a secret is being replaced, both of them sign.
import { createHmac } from 'node:crypto';

export const SIGNATURE_HEADER = 'outpost-signature';

/** `t=SECONDS,v1=HEX[,v1=HEX]`; each HEX is HMAC-SHA256 of `SECONDS.BODY`. */
export function signWebhook(secrets: readonly string[], body: string, nowMs: number): string {
  const seconds = String(Math.floor(nowMs / 1000));
  const signatures = secrets.map((secret) => createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex'));
  return [`t=${seconds}`, ...signatures.map((signature) => `v1=${signature}`)].join(',');
}
