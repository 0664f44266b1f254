import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonEqual } from '#shared/kernel/json.ts';
import { mergeOperation, type MergeResult } from '#shared/sync/merge.ts';
import { toSet } from '#shared/sync/merge-values.ts';
import type { Change } from '#shared/sync/operation.ts';
import { changeOf, createOperation, createRecord, propertyRuns, sample } from '../../../support/sample-entities.ts';

const texts = fc.constantFrom(null, '', 'a', 'b', 'c');
const lines = fc.array(fc.constantFrom('x\n', 'y\n', 'z\n', 'w\n'), { maxLength: 6 }).map((parts) => parts.join(''));
const lists = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 }).map((items) => [...items].sort());

/** Every policy that takes any value, with the field that has it and values for it. */
const policies = [
  { policy: 'incoming', group: 'title', field: 'title', values: texts },
  { policy: 'current', group: 'code', field: 'code', values: texts },
  { policy: 'manual', group: 'closeDate', field: 'closeDate', values: texts },
  { policy: 'counter', group: 'quantity', field: 'quantity', values: fc.integer({ min: -50, max: 50 }) },
  { policy: 'set', group: 'tags', field: 'tags', values: lists },
  { policy: 'text3', group: 'notes', field: 'notes', values: lines },
  { policy: 'machine', group: 'stage', field: 'stage', values: fc.constantFrom('new', 'open', 'won') },
  { policy: 'restrictive', group: 'doNotCall', field: 'doNotCall', values: fc.constantFrom(null, true, false) },
  { policy: 'append', group: 'log', field: 'log', values: lines },
] as const;

function merge(group: string, field: string, base: unknown, current: unknown, mine: unknown): MergeResult {
  const operation = createOperation({ changes: [changeOf(group, field, base, mine)] });
  return mergeOperation(sample, createRecord({ [field]: current }), operation);
}

/** Value of the field afterwards; undefined when the operation was rejected. */
function resultOf(result: MergeResult, field: string, current: unknown): unknown {
  if (result.kind === 'rejected') return undefined;
  return result.kind === 'noop' ? current : result.record[field];
}

function lostOf(result: MergeResult): readonly unknown[] {
  return result.kind === 'merged' ? result.lost : [];
}

