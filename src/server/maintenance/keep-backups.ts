// Which backups are kept: every one of the last fourteen days, then the last of each week for eight weeks, then the last of each month
// for a year. The newest is never removed, and nothing that does not carry the name of a daily backup is touched.

const DAY_MS = 86_400_000;
const KEEP = { days: 14, weeks: 8, months: 12 } as const;
const NAME = /^outpost-(\d{4})-(\d{2})-(\d{2})T(\d{2})-(\d{2})$/;

/** Name of the folder of a backup that was due then. */
export function backupName(dueMs: number): string {
  return `outpost-${new Date(dueMs).toISOString().slice(0, 16).replace(':', '-')}`;
}

/** When it was due; null for what is no daily backup. */
export function dueOf(name: string): number | null {
  const [, year, month, day, hour, minute] = NAME.exec(name) ?? [];
  return year === undefined
    ? null
    : Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
}

function lastOfEach(names: readonly (readonly [string, number])[], part: (dueMs: number) => number): readonly string[] {
  const last = new Map<number, readonly [string, number]>();
  for (const entry of names) {
    const known = last.get(part(entry[1]));
    if (known === undefined || known[1] < entry[1]) last.set(part(entry[1]), entry);
  }
  return [...last.values()].map(([name]) => name);
}

const weekOf = (ms: number): number => Math.floor((ms / DAY_MS + 3) / 7);
const monthOf = (ms: number): number => new Date(ms).getUTCFullYear() * 12 + new Date(ms).getUTCMonth();

/** Of these names of finished backups, those that need not be kept any more. */
export function backupsToRemove(names: readonly string[], nowMs: number): readonly string[] {
  const dated = names.flatMap((name): (readonly [string, number])[] => {
    const dueMs = dueOf(name);
    return dueMs === null ? [] : [[name, dueMs]];
  });
  const newest = dated.toSorted((one, other) => other[1] - one[1]).slice(0, 1);
  const within = (inside: (dueMs: number) => boolean) => dated.filter(([, dueMs]) => inside(dueMs));
  const kept = new Set([
    ...newest.map(([name]) => name),
    ...within((dueMs) => nowMs - dueMs < KEEP.days * DAY_MS).map(([name]) => name),
    ...lastOfEach(
      within((dueMs) => weekOf(nowMs) - weekOf(dueMs) < KEEP.weeks),
      weekOf,
    ),
    ...lastOfEach(
      within((dueMs) => monthOf(nowMs) - monthOf(dueMs) < KEEP.months),
      monthOf,
    ),
  ]);
  return dated.map(([name]) => name).filter((name) => !kept.has(name));
}

/** What all backups of one server may take, where the disk is somebody's own. */
export interface BackupLimit {
  readonly count: number;
  readonly bytes: number;
}

/** Of finished daily backups those that are more than the limit allows, oldest first. The newest is never one of them. */
export function backupsOverLimit(
  kept: readonly { readonly name: string; readonly bytes: number }[],
  most: BackupLimit,
): readonly string[] {
  const dated = kept
    .filter(({ name }) => dueOf(name) !== null)
    .toSorted((one, other) => (dueOf(other.name) ?? 0) - (dueOf(one.name) ?? 0));
  let bytes = 0;
  const over = dated.filter((backup, index) => {
    bytes += backup.bytes;
    return index > 0 && (index >= most.count || bytes > most.bytes);
  });
  return over.map(({ name }) => name).toReversed();
}
