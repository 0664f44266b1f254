import { expect, test } from 'vitest';
import { verifySendGrid } from '#server/campaigns/reports/verify-call.ts';

// What SendGrid publishes with its own libraries to check an implementation with.
const key =
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEDr2LjtURuePQzplybdC+u4CwrqDqBaWjcMMsTbhdbcwHBcepxo7yAQGhHPTnlvFYPAZFceEu/1FwCM/QmGUhA==';
const otherKey =
  'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqTxd43gyp8IOEto2LdIfjRQrIbsd4SXZkLW6jDutdhXSJCWHw8REntlo7aNDthvj+y7GjUuFDb/R1NGe1OPzpA==';
const signature = 'MEUCIQCtIHJeH93Y+qpYeWrySphQgpNGNr/U+UyUlBkU6n7RAwIgJTz2C+8a8xonZGi6BpSzoQsbVRamr2nlxFDWYNH2j/0=';
const stamp = '1588788367';
const body = '{"category":"example_payload","event":"test_event","message_id":"message_id"}';
const now = Number(stamp) * 1000;

const judge = (given: { key?: string; body?: string; stamp?: string; signature?: string; nowMs?: number } = {}) =>
  verifySendGrid(
    given.key ?? key,
    {
      headers: {
        'x-twilio-email-event-webhook-timestamp': given.stamp ?? stamp,
        'x-twilio-email-event-webhook-signature': given.signature ?? signature,
      },
      body: Buffer.from(given.body ?? body),
    },
    given.nowMs ?? now,
  );

test('C7 EML-13 the example SendGrid publishes is verified, and nothing that differs from it', () => {
  expect(judge()).toMatchObject({ isOurs: true, said: { event: 'test_event' } });
  const forged = { isOurs: false, trouble: 'signature' };
  expect(judge({ key: otherKey })).toEqual(forged);
  expect(judge({ key: 'no key' })).toEqual(forged);
  expect(judge({ body: 'payload' })).toEqual(forged);
  expect(judge({ stamp: 'timestamp' })).toEqual(forged);
  expect(judge({ signature: signature.replace('H2j', 'H3j') })).toEqual(forged);
  expect(judge({ signature: '' })).toEqual(forged);
});

test('C7 EML-13 a call is good for a day, and a clock may be five minutes ahead', () => {
  const old = { isOurs: false, trouble: 'old' };
  const hour = 3_600_000;
  expect(judge({ nowMs: now + 23 * hour })).toMatchObject({ isOurs: true });
  expect(judge({ nowMs: now + 25 * hour })).toEqual(old);
  expect(judge({ nowMs: now - 240_000 })).toMatchObject({ isOurs: true });
  expect(judge({ nowMs: now - 600_000 })).toEqual(old);
});
