import { expect, it } from 'vitest';
import { toCsv } from '#shared/kernel/csv.ts';

it('B14 nothing that somebody typed is a formula in the spreadsheet of whoever opens the file', () => {
  const cells = ['=1+1', '+49 30', '-5', '@SUM(A1)', '\tx', 'plain'];
  expect(toCsv([cells])).toBe(`\uFEFF'=1+1,'+49 30,'-5,'@SUM(A1),"'\tx",plain\r\n`);
});

it('AUD-10 commas, quotes, semicolons and line breaks stay within their cell', () => {
  expect(toCsv([['a,b', 'say "no"', 'c;d', 'two\nlines'], ['']])).toBe(
    '\uFEFF"a,b","say ""no""","c;d","two\nlines"\r\n\r\n',
  );
});