describe('laws of the merge', () => {
  for (const { policy, group, field, values } of policies) {
    const value = values as fc.Arbitrary<unknown>;

    it(`SYNC-40 ${policy}: a side that did not change anything gives way to the one that did`, () => {
      fc.assert(
        fc.property(value, value, (b, x) => {
          for (const result of [
            merge(group, field, b, b, x),
            merge(group, field, b, x, b),
            merge(group, field, b, x, x),
          ]) {
            const current = result.kind === 'noop' ? x : undefined;
            expect(resultOf(result, field, current)).toEqual(x);
            expect(lostOf(result)).toEqual([]);
          }
        }),
        propertyRuns,
      );
    });

    it(`SYNC-41 SYNC-42 ${policy}: what is neither base nor result is kept as lost, exactly once, and nothing is invented`, () => {
      fc.assert(
        fc.property(value, value, value, (b, s, m) => {
          const result = merge(group, field, b, s, m);
          if (result.kind === 'rejected') return;
          const after = resultOf(result, field, s);
          const combines = ['counter', 'set', 'text3', 'append'].includes(policy);
          const isSide = [b, s, m].some((side) => isJsonEqual(side, after));
          expect(isSide || combines).toBe(true);
          const lost = (result.kind === 'merged' ? result.lost : []).map((entry) => entry.lost[field]);
          if (combines && !isSide) expect(lost).toEqual([]);
          else if (!combines) {
            const expected = [s, m].filter((side) => !isJsonEqual(side, b) && !isJsonEqual(side, after));
            expect(lost).toEqual(expected);
          }
        }),
        propertyRuns,
      );
    });
  }

  it('SYNC-41 text3 and append report the incoming value when they cannot keep both', () => {
    fc.assert(
      fc.property(fc.constantFrom('notes', 'log'), lines, lines, lines, (field, b, s, m) => {
        const result = merge(field, field, b, s, m);
        if (result.kind !== 'merged' || result.lost.length === 0) return;
        expect(result.record[field]).toBe(s);
        expect(result.lost).toMatchObject([{ side: 'incoming', severity: 'open', lost: { [field]: m } }]);
      }),
      propertyRuns,
    );
  });

  it('SYNC-43 counters give the same sum in every order of arrival', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 5 }),
        fc.integer(),
        (deltas, seed) => {
          const changes = deltas.map((delta): Change => ({
            group: 'quantity',
            base: { quantity: 0 },
            delta: { quantity: delta },
          }));
          expect(applyAll(shuffle(changes, seed), 'quantity', 0)).toBe(deltas.reduce((sum, delta) => sum + delta, 0));
        },
      ),
      propertyRuns,
    );
  });

  it('SYNC-43 sets give the same members in every order of arrival', () => {
    const part = fc.record({ add: lists, remove: lists });
    fc.assert(
      fc.property(lists, fc.array(part, { minLength: 2, maxLength: 4 }), fc.integer(), (base, parts, seed) => {
        const changes = parts.map(({ add, remove }): Change => ({
          group: 'tags',
          base: { tags: base },
          add: { tags: add },
          remove: { tags: remove },
        }));
        expect(applyAll(shuffle(changes, seed), 'tags', base)).toEqual(applyAll(changes, 'tags', base));
      }),
      propertyRuns,
    );
  });

  it('SYNC-44 an objection is lifted only by somebody who saw it', () => {
    const answer = fc.constantFrom(null, true, false);
    fc.assert(
      fc.property(answer, answer, answer, (b, s, m) => {
        const after = resultOf(merge('doNotCall', 'doNotCall', b, s, m), 'doNotCall', s);
        if (s === true && b !== true) expect(after).toBe(true);
        if (m === true && b !== true) expect(after).toBe(true);
      }),
      propertyRuns,
    );
  });

  it('SYNC-45 a group is taken whole: amount and currency never come from two people', () => {
    const price = fc.record({ amount: fc.integer({ min: 1, max: 3 }), currency: fc.constantFrom('EUR', 'USD', 'GBP') });
    fc.assert(
      fc.property(price, price, price, (base, current, mine) => {
        const operation = createOperation({ changes: [{ group: 'price', base, to: mine }] });
        const result = mergeOperation(sample, createRecord(current), operation);
        const record = result.kind === 'merged' ? result.record : createRecord(current);
        const after = { amount: record['amount'], currency: record['currency'] };
        expect([base, current, mine]).toContainEqual(after);
      }),
      propertyRuns,
    );
  });

  it('SYNC-30 a group the operation does not name keeps its value', () => {
    fc.assert(
      fc.property(fc.subarray([...policies]), fc.integer({ min: 0, max: 99 }), (named, draw) => {
        const before = createRecord({
          title: 'old',
          code: 'c',
          closeDate: 'd',
          quantity: 1,
          tags: ['a'],
          notes: 'n\n',
          stage: 'new',
          log: 'l',
        });
        const changes = named.map(({ group, field, values }) => {
          const to = fc.sample<unknown>(values, { seed: draw, numRuns: 1 })[0];
          return changeOf(group, field, before[field] ?? null, to);
        });
        const result = mergeOperation(sample, before, createOperation({ changes }));
        if (result.kind !== 'merged') return;
        const fields = named.map(({ field }) => field as string);
        for (const key of Object.keys(result.record)) {
          if (!fields.includes(key)) expect(result.record[key]).toEqual(before[key]);
        }
        expect(named.map(({ group }) => group as string)).toEqual(expect.arrayContaining([...result.changedGroups]));
      }),
      propertyRuns,
    );
  });
});

