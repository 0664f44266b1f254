// The use of an installation as a table, for whoever writes the bills: the same columns from the screen and from the command line,
// named in English, because programs read them.
import { toCsv } from '#shared/kernel/csv.ts';
import type { UsageRow } from '#shared/platform/platform-messages.ts';

const columns = ['month', 'organization', 'name', 'plan', 'state', 'users', 'records', 'bytes', 'apiCalls'] as const;

/** Decimals with a point; empty without a price. */
const billed = ['currency', 'base', 'seatPrice', 'seatsAmount', 'total'] as const;

function billedOf({ bill }: UsageRow): readonly string[] {
  if (bill === null) return billed.map(() => '');
  const line = (kind: string) => bill.lines.find((one) => one.kind === kind);
  const [base, seats] = [line('base'), line('seats')];
  return [bill.currency, base?.amount ?? '', seats?.price ?? '', seats?.amount ?? '', bill.total];
}

export function toUsageCsv(rows: readonly UsageRow[]): string {
  return toCsv([
    [...columns, ...billed],
    ...rows.map((row) => [...columns.map((column) => String(row[column])), ...billedOf(row)]),
  ]);
}
