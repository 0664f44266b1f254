// The use of an installation as a table, for whoever writes the bills: the same columns from the screen and from the command line,
// named in English, because programs read them. A spreadsheet of one's own country reads numbers only as they are written there.
import { csvSeparatorOf, decimalSeparatorOf } from '#shared/export/write-csv.ts';
import { CSV_START, toCsvLine, toCsvText } from '#shared/kernel/csv.ts';
import type { UsageRow } from '#shared/platform/platform-messages.ts';

const texts = ['month', 'organization', 'name', 'plan', 'planName', 'state'] as const;
const counts = ['users', 'records', 'bytes', 'apiCalls'] as const;

/** Empty without a price. */
const billed = ['currency', 'base', 'seatPrice', 'seatsAmount', 'total'] as const;

function billedOf({ bill }: UsageRow): readonly string[] {
  if (bill === null) return billed.map(() => '');
  const line = (kind: string) => bill.lines.find((one) => one.kind === kind);
  const [base, seats] = [line('base'), line('seats')];
  return [bill.currency, base?.amount ?? '', seats?.price ?? '', seats?.amount ?? '', bill.total];
}

/** `locale`: who opens it; programs get decimals with a point and commas between cells. */
export function toUsageCsv(rows: readonly UsageRow[], locale = 'en'): string {
  const separator = csvSeparatorOf(locale);
  const decimal = decimalSeparatorOf(locale);
  const lines = rows.map((row) => {
    const [currency = '', ...amounts] = billedOf(row);
    return [
      ...texts.map((column) => toCsvText(row[column])),
      ...counts.map((column) => String(row[column])),
      toCsvText(currency),
      ...amounts.map((amount) => amount.replace('.', decimal)),
    ];
  });
  return CSV_START + [[...texts, ...counts, ...billed], ...lines].map((cells) => toCsvLine(cells, separator)).join('');
}
