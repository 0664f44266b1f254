import { expect, it } from 'vitest';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { answerTeamFeed } from '#renderer/data/queries/team-feed-query.ts';
import { createRecordMirror } from '#renderer/data/record-mirror.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { createSeededRandom } from '#shared/kernel/seeded-random.ts';

const since = '2026-11-01T00:00:00.000Z';
const startMs = Date.parse('2026-10-20T00:00:00.000Z');

/** Activities, tasks and accounts of three people over a month; many at the same instant. */
function world(seed: number) {
  const random = createSeededRandom(seed);
  const instant = () => toInstant(startMs + random.integer(0, 500) * 3_600_000);
  const mirror = createRecordMirror();
  const record = (kind: EntityName, id: string, values: object) => {
    const after = { kind, id, createdBy: null, createdAt: instant(), updatedAt: instant(), ...values };
    return { entity: kind, id, after: after as unknown as LocalRecord };
  };
  const people = ['ada', 'rene', 'mara'];
  const made = Array.from({ length: 900 }, (_, at) => {
    const createdBy = random.pick(people);
    if (at % 3 === 0) return record('account', `account-${at}`, { name: `Account ${at}`, createdBy });
    if (at % 3 === 1)
      return record('activity', `activity-${at}`, { activityType: 'call', accountId: 'account-0', createdBy });
    const done = random.chance(0.5)
      ? { status: 'done', completedAt: instant(), completedBy: createdBy }
      : { status: 'open' };
    return record('task', `task-${at}`, { subject: `Task ${at}`, ...done });
  });
  mirror.change([...made, ...people.map((id) => record('user', id, { name: id }))]);
  return { mirror, made: made.map(({ after }) => after) };
}

it('TSK-16 the newest of what colleagues did are told, and no other, whatever order the records stand in', () => {
  for (const seed of [1, 2, 3]) {
    const { mirror, made } = world(seed);
    const expected = made
      .flatMap((record) => {
        const isTask = record.kind === 'task';
        const [at, by] = isTask ? [record['completedAt'], record['completedBy']] : [record.createdAt, record.createdBy];
        return typeof at === 'string' && at >= since && by !== 'ada' ? [{ at, id: record.id }] : [];
      })
      .sort((left, right) => right.at.localeCompare(left.at) || (left.id < right.id ? -1 : 1));
    for (const limit of [1, 12, 200]) {
      const { entries, labels } = answerTeamFeed(mirror, 'ada', { since, limit }).value;
      expect(entries.map(({ at, id }) => ({ at, id }))).toEqual(expected.slice(0, limit));
      expect(Object.keys(labels)).not.toContain('ada');
    }
  }
});
