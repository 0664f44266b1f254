// The demo company after years of work: its tasks and activities many times over, on the same people and records. The
// same arguments give the same company.
import { takeDemoCompany, type BenchCompany } from '#test/bench/make-deals.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { isOpenTask } from '#shared/entities/task/reminders.ts';
import { validateRecord } from '#shared/entities/validate-record.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import { createIdFactory } from '#shared/kernel/ids.ts';
import { createSeededRandom, type SeededRandom } from '#shared/kernel/seeded-random.ts';

const SEED = 20_261_127;
const DAY_MS = 86_400_000;
/** Of a hundred tasks, so many are still to be done. */
const OPEN_PERCENT = 10;

/** Adds `count` tasks, most of them done, and as many activities over two years. */
export function makeWork(count: number, nowMs: number): BenchCompany {
  const { adminId, records } = takeDemoCompany(nowMs);
  const random = createSeededRandom(SEED);
  const createId = createIdFactory({ now: () => nowMs - 700 * DAY_MS }, random);
  const people = records.filter((record) => record.kind === 'user');
  const tasks = records.filter((record) => record.kind === 'task');
  const open = tasks.filter(isOpenTask);
  const done = tasks.filter((task) => !isOpenTask(task));
  const activities = records.filter((record) => record.kind === 'activity');
  const again = (templates: readonly AnyRecord[], dayField: string, fromDay: number, toDay: number): AnyRecord => {
    const owner = random.pick(people);
    const at = toInstant(nowMs + random.integer(fromDay, toDay) * DAY_MS);
    const value = dayField === 'dueDate' ? at.slice(0, 10) : at;
    const template = random.pick(templates);
    return { ...template, id: createId(), ownerId: owner.id, teamId: owner.teamId, [dayField]: value };
  };
  const made = Array.from({ length: count }, () => [
    isStillOpen(random) ? again(open, 'dueDate', -20, 90) : again(done, 'dueDate', -700, 10),
    again(activities, 'occurredAt', -700, 0),
  ]).flat();
  for (const record of made.slice(0, 400)) {
    const [problem] = validateRecord(entities[record.kind], record);
    if (problem !== undefined) throw new Error(`a made record is not valid: ${JSON.stringify(problem)}`);
  }
  return { adminId, records: [...records, ...made] };
}

const isStillOpen = (random: SeededRandom): boolean => random.chance(OPEN_PERCENT / 100);
