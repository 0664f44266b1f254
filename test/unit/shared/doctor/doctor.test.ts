import { describe, expect, it } from 'vitest';
import { percentileOf } from '#shared/doctor/percentile.ts';
import { redactReport, type ReportFacts } from '#shared/doctor/redact.ts';
import { MOST_PENDING } from '#shared/doctor/snapshot.ts';
import { summarizePending, type OperationStanding } from '#shared/doctor/summarize-pending.ts';
import type { Operation } from '#shared/sync/operation.ts';

function operation(more: Partial<Operation>): Operation {
  return {
    opId: 'op-1',
    opNo: 1,
    txn: null,
    kind: 'patch',
    entity: 'deal',
    recordId: 'deal-1',
    command: 'updateRecord',
    baseRev: 1,
    changes: [{ group: 'name', base: { name: 'CANARY before' }, to: { name: 'CANARY after' } }],
    dependsOn: [],
    captured: { wall: '2026-11-21T09:00:00.000Z', sinceBootMs: 1 },
    schema: 1,
    ...more,
  };
}

const standing = (more: Partial<Operation>, rest: Partial<OperationStanding> = {}): OperationStanding => ({
  operation: operation(more),
  state: 'waiting',
  lastTryAt: null,
  reason: null,
  ...rest,
});

describe('unsent work by record', () => {
  it('DOC-02 is one line for each record with the fields that changed, the oldest first', () => {
    const { records, total } = summarizePending([
      standing({ recordId: 'deal-2', captured: { wall: '2026-11-21T10:00:00.000Z', sinceBootMs: 2 } }),
      standing({ opId: 'a' }),
      standing({ opId: 'b', changes: [{ group: 'money', base: {}, to: { amount: 1, currency: 'EUR' } }] }),
    ]);
    expect(total).toBe(2);
    expect(records).toMatchObject([
      { recordId: 'deal-1', changes: 2, fields: ['name', 'amount', 'currency'], kinds: ['patch'] },
      { recordId: 'deal-2', changes: 1, fields: ['name'] },
    ]);
  });

  it('DOC-02 tells of several changes the state that holds the record up most, and why', () => {
    const { records } = summarizePending([
      standing({ opId: 'a' }, { state: 'waiting' }),
      standing(
        { opId: 'b' },
        { state: 'retrying', lastTryAt: '2026-11-21T09:05:00.000Z', reason: 'server_unreachable' },
      ),
      standing({ opId: 'c' }, { state: 'answered' }),
    ]);
    expect(records).toMatchObject([
      { state: 'retrying', reason: 'server_unreachable', lastTryAt: '2026-11-21T09:05:00.000Z' },
    ]);
  });

  it('DOC-02 lists a bounded number of records and counts all', () => {
    const many = Array.from({ length: MOST_PENDING + 5 }, (_, index) => standing({ recordId: `deal-${index}` }));
    const { records, total } = summarizePending(many);
    expect([records.length, total]).toEqual([MOST_PENDING, MOST_PENDING + 5]);
  });

  it('SYNC-22 carries no value of what was typed', () => {
    expect(JSON.stringify(summarizePending([standing({})]))).not.toContain('CANARY');
  });
});

describe('percentiles', () => {
  it('DOC-04 are the nearest rank', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([
      percentileOf(values, 0.5),
      percentileOf(values, 0.95),
      percentileOf([7], 0.95),
      percentileOf([], 0.5),
    ]).toEqual([50, 95, 7, 0]);
  });
});

/** Every text of the snapshot that is not of the product's own making carries the word. */
function spoiledFacts(): ReportFacts {
  const verification = {
    checkedAt: '2026-11-21T09:00:00.000Z',
    tookMs: 12,
    records: 3,
    missing: 0,
    different: 1,
    surplus: 0,
    findings: [{ kind: 'different', coll: 'deals', id: 'CANARY-id' }],
  } as const;
  return {
    app: { version: '0.1.0', host: 'chromium', platform: 'linux' },
    server: { incarnation: 'CANARY-incarnation', epoch: 3, roundTripMs: 4, clockAheadMs: -2 },
    verification,
    repair: {
      doneAt: '2026-11-21T09:00:00.000Z',
      tookMs: 1,
      fetched: 0,
      replaced: 1,
      removed: 0,
      unsentBefore: 2,
      unsentAfter: 2,
      after: verification,
    },
    snapshot: {
      takenAt: '2026-11-21T09:00:00.000Z',
      connection: {
        phase: 'idle',
        since: '2026-11-21T09:00:00.000Z',
        workOffline: false,
        live: 'open',
        liveSince: '2026-11-21T09:00:00.000Z',
        retryAt: null,
        upToDateAt: null,
        lastAnswerAt: null,
      },
      position: { stage: 'log', epoch: 1, ownEpoch: 1, mark: 'CANARY-mark' },
      journal: {
        waiting: 1,
        sending: 0,
        retrying: 0,
        answered: 0,
        refused: 0,
        sizeBytes: 100,
        lastCommitAt: null,
        damagedRows: 0,
      },
      pending: [
        {
          entity: 'CANARY-entity',
          recordId: 'CANARY-record',
          state: 'waiting',
          changes: 1,
          kinds: ['CANARY-kind'],
          fields: ['CANARY-field'],
          since: 'CANARY-clock',
          lastTryAt: null,
          reason: 'CANARY-reason',
        },
        {
          entity: 'deal',
          recordId: 'CANARY-record',
          state: 'refused',
          changes: 1,
          kinds: ['patch'],
          fields: ['amount', 'CANARY-field'],
          since: '2026-11-21T09:00:00.000Z',
          lastTryAt: null,
          reason: 'not_visible',
        },
      ],
      pendingTotal: 2,
      errors: [{ at: '2026-11-21T09:00:00.000Z', code: 'CANARY-code' as never, during: 'push' }],
      timings: [{ kind: 'push', count: 1, p50Ms: 1, p95Ms: 1, lastMs: 1 }],
      exchanges: [{ kind: 'push', at: '2026-11-21T09:00:00.000Z', tookMs: 1, count: 1, code: null }],
      database: { counts: { deal: 3, 'CANARY-kind': 1 }, unsentCount: 1, sizeBytes: 12 },
    },
  };
}

describe('the report', () => {
  it('DOC-05 SYNC-22 says nothing that is not of the product itself: no value, name, address or plain id', () => {
    const text = JSON.stringify(redactReport(spoiledFacts(), (id) => `#${id.length}`));
    expect(text).not.toContain('CANARY');
    expect(text).toContain('"fields":["amount","(other)"]');
    expect(text).toContain('"reason":"not_visible"');
  });

  it('DOC-05 names what it does not know yet neither: a new part of the picture stays out until it is listed', () => {
    const facts = spoiledFacts();
    const wider = {
      ...facts,
      serverUrl: 'https://CANARY.example',
      snapshot: {
        ...facts.snapshot,
        owner: 'CANARY',
        connection: { ...facts.snapshot.connection, address: 'CANARY' },
        journal: { ...facts.snapshot.journal, path: '/CANARY' },
      },
    };
    expect(JSON.stringify(redactReport(wider, () => '#'))).not.toContain('CANARY');
  });
});
