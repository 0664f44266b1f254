import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { matchBounces, readBounceData } from '#test/support/bounce-data.ts';
import { bounceReasons } from '#shared/mail/bounce-reasons.ts';
import { readBounce } from '#shared/mail/read-bounce.ts';

const data = readBounceData();
const withData = data === null ? it.skip : it;
if (data === null) console.warn('SKIPPED: bounces of ../shared/data/email-bounces are not there');

describe('mails about mails', () => {
  withData('EML-09 at least 98 of 100 real bounces are read with the expected status and reason, hard or soft', () => {
    const { matched, of, missed } = matchBounces(data ?? []);
    expect(missed.slice(0, 20)).toEqual(missed);
    expect(matched / of).toBeGreaterThanOrEqual(0.98);
  });

  withData('EML-09 mails that are no bounces say nothing, and every file there is can be read', () => {
    const root = join('..', 'shared', 'data', 'email-bounces');
    // The third file there is a bounce all the same, in words of its own.
    for (const name of readdirSync(join(root, 'not')).filter((each) => each.startsWith('is-not-bounce')))
      expect(readBounce(readFileSync(join(root, 'not', name), 'latin1')), name).toEqual([]);
    for (const name of readdirSync(join(root, 'bsd')))
      for (const { reason } of readBounce(readFileSync(join(root, 'bsd', name), 'latin1')))
        expect(bounceReasons).toContain(reason);
  });

  it('EML-09 a complaint (ARF) names the mail it is about', () => {
    const report = [
      'From: <abuse@provider.example>',
      'Subject: complaint',
      'Content-Type: multipart/report; report-type=feedback-report; boundary="b"',
      '',
      '--b',
      'Content-Type: text/plain',
      '',
      'This is an abuse report.',
      '--b',
      'Content-Type: message/feedback-report',
      '',
      'Feedback-Type: abuse',
      'Original-Rcpt-To: <ada@example.com>',
      '--b',
      'Content-Type: message/rfc822',
      '',
      'To: ada@example.com',
      'X-Outpost-Campaign: 0192-abc.42.a-mark',
      '',
      'Hello',
      '--b--',
    ].join('\r\n');
    expect(readBounce(report)).toEqual([
      {
        kind: 'complaint',
        recipient: 'ada@example.com',
        status: '',
        reply: '',
        reason: 'feedback',
        isHard: false,
        mail: {
          campaignId: '0192-abc',
          no: 42,
          mark: 'a-mark',
        },
      },
    ]);
  });

  it('C8 parts nested a thousand deep, and nonsense, end without harm', () => {
    const deep = Array.from(
      { length: 1000 },
      (_, depth) => `Content-Type: multipart/mixed; boundary="b${String(depth)}"\n\n--b${String(depth)}\n`,
    ).join('');
    expect(readBounce(deep)).toEqual([]);
    expect(readBounce('')).toEqual([]);
    expect(readBounce('\0\n\n'.repeat(1000))).toEqual([]);
  });
});