function applyAll(changes: readonly Change[], field: string, start: unknown): unknown {
  return changes.reduce<unknown>((value, change) => {
    const result = mergeOperation(sample, createRecord({ [field]: value }), createOperation({ changes: [change] }));
    return resultOf(result, field, value);
  }, start);
}

function shuffle<Item>(items: readonly Item[], seed: number): readonly Item[] {
  const order = items.map((item, index) => ({ item, rank: Math.sin(seed + index * 7) }));
  return order.sort((a, b) => a.rank - b.rank).map(({ item }) => item);
}

describe('policies when all three sides differ', () => {
  it('SYNC-41 incoming keeps mine and remembers the other value for information', () => {
    const result = merge('title', 'title', 'a', 'b', 'c');
    expect(result).toMatchObject({ kind: 'merged', changedGroups: ['title'], record: { title: 'c' } });
    expect(result).toMatchObject({
      lost: [{ side: 'current', lost: { title: 'b' }, kept: { title: 'c' }, severity: 'info' }],
    });
  });

  it('SYNC-41 manual keeps what stands, changes nothing and opens a question', () => {
    const result = merge('closeDate', 'closeDate', 'a', 'b', 'c');
    expect(result).toMatchObject({ kind: 'merged', changedGroups: [], record: { closeDate: 'b' } });
    expect(result).toMatchObject({ lost: [{ side: 'incoming', lost: { closeDate: 'c' }, severity: 'open' }] });
  });

  it('SYNC-42 a machine goes on from where the record stands, or refuses', () => {
    expect(merge('stage', 'stage', 'new', 'open', 'won')).toMatchObject({ kind: 'merged', record: { stage: 'won' } });
    expect(merge('stage', 'stage', 'new', 'won', 'lost')).toMatchObject({
      kind: 'rejected',
      code: 'conflict_manual',
      groups: ['stage'],
    });
    expect(merge('stage', 'stage', 'won', 'won', 'lost')).toMatchObject({ kind: 'rejected', code: 'invalid' });
  });

  it('SYNC-42 text of two people in different places holds both', () => {
    const result = merge('notes', 'notes', '1\n2\n3\n4\n', 'one\n2\n3\n4\n', '1\n2\n3\nfour\n');
    expect(result).toMatchObject({ record: { notes: 'one\n2\n3\nfour\n' }, lost: [] });
  });

  it('SYNC-42 text of two people in the same place becomes a question, without markers in the data', () => {
    const result = merge('notes', 'notes', '1\n2\n', '1\ntwo\n', '1\nzwei\n');
    expect(result).toMatchObject({
      record: { notes: '1\ntwo\n' },
      changedGroups: [],
      lost: [{ lost: { notes: '1\nzwei\n' } }],
    });
  });

  it('SYNC-42 append keeps both additions', () => {
    expect(merge('log', 'log', 'a', 'ab', 'ac')).toMatchObject({ record: { log: 'abc' }, lost: [] });
  });

  it('SYNC-42 what is immutable is never changed, only confirmed', () => {
    expect(merge('origin', 'origin', 'a', 'a', 'b')).toMatchObject({
      kind: 'rejected',
      code: 'invalid',
      groups: ['origin'],
    });
    expect(merge('origin', 'origin', 'a', 'a', 'a')).toEqual({ kind: 'noop' });
  });

  it('SYNC-43 the same delta twice counts twice, the same value typed twice counts once', () => {
    const delta = { group: 'quantity', base: { quantity: 1 }, delta: { quantity: 1 } };
    expect(applyAll([delta, delta], 'quantity', 1)).toBe(3);
    const value = changeOf('quantity', 'quantity', 1, 2);
    expect(applyAll([value, value], 'quantity', 1)).toBe(2);
  });
});

