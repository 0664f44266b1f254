import { describe, expect, it } from 'vitest';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { toFilter, toForm, type RuleForm } from '#renderer/features/settings/territories/rule-form.ts';
import { placeByKey, toRows } from '#renderer/features/settings/territories/territory-rows.ts';
import type { FieldFilter, Filter } from '#shared/query/filter.ts';

function territory(id: string, parentId: string | null): LocalRecord {
  const stamps = { createdAt: '', createdBy: null, updatedAt: '', updatedBy: null };
  return { id, kind: 'territory', rev: 1, ownerId: null, teamId: null, ...stamps, name: id, parentId, pending: [] };
}

describe('rows of the tree', () => {
  const records = [
    territory('south', 'europe'),
    territory('europe', null),
    territory('north', 'europe'),
    territory('asia', null),
    territory('lost', 'gone'),
  ];
  const of = (closed: readonly string[]) => toRows(records, new Set(closed));

  it('TER-02 stand below their parents by name, and a territory whose parent is missing at the top', () => {
    expect(of([]).map(({ record, level }) => `${record.id} ${String(level)}`)).toEqual([
      'asia 0',
      'europe 0',
      'north 1',
      'south 1',
      'lost 0',
    ]);
    expect(of(['europe']).map(({ record }) => record.id)).toEqual(['asia', 'europe', 'lost']);
  });

  it('TER-02 keys move below the sibling before, or out to the level above, and nowhere else', () => {
    const rows = of([]);
    expect(placeByKey(rows, 'south', 'ArrowRight')).toBe('north');
    expect(placeByKey(rows, 'north', 'ArrowRight')).toBeUndefined();
    expect(placeByKey(rows, 'south', 'ArrowLeft')).toBeNull();
    expect(placeByKey(rows, 'asia', 'ArrowLeft')).toBeUndefined();
    expect(placeByKey(rows, 'asia', 'ArrowDown')).toBeUndefined();
  });
});

describe('the form of a rule', () => {
  const country: FieldFilter = { field: 'billingCountry', op: 'eq', value: 'Germany' };
  const industry: FieldFilter = { field: 'industry', op: 'eq', value: 'retail' };

  it('TER-01 comes back as it was entered', () => {
    const forms: readonly RuleForm[] = [
      { joined: 'and', conditions: [country], exceptions: [] },
      { joined: 'or', conditions: [country, industry], exceptions: [] },
      { joined: 'or', conditions: [country, industry], exceptions: [industry] },
      { joined: 'and', conditions: [country, industry], exceptions: [country, industry] },
    ];
    for (const form of forms) expect(toForm(toFilter(form))).toEqual(form);
    expect(toFilter({ joined: 'and', conditions: [], exceptions: [industry] })).toBeNull();
    expect(toForm(null)).toEqual({ joined: 'and', conditions: [], exceptions: [] });
  });

  it('TER-01 says so when a rule has more levels than it can show', () => {
    const deep: Filter = { or: [country, { and: [industry, { not: country }] }] };
    expect(toForm(deep)).toBeNull();
    expect(toForm({ not: country })).toBeNull();
  });
});
