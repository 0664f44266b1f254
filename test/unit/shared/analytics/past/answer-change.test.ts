import { describe, expect, it } from 'vitest';
import { createRecordMirror, type RecordMirror } from '#renderer/data/record-mirror.ts';
import type { Actor } from '#shared/access/actor.ts';
import { createPipelineChanges, type PipelineChanges } from '#shared/analytics/past/answer-change.ts';
import type { PipelineChangeQuery, PipelineChangeResult } from '#shared/analytics/past/change-question.ts';
import { createDealPast } from '#shared/analytics/past/deal-past.ts';
import { changeKinds } from '#shared/analytics/past/pipeline-change.ts';
import { toDay } from '#shared/kernel/calendar.ts';
import { dealOf, historyOf, recordOf, type Life } from '../../../../support/deal-lives.ts';

const today = '2026-06-30';
const manager = { userId: 'u1', permissions: ['record.analytics'] } as unknown as Actor;

const lives: readonly Life[] = [
  {
    id: 'handed',
    events: [
      { at: '2026-05-01T08:00:00.000Z', values: { amount: 500_00, closeDate: '2026-08-15' } },
      { at: '2026-06-10T08:00:00.000Z', values: { ownerId: 'u2' } },
    ],
  },
  {
    id: 'grown',
    events: [
      { at: '2026-05-01T08:00:00.000Z', values: { amount: 100_00, closeDate: '2026-08-15' } },
      { at: '2026-06-12T08:00:00.000Z', values: { amount: 130_00 } },
    ],
  },
  { id: 'new', events: [{ at: '2026-06-15T08:00:00.000Z', values: { amount: 40_00, ownerId: 'u2' } }] },
  { id: 'dollars', events: [{ at: '2026-06-16T08:00:00.000Z', values: { amount: 10_00, currency: 'USD' } }] },
];

function start(): { readonly mirror: RecordMirror; readonly changes: PipelineChanges } {
  const mirror = createRecordMirror();
  const users = ['u1', 'u2'].map((id) => recordOf('user', id, { name: `Name of ${id}`, teamId: `team ${id}` }));
  const deals = lives.flatMap((life) => {
    const deal = dealOf(life);
    return [{ ...deal, name: `Deal ${life.id}`, teamId: `team ${String(deal.ownerId)}` }, ...historyOf(life)];
  });
  mirror.change([...users, ...deals].map((after) => ({ entity: after.kind, id: after.id, after })));
  const past = createDealPast(mirror, toDay);
  return { mirror, changes: createPipelineChanges({ source: mirror, today: () => today, dayOf: toDay, past }) };
}

function ask(changes: PipelineChanges, more: Partial<PipelineChangeQuery> = {}): PipelineChangeResult {
  return changes.answer(manager, { from: '2026-06-01', to: today, period: null, limit: 100, ...more }).value;
}

