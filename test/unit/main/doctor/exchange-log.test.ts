import { describe, expect, it } from 'vitest';
import { createExchangeLog } from '#main/doctor/exchange-log.ts';
import { watchClient, watchHost } from '#main/doctor/watch-exchanges.ts';
import type { ServerClient } from '#main/sync/server-client.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Operation } from '#shared/sync/operation.ts';

function createWorld() {
  let nowMs = Date.parse('2026-11-21T09:00:00.000Z');
  const log = createExchangeLog({ now: () => nowMs }, () => nowMs);
  return {
    log,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

const at = (time: string): string => `2026-11-21T${time}Z`;
const op = (opId: string) => ({ opId }) as Operation;

describe('the log of exchanges', () => {
  it('DOC-04 makes timings of what went well, and lists what went wrong with its code', () => {
    const { log, pass } = createWorld();
    for (const ms of [10, 20, 30]) {
      const exchange = log.begin('pull');
      pass(ms);
      exchange.end(ms);
    }
    const failing = log.begin('pull');
    pass(5_000);
    failing.fail('server_unreachable');
    expect(log.timings()).toEqual([{ kind: 'pull', count: 3, p50Ms: 20, p95Ms: 30, lastMs: 30 }]);
    expect(log.errors()).toEqual([{ at: at('09:00:05.060'), code: 'server_unreachable', during: 'pull' }]);
    expect(log.exchanges()[0]).toMatchObject({ code: 'server_unreachable', tookMs: 5_000 });
    expect(log.lastAnswerAt()).toBe(at('09:00:00.060'));
  });

  it('DOC-04 keeps a bounded number of everything', () => {
    const { log, pass } = createWorld();
    for (let index = 0; index < 500; index += 1) {
      pass(1);
      log.begin('push').end(1);
      log.noteError('session', 'server_busy');
    }
    expect([log.timings()[0]?.count, log.exchanges().length, log.errors().length]).toEqual([100, 30, 50]);
  });

  it('DOC-01 knows since when a phase lasts, however often it is announced', () => {
    const { log, pass } = createWorld();
    const status = {
      workOffline: false,
      pendingCount: 0,
      pendingRecords: 0,
      attentionCount: 0,
      upToDateAt: null,
    } as const;
    const rest = { progress: null, retryAt: null, error: null };
    pass(1_000);
    log.noteStatus({ ...status, ...rest, phase: 'idle' });
    pass(1_000);
    log.noteStatus({ ...status, ...rest, phase: 'idle' });
    expect(log.since()).toBe(at('09:00:01.000'));
    log.noteStatus({ ...status, ...rest, phase: 'offline' });
    expect(log.since()).toBe(at('09:00:02.000'));
  });
});

describe('a watched client', () => {
  const access = ['https://x', 'token'] as const;
  const page = { ranges: [], cursor: null, token: 't', key: 'k', epoch: 1, lastOpNo: 0, serverTime: '' };
  const client = (push: ServerClient['push']): ServerClient =>
    ({
      push,
      manifest: () => Promise.resolve({ ...page, progress: { done: 1, total: 2 } }),
    }) as unknown as ServerClient;
  const body = { protocol: 1, epoch: 1, ops: [op('a'), op('b')] };

  it('DOC-02 knows what is on its way, what was not answered and why, and forgets what was', async () => {
    const { log } = createWorld();
    const answer = Promise.withResolvers<never>();
    const watched = watchClient(
      client(() => answer.promise),
      log,
      () => undefined,
    );
    const sent = watched.push(...access, body);
    expect(log.lastTry('a')).toEqual({ at: at('09:00:00.000'), code: null });
    answer.reject(new OutpostError('server_unreachable', 'Gone.'));
    await expect(sent).rejects.toMatchObject({ code: 'server_unreachable' });
    expect(log.lastTry('b')).toMatchObject({ code: 'server_unreachable' });
    const second = watchClient(
      client(() => Promise.resolve({ verdicts: [], serverTime: '' })),
      log,
      () => undefined,
    );
    await second.push(...access, body);
    expect(log.lastTry('a')).toBeNull();
  });

  it('DOC-04 does not call a failure what was given up on purpose', async () => {
    const { log } = createWorld();
    const given = new AbortController();
    const watched = watchClient(
      client(() => {
        given.abort();
        return Promise.reject(new OutpostError('server_unreachable', 'Gone.'));
      }),
      log,
      () => undefined,
    );
    await expect(watched.push(...access, body, given.signal)).rejects.toThrow('Gone.');
    expect(log.errors()).toEqual([]);
    expect(log.lastTry('a')).toMatchObject({ code: 'cancelled' });
  });

  it('DOC-03 tells how far a comparison is', async () => {
    const heard: unknown[] = [];
    const watched = watchClient(
      client(() => Promise.reject(new Error('unused'))),
      createWorld().log,
      (progress) => heard.push(progress),
    );
    await watched.manifest(...access, { protocol: 1, cursor: null });
    expect(heard).toEqual([{ done: 1, total: 2 }]);
  });
});

describe('a watched host', () => {
  it('DOC-03 DOC-04 notes what is applied, and hears what a comparison found that mends', async () => {
    const { log } = createWorld();
    const findings = { missing: [{ coll: 'deals', ids: ['a'] }], different: [], surplus: [] };
    const found: unknown[] = [];
    const host = watchHost(
      {
        request: (request) => Promise.resolve(request.kind === 'compareManifest' ? findings : null),
        takeAnswer: () => undefined,
        noteReady: () => undefined,
        noteGone: () => undefined,
        isReady: () => true,
      },
      log,
      (next) => found.push(next),
    );
    await host.request({ kind: 'applyVerdicts', verdicts: [] });
    await host.request({ kind: 'compareManifest', ranges: [], key: '', onlyLook: true });
    expect(found).toEqual([]);
    await host.request({ kind: 'compareManifest', ranges: [], key: '', onlyLook: false });
    expect(found).toEqual([findings]);
    expect(log.timings().map(({ kind }) => kind)).toEqual(['apply']);
  });
});
