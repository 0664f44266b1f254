import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nextDue } from '#main/jobs/due-times.ts';
import type { JobsHost } from '#main/jobs/jobs.ts';
import { openJobsWorld, type JobsProfile, type JobsWorld } from '#test/support/jobs-world.ts';

const zone = 'Europe/Berlin';

function dueTimes(cron: string, from: string, count: number): readonly string[] {
  const times: string[] = [];
  let at = Date.parse(from);
  for (let index = 0; index < count; index += 1) {
    at = nextDue({ cron, zone }, at) ?? Number.NaN;
    times.push(new Date(at).toISOString().slice(0, 16));
  }
  return times;
}

describe('schedules of jobs', () => {
  it('OBS-04 what has a fixed time happens once on the day an hour is left out', () => {
    // 2026-03-29, 2:00 becomes 3:00 in Berlin.
    expect(dueTimes('30 2 * * *', '2026-03-28T12:00:00Z', 2)).toEqual(['2026-03-29T01:00', '2026-03-30T00:30']);
    expect(dueTimes('*/30 * * * *', '2026-03-29T00:10:00Z', 3)).toEqual([
      '2026-03-29T00:30',
      '2026-03-29T01:00',
      '2026-03-29T01:30',
    ]);
  });

  it('OBS-04 what has a fixed time happens once on the day an hour comes twice, what has a distance keeps it', () => {
    // 2026-10-25, 3:00 becomes 2:00 in Berlin.
    expect(dueTimes('30 2 * * *', '2026-10-24T12:00:00Z', 2)).toEqual(['2026-10-25T00:30', '2026-10-26T01:30']);
    expect(dueTimes('15 2,3 * * *', '2026-10-24T12:00:00Z', 2)).toEqual(['2026-10-25T00:15', '2026-10-25T02:15']);
    expect(dueTimes('*/30 * * * *', '2026-10-25T00:10:00Z', 4)).toEqual([
      '2026-10-25T00:30',
      '2026-10-25T01:00',
      '2026-10-25T01:30',
      '2026-10-25T02:00',
    ]);
  });

  it('OBS-04 a rule or a time zone nobody can read is refused', () => {
    expect(() => nextDue({ cron: '61 * * * *', zone }, 0)).toThrow('cannot be read');
    expect(() => nextDue({ cron: '1 * * * *', zone: 'Mars/Olympus' }, 0)).toThrow('cannot be read');
  });
});

describe('schedules on a computer', () => {
  let world: JobsWorld;
  let seen: string[];
  const define = (host: JobsHost<JobsProfile>): void =>
    host.define({
      kind: 'work',
      concurrency: 1,
      retry: { attempts: 1, firstPauseMs: 1, longestPauseMs: 1 },
      run: ({ data }) => {
        seen.push(`${String(data)} ${new Date(world.now()).toISOString().slice(5, 16)}`);
        return Promise.resolve();
      },
    });
  const every = (name: string, cron: string, missed: 'once' | 'skip' = 'once') => ({
    name,
    cron,
    zone,
    kind: 'work',
    data: name,
    missed,
  });
  beforeEach(() => {
    // Monday, 9:00 in Berlin.
    world = openJobsWorld(Date.parse('2026-03-02T08:00:00Z'));
    seen = [];
  });
  afterEach(() => world.remove());

  it('OBS-04 a schedule runs at its times and says when it does next', async () => {
    const jobs = world.start(define);
    await jobs.schedule(every('hourly', '0 * * * *'));
    await world.pass(7_260_000);
    expect(seen).toEqual(['hourly 03-02T09:00', 'hourly 03-02T10:00']);
    expect(jobs.overview().plans).toEqual([
      {
        name: 'hourly',
        kind: 'work',
        label: '',
        canRemove: false,
        cron: '0 * * * *',
        zone,
        lastAt: '2026-03-02T10:00:00.000Z',
        nextAt: '2026-03-02T11:00:00.000Z',
      },
    ]);
    expect(jobs.list()[0]?.schedule).toBe('hourly');
    await jobs.unschedule('hourly');
    await world.pass(7_200_000);
    expect(seen).toHaveLength(2);
    await jobs.close();
  });

  it('OBS-04 a computer that slept over ten times does it once when it wakes up, or leaves it out where that was asked', async () => {
    const jobs = world.start(define);
    await jobs.schedule(every('report', '0 * * * *'));
    await jobs.schedule(every('greeting', '0 * * * *', 'skip'));
    world.jump(10.5 * 3_600_000);
    await world.pass(30_000);
    expect(seen).toEqual(['report 03-02T18:30']);
    await world.pass(3_600_000);
    expect(seen.slice(1).sort()).toEqual(['greeting 03-02T19:00', 'report 03-02T19:00']);
    await jobs.close();
  });

  it('OBS-04 what was missed while the application was closed is done once at its start, and defining it again changes nothing', async () => {
    const first = world.start(define);
    await first.schedule(every('nightly', '0 3 * * *'));
    await first.close();
    world.jump(3 * 86_400_000);
    const second = world.start(define);
    await second.schedule(every('nightly', '0 3 * * *'));
    await world.pass(60_000);
    expect(seen).toEqual(['nightly 03-05T08:00']);
    await second.close();
    const third = world.start(define);
    await third.schedule(every('nightly', '0 3 * * *'));
    await world.pass(60_000);
    expect(seen).toHaveLength(1);
    await third.close();
  });

  it('OBS-04 a clock set back by seconds does nothing twice, and one that was a year ahead stops nothing', async () => {
    const jobs = world.start(define);
    await jobs.schedule(every('hourly', '0 * * * *'));
    await world.pass(3_601_000);
    world.jump(-2_000);
    await world.pass(60_000);
    expect(seen).toEqual(['hourly 03-02T09:00']);
    world.jump(365 * 86_400_000);
    await world.pass(30_000);
    expect(seen).toHaveLength(2);
    world.jump(-365 * 86_400_000);
    await world.pass(3_600_000);
    expect(seen.slice(2)).toEqual(['hourly 03-02T10:00']);
    await jobs.close();
  });
});