describe('the question what became of the pipeline', () => {
  it('ANA-13 answers with sums, and with the deals behind them before and after', () => {
    const { changes } = start();
    const answer = ask(changes);
    expect(answer.start).toEqual({ count: 2, value: 600_00 });
    expect(answer.end).toEqual({ count: 4, value: 670_00 });
    expect(answer.withoutRate).toBe(1);
    expect(answer.deals.map(({ dealId, kind, value }) => [dealId, kind, value])).toEqual([
      ['new', 'new', 40_00],
      ['grown', 'amountUp', 30_00],
      ['dollars', 'new', 0],
    ]);
    expect(answer.deals[1]).toMatchObject({ before: { value: 100_00 }, after: { value: 130_00 } });
    expect(answer.labels['grown']).toBe('Deal grown');
    expect(ask(changes, { kind: 'amountUp' }).total).toEqual({ count: 1, value: 30_00 });
    expect(ask(changes, { limit: 1 }).deals).toHaveLength(1);
  });

  it('ANA-13 tells as many deals as it is asked for, all of them for an export', () => {
    const { mirror, changes } = start();
    const at = '2026-06-10T08:00:00.000Z';
    const many = Array.from({ length: 1500 }, (_, place) => {
      const life = { id: `many${String(place)}`, events: [{ at, values: { amount: 1_00 } }] };
      return [dealOf(life), ...historyOf(life)];
    }).flat();
    mirror.change(many.map((after) => ({ entity: after.kind, id: after.id, after })));
    const { deals, total } = ask(changes, { limit: Number.MAX_SAFE_INTEGER });
    expect([deals.length, total.count]).toEqual([1503, 1503]);
    expect(ask(changes, { limit: 1200 }).deals).toHaveLength(1200);
  });

  it('ANA-13 each owner adds up alone: what one hands over another takes', () => {
    const { changes } = start();
    const { owners } = ask(changes);
    for (const owner of owners) {
      const parts = changeKinds.reduce((sum, kind) => sum + owner.parts[kind].value, 0);
      expect(owner.start.value + parts).toBe(owner.end.value);
    }
    const of = (id: string) => owners.find(({ ownerId }) => ownerId === id);
    expect(of('u1')?.parts.handedAway).toEqual({ count: 1, value: -500_00 });
    expect(of('u2')?.parts.handedIn).toEqual({ count: 1, value: 500_00 });
    expect(ask(changes, { of: 'u2' }).deals.map(({ dealId, kind }) => [dealId, kind])).toEqual([
      ['handed', 'handedIn'],
      ['new', 'new'],
    ]);
  });

  it('ANA-13 is about an owner, a team with those below it, a pipeline or a period of close dates', () => {
    const { mirror, changes } = start();
    expect(ask(changes, { owner: 'u2' }).start.count).toBe(0);
    expect(ask(changes, { team: 'team u2' }).parts.handedIn.count).toBe(1);
    const team = recordOf('team', 'team u2', { parentId: 'north' });
    mirror.change([{ entity: 'team', id: 'team u2', after: team }]);
    expect(ask(changes, { team: 'north' }).end).toEqual(ask(changes, { owner: 'u2' }).end);
    expect(ask(changes, { pipeline: 'another' }).end.count).toBe(0);
    expect(ask(changes, { period: { start: '2026-07-01', end: '2026-09-30' } }).end.count).toBe(2);
  });

  it('ANA-13 follows an edit of today, and a day that is not over means now', () => {
    const { mirror, changes } = start();
    ask(changes);
    const grown = mirror.get('deal', 'grown');
    if (grown === undefined) throw new Error('no deal');
    const after = { ...grown, amount: 150_00, updatedAt: '2026-06-30T10:00:00.000Z' };
    mirror.change([{ entity: 'deal', id: 'grown', after }]);
    expect(ask(changes).parts.amountUp.value).toBe(50_00);
    expect(ask(changes, { to: '2027-01-01' }).end).toEqual(ask(changes).end);
  });

  it('PER-10 is refused without the right, and where a value it is made of is not seen', () => {
    const { changes } = start();
    const query = { from: '2026-06-01', to: today, period: null, limit: 10 };
    const refused = expect.objectContaining({ code: 'action_forbidden' });
    expect(() => changes.answer({ ...manager, permissions: [] }, query)).toThrow(refused);
    const blind = { ...manager, fields: { deal: { status: 'view', stageId: 'view', closeDate: 'view' } } } as const;
    expect(() => changes.answer(blind, query)).toThrow(refused);
    expect(() => changes.trend(blind, { to: today, days: 10, period: null })).toThrow(refused);
  });
});

describe('the trend of the open pipeline', () => {
  it('ANA-13 is worked out from the history, and takes a day from the snapshots where there are any', () => {
    const { mirror, changes } = start();
    const trend = () => changes.trend(manager, { to: today, days: 30, period: null }).value;
    expect(trend().fromSnapshots).toBe(0);
    expect(trend().points.at(-1)).toEqual({ day: today, count: 4, value: 670_00 });
    expect(trend().points[0]).toEqual({ day: '2026-06-01', count: 2, value: 600_00 });
    const line = (amount: number, closeMonth: string) => [
      'default',
      'new',
      'pipeline',
      closeMonth,
      'EUR',
      2,
      amount,
      0,
    ];
    const snapshot = (owner: string, amount: number) =>
      recordOf('pipelineSnapshot', `2026-06-05 ${owner}`, {
        day: '2026-06-05',
        ownerId: owner,
        teamId: `team ${owner}`,
        lines: [line(amount, '2026-08'), line(1, '2026-10')],
      });
    for (const after of [snapshot('u1', 700_00), snapshot('u2', 50_00)])
      mirror.change([{ entity: 'pipelineSnapshot', id: after.id, after }]);
    const on = (points: readonly { readonly day: string }[]) => points.find(({ day }) => day === '2026-06-05');
    expect(on(trend().points)).toEqual({ day: '2026-06-05', count: 8, value: 750_02 });
    expect(trend().fromSnapshots).toBe(1);
    const ofOne = { to: today, days: 30, owner: 'u2', period: { start: '2026-07-01', end: '2026-09-30' } };
    expect(on(changes.trend(manager, ofOne).value.points)).toEqual({ day: '2026-06-05', count: 2, value: 50_00 });
    const odd = { ...ofOne, period: { start: '2026-07-02', end: '2026-09-30' } };
    expect(changes.trend(manager, odd).value.fromSnapshots).toBe(0);
  });
});
