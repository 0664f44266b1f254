import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldOnto, foldOperations } from '#shared/sync/fold.ts';
import { mergeOperation } from '#shared/sync/merge.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { Change, Operation } from '#shared/sync/operation.ts';
import { changeOf, createOperation, createRecord, propertyRuns, sample } from '../../../support/sample-entities.ts';

type Typing = (view: AnyRecord) => Change;

const tags = fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 });

/** What a person does, as a function of what is on the screen: the change carries the values the person saw. */
const typings: fc.Arbitrary<Typing> = fc.oneof(
  fc.constantFrom('x', 'y', null).map(
    (to): Typing =>
      (view) =>
        changeOf('title', 'title', view['title'] ?? null, to),
  ),
  fc.integer({ min: 1, max: 9 }).map((amount): Typing => (view) => ({
    group: 'price',
    base: { amount: view['amount'] ?? null, currency: view['currency'] ?? null },
    to: { amount, currency: 'EUR' },
  })),
  fc.integer({ min: -3, max: 3 }).map((delta): Typing => (view) => ({
    group: 'quantity',
    base: { quantity: view['quantity'] ?? null },
    delta: { quantity: delta },
  })),
  fc.tuple(tags, tags).map(([add, remove]): Typing => (view) => ({
    group: 'tags',
    base: { tags: view['tags'] ?? null },
    add: { tags: add },
    remove: { tags: remove },
  })),
);

/** Additions and whole values of the same two fields, so that they meet. */
const meetingTypings: fc.Arbitrary<Typing> = fc.oneof(
  fc.tuple(fc.subarray(['a', 'b']), fc.subarray(['a', 'b'])).map(([add, remove]): Typing => (view) => ({
    group: 'tags',
    base: { tags: view['tags'] ?? null },
    add: { tags: add },
    remove: { tags: remove },
  })),
  fc.subarray(['a', 'b']).map(
    (to): Typing =>
      (view) =>
        changeOf('tags', 'tags', view['tags'] ?? null, to),
  ),
  fc.integer({ min: -3, max: 3 }).map((delta): Typing => (view) => ({
    group: 'quantity',
    base: { quantity: view['quantity'] ?? null },
    delta: { quantity: delta },
  })),
  fc.integer({ min: 0, max: 3 }).map(
    (to): Typing =>
      (view) =>
        changeOf('quantity', 'quantity', view['quantity'] ?? null, to),
  ),
);

const anyTyping = fc.oneof(typings, meetingTypings);

/** Operations typed one after another on one screen, and every view in between. */
function type(
  start: AnyRecord,
  steps: readonly Typing[],
): { readonly operations: readonly Operation[]; readonly view: AnyRecord | null } {
  const operations: Operation[] = [];
  let view: AnyRecord | null = start;
  for (const step of steps) {
    if (view === null) break;
    const operation = createOperation({
      opId: `op${operations.length}`,
      opNo: operations.length + 1,
      changes: [step(view)],
    });
    operations.push(operation);
    view = foldOnto(sample, view, operation);
  }
  return { operations, view };
}

/** Empty, absent and zero are the same to look at. */
function toLook(record: AnyRecord | null): unknown {
  if (record === null) return null;
  const entries = Object.entries(record).filter(
    ([, value]) => value !== null && value !== 0 && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(entries);
}

const starts = fc
  .record({ title: fc.constantFrom(null, 'x', 't'), quantity: fc.integer({ min: 0, max: 5 }), tags })
  .map((values) => createRecord({ ...values, tags: [...values.tags].sort() }));

describe('the view of a record', () => {
  it('SYNC-10 folding one by one while typing equals folding all pending operations onto the projection', () => {
    fc.assert(
      fc.property(starts, fc.array(anyTyping, { maxLength: 6 }), (start, steps) => {
        const { operations, view } = type(start, steps);
        expect(foldOperations(sample, start, operations)).toEqual(view);
      }),
      propertyRuns,
    );
  });

  it('SYNC-19 the same page and operations give the same view however often they arrive', () => {
    fc.assert(
      fc.property(starts, fc.array(anyTyping, { maxLength: 6 }), (start, steps) => {
        const { operations } = type(start, steps);
        const once = foldOperations(sample, start, operations);
        expect(foldOperations(sample, start, operations)).toEqual(once);
        expect(start).toEqual(
          createRecord({ title: start['title'], quantity: start['quantity'], tags: start['tags'] }),
        );
      }),
      propertyRuns,
    );
  });

  it('SYNC-16 when nobody else changed anything, the view is what the server makes of the operations', () => {
    fc.assert(
      fc.property(starts, fc.array(anyTyping, { maxLength: 6 }), (start, steps) => {
        const { operations, view } = type(start, steps);
        const server = operations.reduce((record, operation) => {
          const result = mergeOperation(sample, record, operation);
          return result.kind === 'merged' ? result.record : record;
        }, start);
        expect(toLook(server)).toEqual(toLook(view));
      }),
      propertyRuns,
    );
  });

  it('SYNC-10 a created record is seen at once, with its author and revision 0', () => {
    const create = createOperation({ kind: 'create', changes: [changeOf('title', 'title', null, 'New')] });
    const view = foldOperations(sample, null, [create], 'me');
    expect(view).toMatchObject({
      id: 'r1',
      title: 'New',
      priority: 'medium',
      rev: 0,
      createdBy: 'me',
      createdAt: '2026-02-02T00:00:00.000Z',
    });
  });

  it('SYNC-19 a create the server has answered already is not folded twice', () => {
    const create = createOperation({ kind: 'create', changes: [changeOf('title', 'title', null, 'New')] });
    const projection = createRecord({ title: 'Server' });
    expect(foldOperations(sample, projection, [create])).toEqual(projection);
  });

  it('SYNC-25 pending edits never keep a record on the screen that the server took away', () => {
    const edit = createOperation({ changes: [changeOf('title', 'title', 'a', 'b')] });
    expect(foldOperations(sample, null, [edit])).toBeNull();
  });

  it('SYNC-10 a deleted record is gone at once, also with edits behind it', () => {
    const remove = createOperation({ kind: 'delete' });
    const edit = createOperation({ changes: [changeOf('title', 'title', 'a', 'b')] });
    expect(foldOperations(sample, createRecord(), [remove, edit])).toBeNull();
  });
});
