// Formulas at work. What is empty makes the result empty, division by zero is empty, and sums have no dust. A sum of nothing
// is 0 in a formula, as a count of nothing is, so that nothing won of three lost is a rate of 0 %.
import { withoutDust } from '#shared/analytics/pivot/decimals.ts';
import type { Formula, FormulaFunction, Operation } from '#shared/analytics/pivot/formula-parse.ts';
import type { Reader } from '#shared/analytics/pivot/tally.ts';

/** `readerOf`: the figures that names stand for; checked before that there is one for each. */
export function compileFormula(formula: Formula, readerOf: (id: string) => Reader): Reader {
  switch (formula.kind) {
    case 'number': {
      const { value } = formula;
      return () => value;
    }
    case 'measure': {
      return readerOf(formula.id);
    }
    case 'negative': {
      const of = compileFormula(formula.of, readerOf);
      return (level, cell) => 0 - of(level, cell);
    }
    case 'operation': {
      const left = compileFormula(formula.left, readerOf);
      const right = compileFormula(formula.right, readerOf);
      const calculate = operations[formula.sign];
      return (level, cell) => calculate(left(level, cell), right(level, cell));
    }
    case 'call': {
      return compileCall(
        formula.name,
        formula.values.map((value) => compileFormula(value, readerOf)),
      );
    }
  }
}

const NOTHING: Reader = () => Number.NaN;

function compileCall(name: FormulaFunction, values: readonly Reader[]): Reader {
  const [first = NOTHING, second, third = NOTHING] = values;
  switch (name) {
    case 'if': {
      return (level, cell) => {
        const condition = first(level, cell);
        if (Number.isNaN(condition)) return third(level, cell);
        return condition === 0 ? third(level, cell) : (second ?? NOTHING)(level, cell);
      };
    }
    case 'min': {
      return (level, cell) => values.reduce((least, value) => Math.min(least, value(level, cell)), Infinity);
    }
    case 'max': {
      return (level, cell) => values.reduce((most, value) => Math.max(most, value(level, cell)), -Infinity);
    }
    case 'abs': {
      return (level, cell) => Math.abs(first(level, cell));
    }
    case 'round': {
      return (level, cell) => round(first(level, cell), second === undefined ? 0 : second(level, cell));
    }
  }
}

/** Half away from zero, as people round: 2.5 is 3, −2.5 is −3, 1.005 to two decimals is 1.01. */
function round(value: number, decimals: number): number {
  const places = Math.min(12, Math.max(-12, Math.trunc(decimals)));
  const power = 10 ** Math.abs(places);
  const shifted = places < 0 ? Math.abs(value) / power : Math.abs(value) * power;
  const whole = Math.floor(withoutDust(shifted, shifted) + 0.5);
  return Math.sign(value) * (places < 0 ? whole * power : whole / power);
}

/** A condition is 1 or 0. */
const compare =
  (test: (left: number, right: number) => boolean) =>
  (left: number, right: number): number => {
    if (Number.isNaN(left) || Number.isNaN(right)) return Number.NaN;
    return test(left, right) ? 1 : 0;
  };

const operations: Readonly<Record<Operation, (left: number, right: number) => number>> = {
  '+': (left, right) => withoutDust(left + right, Math.max(Math.abs(left), Math.abs(right))),
  '-': (left, right) => withoutDust(left - right, Math.max(Math.abs(left), Math.abs(right))),
  '*': (left, right) => withoutDust(left * right, left * right),
  '/': (left, right) => (right === 0 ? Number.NaN : withoutDust(left / right, left / right)),
  '<': compare((left, right) => left < right),
  '<=': compare((left, right) => left <= right),
  '>': compare((left, right) => left > right),
  '>=': compare((left, right) => left >= right),
  '=': compare((left, right) => left === right),
  '<>': compare((left, right) => left !== right),
};
