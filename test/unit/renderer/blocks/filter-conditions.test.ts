import { createInstance } from 'i18next';
import { describe, expect, it } from 'vitest';
import { operatorsOf, withOperator } from '#renderer/blocks/filter-conditions.ts';
import type { Filter, FilterOperator } from '#shared/query/filter.ts';
import { finishedPart } from '#shared/query/unfinished.ts';
import { filterInWords } from '#shared/words/filter-words.ts';
import english from '../../../../resources/translations/en.json' with { type: 'json' };
import german from '../../../../resources/translations/de.json' with { type: 'json' };

describe('CRM-14 conditions made by hand', () => {
  it('CRM-14 keep what was entered when the comparison changes, as far as it still means something', () => {
    const from = (op: FilterOperator, value: string | number | readonly string[] | null) => (next: FilterOperator) =>
      withOperator({ field: 'f', op, value }, next).value;
    expect(from('eq', 'won')('ne')).toBe('won');
    expect(from('eq', 'won')('in')).toEqual(['won']);
    expect(from('in', ['won', 'lost'])('notIn')).toEqual(['won', 'lost']);
    expect(from('notIn', ['won', 'lost'])('eq')).toBe('won');
    expect(from('withinDays', 30)('olderThanDays')).toBe(30);
    expect(from('withinDays', 30)('inPeriod')).toBeNull();
    expect(from('inPeriod', 'thisQuarter')('gte')).toBeNull();
    expect(from('eq', null)('in')).toBeNull();
  });

  it('CRM-14 offer several values for choices and records, and named periods for days', () => {
    expect(operatorsOf('status', 'select')).toEqual(expect.arrayContaining(['in', 'notIn']));
    expect(operatorsOf('ownerId', 'reference')).toEqual(expect.arrayContaining(['in', 'notIn']));
    expect(operatorsOf('closeDate', 'date')).toContain('inPeriod');
    expect(operatorsOf('dealId.stageId', 'text')).toContain('in');
    expect(operatorsOf('amount', 'money')).not.toContain('in');
  });

  it('CRM-14 do not count while they are being entered', () => {
    const ready: Filter = { field: 'amount', op: 'gte', value: 5 };
    expect(finishedPart({ and: [ready, { field: 'stageId', op: 'in', value: [] }] })).toEqual({ and: [ready] });
    expect(finishedPart({ and: [{ field: 'closeDate', op: 'inPeriod', value: null }] })).toBeNull();
    expect(finishedPart({ and: [{ field: 'ownerId', op: 'isEmpty' }] })).not.toBeNull();
  });

  it('CRM-14 are read as words: periods by name, days before and after each other, every chosen value', async () => {
    const i18n = createInstance();
    await i18n.init({
      lng: 'en',
      resources: { en: { translation: english }, de: { translation: german } },
      interpolation: { escapeValue: false },
    });
    const filter: Filter = {
      and: [
        { field: 'Close date', op: 'inPeriod', value: 'lastQuarter' },
        { field: 'Created', op: 'gte', value: '2026-01-31' },
        { field: 'Stage', op: 'notIn', value: ['Won', 'Lost'] },
      ],
    };
    const names = { field: (field: string) => field, value: (_: string, value: unknown) => String(value) };
    expect(filterInWords(i18n.getFixedT('en'), filter, names)).toBe(
      'Filter: Close date is last quarter and Created on or after 2026-01-31 and Stage is none of Won, Lost',
    );
    expect(filterInWords(i18n.getFixedT('de'), filter, names)).toBe(
      'Filter: Close date ist letztes Quartal und Created ab dem 2026-01-31 und Stage ist keines von Won, Lost',
    );
  });
});
