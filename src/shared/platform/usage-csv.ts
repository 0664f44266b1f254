// The use of an installation as a table, for whoever writes the bills: the same columns from the screen and from the command line,
// named in English, because programs read them.
import { toCsv } from '#shared/kernel/csv.ts';
import type { UsageRow } from '#shared/platform/platform-messages.ts';

const columns = ['month', 'organization', 'name', 'plan', 'state', 'users', 'records', 'bytes', 'apiCalls'] as const;

export function toUsageCsv(rows: readonly UsageRow[]): string {
  return toCsv([columns, ...rows.map((row) => columns.map((column) => String(row[column])))]);
}
