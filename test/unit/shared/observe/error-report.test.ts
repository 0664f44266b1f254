import { describe, expect, it } from 'vitest';
import { OutpostError } from '#shared/kernel/errors.ts';
import { describeParts, filterContext } from '#shared/observe/error-report.ts';
import { createErrorReports } from '#shared/observe/error-reports.ts';
import type { ErrorReport } from '#shared/observe/error-report.ts';
import { createRotatedLog, type LogFiles } from '#shared/observe/rotated-log.ts';
import { readDsn, toSentryEvent } from '#shared/observe/sentry.ts';

const secrets = ['jane@example.com', 'hunter2', 'Jane Example', '4711.50', 'Bearer abc.def.ghi'];

function failure(): Error {
  const cause = Object.assign(
    new Error(`duplicate key (email)=(jane@example.com)\n    at Jane Example (hunter2:1:1)`),
    {
      code: '23505',
      detail: 'Key (name)=(Jane Example) already exists.',
    },
  );
  return new OutpostError('internal', 'Could not save 4711.50 of Jane Example', { name: 'Jane Example' }, { cause });
}

function collect(sentry: ((report: ErrorReport) => Promise<void>) | null = null) {
  const told: ErrorReport[] = [];
  let now = Date.UTC(2026, 10, 27);
  const reports = createErrorReports({
    clock: { now: () => now },
    createId: () => 'a'.repeat(32),
    facts: { service: 'test', release: '1', environment: 'test' },
    sentry,
    file: (report) => void told.push(report),
    onLost: () => undefined,
  });
  return { told, reports, pass: (byMs: number) => (now += byMs) };
}

describe('what is told of an error', () => {
  it('AUD-17 OBS-06 is kind, code and place, never a message, a value or an address', async () => {
    const { told, reports } = collect();
    reports.setUser('user-1');
    reports.addBreadcrumb('http', { route: '/api/v1/files/:id', status: 500, query: 'name=Jane Example' });
    reports.captureException(failure(), {
      correlationId: 'abc-123',
      route: '/api/v1/users/jane@example.com',
      place: 'Bearer abc.def.ghi',
    });
    await reports.settled();
    const [report] = told;
    const text = JSON.stringify([report, report === undefined ? null : toSentryEvent(report)]);
    for (const secret of secrets) expect(text).not.toContain(secret);
    expect(report?.errors.map(({ kind, code }) => [kind, code])).toEqual([
      ['OutpostError', 'internal'],
      ['Error', '23505'],
    ]);
    expect(report?.errors[0]?.frames[0]).toMatchObject({
      function: 'failure',
      file: 'test/unit/shared/observe/error-report.test.ts',
    });
    expect(report?.context).toEqual({
      userId: 'user-1',
      correlationId: 'abc-123',
      route: '[removed]',
      place: '[removed]',
    });
    expect(report?.crumbs[0]?.facts).toEqual({ route: '/api/v1/files/:id', status: 500, query: '[removed]' });
  });

  it('AUD-17 takes a message of several lines for no frame', () => {
    const [, cause] = describeParts(failure());
    expect(cause?.frames.every(({ file }) => file !== 'hunter2')).toBe(true);
  });

  it('AUD-17 knows no other facts than those on its list', () => {
    expect(filterContext({ userId: 'u', email: 'jane@example.com', password: 'hunter2' })).toEqual({ userId: 'u' });
  });

  it('OBS-07 says a sentence of the program with the place it was said at', async () => {
    const { told, reports } = collect();
    reports.captureMessage('the queue is stuck', 'warning');
    await reports.settled();
    expect(told[0]).toMatchObject({ level: 'warning', errors: [{ kind: 'the queue is stuck' }] });
  });

  it('OBS-06 tells the same error a few times a minute, others all the same', async () => {
    const { told, reports, pass } = collect();
    const same = new Error('again');
    for (let round = 0; round < 50; round += 1) reports.captureException(same);
    reports.captureException(new TypeError('another'));
    await reports.settled();
    expect(told.map(({ errors }) => errors[0]?.kind)).toEqual([
      'Error',
      'Error',
      'Error',
      'Error',
      'Error',
      'TypeError',
    ]);
    pass(60_000);
    reports.captureException(same);
    await reports.settled();
    expect(told).toHaveLength(7);
  });

  it('OBS-06 stands in the file when Sentry cannot be had, and is known to have failed', async () => {
    const { told, reports } = collect(() => Promise.reject(new Error('gone')));
    reports.captureException(new Error('one'));
    await reports.settled();
    expect(told).toHaveLength(1);
    expect([reports.goesTo, reports.lastDelivery()?.isWell]).toEqual(['sentry', false]);
  });

  it('OBS-06 an address of Sentry is one, or is refused', () => {
    expect(readDsn('https://key@o1.ingest.sentry.io/42')).toBe('https://key@o1.ingest.sentry.io/42');
    for (const wrong of ['', 'sentry.io/42', 'https://sentry.io/42', 'https://key@sentry.io/', 'file:///etc/passwd'])
      expect([wrong, readDsn(wrong)]).toEqual([wrong, null]);
  });
});

describe('the log on this computer', () => {
  it('OBS-06 never grows beyond its room, and forgets the oldest first', () => {
    const held = new Map<string, string>();
    const files: LogFiles = {
      size: (file) => held.get(file)?.length ?? 0,
      append: (file, text) => void held.set(file, (held.get(file) ?? '') + text),
      rename(from, to) {
        const text = held.get(from);
        held.delete(from);
        if (text !== undefined) held.set(to, text);
      },
    };
    const write = createRotatedLog(files, 'errors', { fileBytes: 100, olderFiles: 2 });
    for (let line = 0; line < 40; line += 1) write({ line, padding: 'x'.repeat(20) });
    expect([...held.keys()].toSorted()).toEqual(['errors.1.log', 'errors.2.log', 'errors.log']);
    for (const text of held.values()) expect(text.length).toBeLessThanOrEqual(100);
    const lines = ['errors.2.log', 'errors.1.log', 'errors.log'].flatMap((file) =>
      (held.get(file) ?? '')
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { readonly line: number }).line),
    );
    expect(lines).toEqual(lines.toSorted((a, b) => a - b));
    expect(lines.at(-1)).toBe(39);
  });
});
