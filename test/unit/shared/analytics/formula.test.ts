import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFormula } from '#shared/analytics/pivot/formula-evaluate.ts';
import { measuresIn, parseFormula } from '#shared/analytics/pivot/formula-parse.ts';

const figures: Readonly<Record<string, number>> = {
  won: 6,
  lost: 2,
  none: 0,
  empty: Number.NaN,
  'won deals': 3,
  größe: 5,
};

function evaluate(text: string): number | null {
  const result = compileFormula(parseFormula('m', text), (id) => () => figures[id] ?? Number.NaN)(0, 0);
  return Number.isNaN(result) ? null : result;
}

function problemOf(text: string): readonly unknown[] {
  try {
    parseFormula('m', text);
  } catch (error) {
    const { code, details } = error as { readonly code: string; readonly details: Readonly<Record<string, unknown>> };
    return [code, details['problem'], details['position'], details['found']];
  }
  return [];
}

describe('ANA-15 a calculated measure', () => {
  it('ANA-15 calculates as in school', () => {
    expect(evaluate('won / (won + lost)')).toBe(0.75);
    expect(evaluate('1 + 2 * 3 - 4 / 2')).toBe(5);
    expect(evaluate('10 - 2 - 3')).toBe(5);
    expect(evaluate('-won + 1')).toBe(-5);
    expect(evaluate('2 × 3 − 1')).toBe(5);
    expect(evaluate('[won deals] * größe')).toBe(15);
    const ids = measuresIn(parseFormula('m', 'if(won > 1, lost, [won deals])')).map(({ id }) => id);
    expect(ids).toEqual(['won', 'lost', 'won deals']);
  });

  it('ANA-15 knows if, min, max, abs and round', () => {
    expect(evaluate('if(won > lost, 1, 2)')).toBe(1);
    expect(evaluate('if(won = 6; lost; 0)')).toBe(2);
    expect(evaluate('if(won <> 6, 1)')).toBeNull();
    expect(evaluate('min(won, lost, 9)')).toBe(2);
    expect(evaluate('max(won, lost, 9)')).toBe(9);
    expect(evaluate('abs(lost - won)')).toBe(4);
    expect(evaluate('round(1.005, 2)')).toBe(1.01);
    expect(evaluate('round(-2.5)')).toBe(-3);
    expect(evaluate('round(1234, -2)')).toBe(1200);
  });

  it('ANA-15 is empty where it divides by zero or something is empty', () => {
    expect(evaluate('won / none')).toBeNull();
    expect(evaluate('none / none')).toBeNull();
    expect(evaluate('won + empty')).toBeNull();
    expect(evaluate('max(won, empty)')).toBeNull();
    expect(evaluate('if(empty > 1, 1, 2)')).toBe(2);
  });

  it('ANA-15 leaves no dust', () => {
    expect(evaluate('0.1 + 0.2')).toBe(0.3);
    expect(evaluate('0.3 - 0.1')).toBe(0.2);
    expect(evaluate('1.1 * 3')).toBe(3.3);
    expect(evaluate('1 / 3')).toBe(1 / 3);
  });

  it('ANA-15 says what cannot be read, and where', () => {
    expect(problemOf('won +')).toEqual(['wrong_formula', 'unfinished', 6, '']);
    expect(problemOf('')).toEqual(['wrong_formula', 'unfinished', 1, '']);
    expect(problemOf('won lost')).toEqual(['wrong_formula', 'unexpected', 5, 'lost']);
    expect(problemOf('(won')).toEqual(['wrong_formula', 'unfinished', 5, '']);
    expect(problemOf('won # 2')).toEqual(['wrong_formula', 'character', 5, '#']);
    expect(problemOf('sum(won)')).toEqual(['wrong_formula', 'unknownFunction', 1, 'sum']);
    expect(problemOf('1 + round()')).toEqual(['wrong_formula', 'unexpected', 11, ')']);
    expect(problemOf('abs(1, 2)')).toEqual(['wrong_formula', 'valueCount', 1, 'abs']);
    expect(problemOf('constructor(1)')).toEqual(['wrong_formula', 'unknownFunction', 1, 'constructor']);
    expect(problemOf('('.repeat(200))[1]).toBe('tooLong');
    expect(problemOf('-'.repeat(900))[1]).toBe('tooLong');
    expect(problemOf('1+'.repeat(600))[1]).toBe('tooLong');
  });

  it('ANA-15 reads anything or says why not', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 60, unit: 'binary' }),
        fc.array(fc.constantFrom(...'( ) + - * / < > = , . 1 [x] if('.split(' '))),
        (text, signs) => {
          for (const formula of [text, signs.join('')]) {
            const [code] = problemOf(formula);
            expect([undefined, 'wrong_formula']).toContain(code);
          }
        },
      ),
      { seed: 1, numRuns: 1000 },
    );
  });
});
