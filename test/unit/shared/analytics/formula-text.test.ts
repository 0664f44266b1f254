import { describe, expect, it } from 'vitest';
import { checkFormula, formulaInIds, formulaInNames, formulaTitle } from '#shared/analytics/formula-text.ts';

const names = [
  { id: 'amount_sum', name: 'Amount' },
  { id: 'count', name: 'Deals' },
  { id: 'probability_average', name: 'Average Probability' },
  { id: 'amount_sum_2', name: 'Amount' },
  { id: 'odd', name: 'Odd [1]' },
];

describe('ANA-15 a formula in the words of the screen', () => {
  it('ANA-15 shows names for ids, and keeps ids for names', () => {
    const kept = 'if(amount_sum > 1000, round(amount_sum / count, 2), probability_average)';
    const shown = 'if([Amount] > 1000, round([Amount] / [Deals], 2), [Average Probability])';
    expect(formulaInNames(kept, names)).toBe(shown);
    expect(formulaInIds(shown, names)).toBe(kept);
    expect(formulaTitle('amount_sum / count', names)).toBe('Amount / Deals');
  });

  it('ANA-15 understands plain words, small letters and ids', () => {
    expect(formulaInIds('amount / DEALS + count', names)).toBe('amount_sum / count + count');
    expect(formulaInIds('[average probability] * 2', names)).toBe('probability_average * 2');
  });

  it('ANA-15 leaves what it does not know, and names no two values alike', () => {
    expect(formulaInIds('[Nobody] + max(1, 2)', names)).toBe('[Nobody] + max(1, 2)');
    expect(formulaInNames('amount_sum_2 + odd', names)).toBe('[amount_sum_2] + [odd]');
    expect(formulaInIds('[amount_sum_2] + [odd]', names)).toBe('amount_sum_2 + odd');
    expect(formulaInIds('max(max, count)', [{ id: 'max_', name: 'max' }])).toBe('max(max_, count)');
  });

  it('ANA-15 says what is wrong with what was typed, and where it stands there', () => {
    const values = [
      { kind: 'field', id: 'count', aggregation: 'count' },
      { kind: 'formula', id: 'f', formula: 'g * 2' },
      { kind: 'formula', id: 'g', formula: 'count' },
    ] as const;
    const known = [
      { id: 'count', name: 'Deals' },
      { id: 'f', name: 'F' },
      { id: 'g', name: 'G' },
    ];
    expect(checkFormula('[Deals] / 2', known, values, 'g')).toBeNull();
    expect(checkFormula('[Deals] / [Won]', known, values, 'g')).toEqual({
      problem: 'unknownMeasure',
      position: 11,
      found: 'Won',
    });
    expect(checkFormula('1 + [F]', known, values, 'g')).toMatchObject({ problem: 'circle', position: 5 });
    expect(checkFormula('g', known, values, 'g')).toMatchObject({ problem: 'circle', position: 1 });
    expect(checkFormula('[Deals] / ', known, values, 'g')).toMatchObject({ problem: 'unfinished' });
  });
});
