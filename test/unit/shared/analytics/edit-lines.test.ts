import { expect, test } from 'vitest';
import { problemsOfLine, sumOfLines, toLine, valuesOfLines, type EditedLine } from '#shared/analytics/edit-lines.ts';
import { linesOf } from '#shared/analytics/deal-lines.ts';

const line = (change: Partial<EditedLine>): EditedLine => ({
  key: 'k',
  productId: 'p1',
  quantity: 2,
  unitPrice: 10_000,
  discountPercent: null,
  ...change,
});

test('CRM-17 a line names a product, how many, and a price; a discount is between nothing and everything', () => {
  expect(problemsOfLine(line({}))).toEqual({});
  expect(problemsOfLine(line({ productId: null, quantity: null, unitPrice: null }))).toEqual({
    productId: 'required',
    quantity: 'required',
    unitPrice: 'required',
  });
  expect(problemsOfLine(line({ quantity: 0, unitPrice: -1, discountPercent: 101 }))).toEqual({
    quantity: 'aboveZero',
    unitPrice: 'negative',
    discountPercent: 'range',
  });
  expect(problemsOfLine(line({ quantity: 'many', unitPrice: '1o0' }))).toEqual({
    quantity: 'number',
    unitPrice: 'number',
  });
});

test('CRM-17 what is kept is what pivots read: the lines, and each product once', () => {
  const edited = [
    line({ quantity: 3, unitPrice: 3_333, discountPercent: 7 }),
    line({ productId: 'p2', quantity: 0.5, unitPrice: 101 }),
    line({}),
  ];
  const { lines, productIds } = valuesOfLines(edited);
  expect(productIds).toEqual(['p1', 'p2']);
  expect(linesOf({ lines })).toEqual(lines);
  // 9,299.07 + 50.5 + 20,000, each rounded by itself.
  expect(sumOfLines(lines)).toBe(9_299 + 51 + 20_000);
  expect(sumOfLines([toLine(line({ quantity: null }))])).toBe(0);
});