describe('whole records', () => {
  const create = createOperation({ kind: 'create', baseRev: 0, changes: [changeOf('title', 'title', null, 'New')] });

  it('SYNC-42 a create makes the record with defaults, and without time or author of the device', () => {
    const result = mergeOperation(sample, null, create);
    expect(result).toMatchObject({
      effect: 'write',
      record: { id: 'r1', title: 'New', priority: 'medium', rev: 0, createdAt: '', createdBy: null },
    });
  });

  it('SYNC-5 a create of an id that exists is a duplicate, whether the record lives or not', () => {
    expect(mergeOperation(sample, createRecord(), create)).toMatchObject({ kind: 'rejected', code: 'duplicate' });
    expect(mergeOperation(sample, createRecord(), create, { deleted: true })).toMatchObject({ code: 'duplicate' });
  });

  it('SYNC-41 a delete applies only when the deleter had seen the newest visible revision', () => {
    const remove = createOperation({ kind: 'delete', baseRev: 5 });
    expect(mergeOperation(sample, createRecord({ rev: 5 }), remove)).toMatchObject({
      kind: 'merged',
      effect: 'delete',
    });
    expect(mergeOperation(sample, createRecord({ rev: 6 }), remove)).toMatchObject({
      kind: 'rejected',
      code: 'conflict_manual',
    });
    expect(mergeOperation(sample, createRecord({ rev: 6 }), remove, { visibleRev: 5 })).toMatchObject({
      effect: 'delete',
    });
    expect(mergeOperation(sample, createRecord(), remove, { deleted: true })).toEqual({ kind: 'noop' });
  });

  it('SYNC-52 an edit never brings a deleted record back; only a restore does', () => {
    const edit = createOperation({ changes: [changeOf('title', 'title', 'a', 'b')] });
    expect(mergeOperation(sample, createRecord(), edit, { deleted: true })).toMatchObject({
      kind: 'rejected',
      code: 'deleted',
    });
    const restore = createOperation({ kind: 'restore' });
    expect(mergeOperation(sample, createRecord(), restore, { deleted: true })).toMatchObject({ effect: 'restore' });
    expect(mergeOperation(sample, createRecord(), restore)).toEqual({ kind: 'noop' });
  });

  it('SYNC-34 an edit of an id that never existed is answered like one of a hidden record', () => {
    expect(mergeOperation(sample, null, createOperation())).toMatchObject({ kind: 'rejected', code: 'not_visible' });
  });

  it('SYNC-30 a field outside the named group, an unknown group and a group named twice are refused', () => {
    const foreign = { group: 'title', base: {}, to: { code: 'x' } };
    const unknown = { group: '__proto__', base: {}, to: {} };
    const title = changeOf('title', 'title', 'a', 'b');
    for (const changes of [[foreign], [unknown], [title, title], [{ group: 'rev', base: {}, to: { rev: 9 } }]]) {
      expect(mergeOperation(sample, createRecord(), createOperation({ changes }))).toMatchObject({
        kind: 'rejected',
        code: 'invalid',
      });
    }
  });

  it('SYNC-31 a masked marker is never stored', () => {
    const changes = [changeOf('title', 'title', 'a', { $masked: '•••' })];
    expect(mergeOperation(sample, createRecord(), createOperation({ changes }))).toMatchObject({
      code: 'field_forbidden',
    });
    expect(mergeOperation(sample, null, createOperation({ kind: 'create', changes }))).toMatchObject({
      code: 'field_forbidden',
    });
  });

  it('SYNC-42 additions that do not fit the policy, and numbers that overflow, are refused', () => {
    const wrong: Change[] = [
      { group: 'title', base: {}, delta: { title: 1 } },
      { group: 'quantity', base: {}, add: { quantity: ['a'] } },
      { group: 'quantity', base: {}, to: { quantity: 1 }, delta: { quantity: 1 } },
      { group: 'quantity', base: {}, delta: { quantity: Infinity } },
    ];
    for (const change of wrong) {
      expect(mergeOperation(sample, createRecord(), createOperation({ changes: [change] }))).toMatchObject({
        code: 'invalid',
      });
    }
  });

  it('SYNC-43 lists that are sets have one order and no duplicates', () => {
    expect(toSet(['b', 'a', 'b', 3])).toEqual(['a', 'b']);
  });
});
