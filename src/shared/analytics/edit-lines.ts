// The lines of a deal while somebody edits them.
import { valueOfLine, type Line } from '#shared/analytics/deal-lines.ts';

/** A line as it is typed: text stands where something could not be read as a number. */
export interface EditedLine {
  readonly key: string;
  readonly productId: string | null;
  readonly quantity: number | string | null;
  /** Of one, in minor units of the deal's currency. */
  readonly unitPrice: number | string | null;
  readonly discountPercent: number | string | null;
}

export type LineProblem = 'required' | 'number' | 'aboveZero' | 'negative' | 'range';
export type LineField = 'productId' | 'quantity' | 'unitPrice' | 'discountPercent';

function problemOf(field: LineField, value: EditedLine[LineField]): LineProblem | null {
  if (field === 'productId') return value === null ? 'required' : null;
  if (value === null) return field === 'discountPercent' ? null : 'required';
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'number';
  if (field === 'quantity') return value > 0 ? null : 'aboveZero';
  if (field === 'unitPrice') return value < 0 ? 'negative' : null;
  return value < 0 || value > 100 ? 'range' : null;
}

const lineFields = ['productId', 'quantity', 'unitPrice', 'discountPercent'] as const;

/** What is wrong with a line, by its field. */
export function problemsOfLine(line: EditedLine): Readonly<Partial<Record<LineField, LineProblem>>> {
  return Object.fromEntries(
    lineFields.flatMap((field) => {
      const problem = problemOf(field, line[field]);
      return problem === null ? [] : [[field, problem]];
    }),
  );
}

const numberOf = (value: number | string | null): number | null => (typeof value === 'number' ? value : null);

export const toLine = ({ productId, quantity, unitPrice, discountPercent }: EditedLine): Line => ({
  productId,
  quantity: numberOf(quantity),
  unitPrice: numberOf(unitPrice),
  discountPercent: numberOf(discountPercent),
});

/** What all lines come to, in minor units; a line that cannot be worked out yet counts nothing. */
export function sumOfLines(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + Number(valueOfLine(line, 'total') ?? 0), 0);
}

/** What the deal keeps of its lines: the lines, and which products there are. */
export function valuesOfLines(edited: readonly EditedLine[]) {
  const lines = edited.map(toLine).map((line) => ({ ...line, discountPercent: line.discountPercent ?? 0 }));
  const productIds = [...new Set(lines.flatMap(({ productId }) => (productId === null ? [] : [productId])))];
  return { lines, productIds };
}
