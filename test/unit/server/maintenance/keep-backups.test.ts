import { describe, expect, it } from 'vitest';
import { backupName, backupsOverLimit, backupsToRemove, dueOf } from '#server/maintenance/keep-backups.ts';

const DAY_MS = 86_400_000;
const start = Date.UTC(2024, 0, 1, 2, 30);

describe('backups that are kept', () => {
  it('ENG-03 are all of two weeks, one of each week before and one of each month of a year', () => {
    let kept: readonly string[] = [];
    for (let day = 0; day < 800; day += 1) {
      const nowMs = start + day * DAY_MS;
      const made = [...kept, backupName(nowMs)];
      const removed = new Set(backupsToRemove(made, nowMs));
      kept = made.filter((name) => !removed.has(name));
    }
    const ages = kept.map((name) => Math.round((start + 799 * DAY_MS - (dueOf(name) ?? 0)) / DAY_MS));
    expect(ages.filter((age) => age < 14)).toHaveLength(14);
    expect(Math.max(...ages)).toBeGreaterThan(300);
    expect(kept.length).toBeLessThanOrEqual(14 + 8 + 12);
    for (let month = 1; month <= 11; month += 1)
      expect(ages.some((age) => age > month * 30 - 31 && age <= month * 31 + 31)).toBe(true);
  });

  it('ENG-03 are never only those that are too old: the newest stays', () => {
    const name = backupName(start);
    expect(backupsToRemove([name], start + 5000 * DAY_MS)).toEqual([]);
  });

  it('ENG-03 are not touched when they are not of this work', () => {
    const names = ['before-the-move', 'outpost-2020', backupName(start)];
    expect(backupsToRemove(names, start + 5000 * DAY_MS)).toEqual([]);
  });

  it('ENG-03 are not more than a limit allows, by number and by size, and the newest stays however large it is', () => {
    const of = (day: number, bytes: number) => ({ name: backupName(start + day * DAY_MS), bytes });
    const kept = [of(2, 10), of(0, 10), of(3, 10), of(1, 10)];
    expect(backupsOverLimit(kept, { count: 2, bytes: 1000 })).toEqual([of(0, 0).name, of(1, 0).name]);
    expect(backupsOverLimit(kept, { count: 9, bytes: 30 })).toEqual([of(0, 0).name]);
    expect(backupsOverLimit([of(0, 10), of(1, 500)], { count: 9, bytes: 30 })).toEqual([of(0, 0).name]);
    expect(backupsOverLimit([{ name: 'before-the-move', bytes: 500 }, of(1, 1)], { count: 1, bytes: 30 })).toEqual([]);
  });
});
