import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffGroups } from '#shared/entities/build-operation.ts';
import { entities } from '#shared/entities/registry.ts';
import { MASK } from '#shared/access/field-policy.ts';

const { account } = entities;
const text = fc.option(fc.string({ minLength: 1, maxLength: 4 }), { nil: null });
const record = fc.record({
  name: text,
  phone: text,
  billingCity: text,
  billingStreet: text,
  tags: fc.uniqueArray(fc.string({ minLength: 1, maxLength: 2 }), { maxLength: 4 }),
});

test('SYNC-30 the changes between two states turn the one into the other and name nothing that is equal', () => {
  fc.assert(
    fc.property(record, record, (before, after) => {
      const changes = diffGroups(account, before, after);
      const result: Record<string, unknown> = { ...before };
      for (const change of changes) {
        Object.assign(result, change.to);
        const tags = before.tags.filter((tag) => !(change.remove?.['tags'] ?? []).includes(tag));
        if (change.group === 'tags') result['tags'] = [...tags, ...(change.add?.['tags'] ?? [])];
        const moved = { ...change.to, ...change.add, ...change.remove };
        expect(Object.keys(moved).length).toBeGreaterThan(0);
      }
      expect({ ...result, tags: new Set(result['tags'] as string[]) }).toEqual({ ...after, tags: new Set(after.tags) });
      const changedGroups = changes.map((change) => change.group);
      expect(new Set(changedGroups).size).toBe(changedGroups.length);
      if (before.name === after.name) expect(changedGroups).not.toContain('name');
    }),
  );
});

test('SYNC-40 a state compared with itself gives no change, also when empty stands for absent', () => {
  fc.assert(
    fc.property(record, (state) => {
      expect(diffGroups(account, state, state)).toEqual([]);
    }),
  );
  expect(diffGroups(account, {}, { phone: null })).toEqual([]);
});

test('SYNC-31 a masked or absent value of a changed group is not sent along', () => {
  const [change] = diffGroups(account, { billingCity: 'Bonn', billingStreet: MASK }, { billingCity: 'Köln' });
  expect(change).toEqual({ group: 'billingAddress', base: { billingCity: 'Bonn' }, to: { billingCity: 'Köln' } });
});
