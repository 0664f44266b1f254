// Quotas of this quarter and the two before, and what the people of the demo company submitted in the past: further off at
// the beginning of a quarter than at its end, as forecasts are.
import type { DemoPeople } from '#shared/demo/generate-people.ts';
import { DEMO_CURRENCY, makeRecord, type DemoWorld } from '#shared/demo/demo-world.ts';
import { checkpointNames, checkpointsOf } from '#shared/analytics/forecast-accuracy.ts';
import { periodOf, shiftPeriod, type Period } from '#shared/kernel/periods.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { toEpochMs, toInstant } from '#shared/kernel/calendar.ts';

const HOUR_MS = 3_600_000;
/** How far off a forecast is at the beginning, half-way and at the end. */
const MISS = { start: 0.3, middle: 0.18, end: 0.06 } as const;
const STEP = 10_000_00;

interface Person {
  readonly id: string;
  readonly teamId: string;
  /** Closed in a period: the own deals, or those of the team. */
  readonly closedIn: (period: Period) => number;
  readonly node: Readonly<Record<string, string>>;
}

export function generateForecast(
  world: DemoWorld,
  people: DemoPeople,
  deals: readonly AnyRecord[],
): readonly AnyRecord[] {
  const present = periodOf('quarter', world.today, 1);
  const past = [shiftPeriod('quarter', present, -2), shiftPeriod('quarter', present, -1)];
  const persons = collectPersons(people, deals);
  return persons.flatMap((person) => [
    ...past.map((period) => makeQuota(world, people, person, period, person.closedIn(period))),
    makeQuota(world, people, person, present, Math.max(...past.map((period) => person.closedIn(period)))),
    ...past.flatMap((period) => makeSubmissions(world, person, period)),
  ]);
}

function collectPersons(people: DemoPeople, deals: readonly AnyRecord[]): readonly Person[] {
  const won = deals.filter((deal) => deal['status'] === 'won');
  const closedBy = (isTheirs: (deal: AnyRecord) => boolean) => (period: Period) =>
    won.reduce((sum, deal) => {
      const day = String(deal['closeDate']);
      const isIn = day >= period.start && day <= period.end && isTheirs(deal);
      return isIn ? sum + Number(deal['amount']) : sum;
    }, 0);
  const sellers = people.sellers.map(({ id, teamId }): Person => ({
    id,
    teamId,
    closedIn: closedBy((deal) => deal.ownerId === id),
    node: { userId: id },
  }));
  const leads = Object.entries(people.managerIds).map(([teamId, id]): Person => ({
    id,
    teamId,
    closedIn: closedBy((deal) => deal.teamId === teamId),
    node: { forTeamId: teamId },
  }));
  return [...leads, ...sellers];
}

function makeQuota(world: DemoWorld, people: DemoPeople, person: Person, period: Period, closed: number): AnyRecord {
  const amount = Math.max(1, Math.round((closed * (0.9 + world.random.unit() * 0.25)) / STEP)) * STEP;
  const entered = { atMs: toEpochMs(period.start) - 200 * HOUR_MS, by: people.adminId };
  return makeRecord('quota', world.createId(), entered, {
    userId: person.id,
    periodType: 'quarter',
    periodStart: period.start,
    fiscalYearStart: 1,
    amount,
    currency: DEMO_CURRENCY,
    ownerId: person.id,
    teamId: person.teamId,
  });
}

function makeSubmissions(world: DemoWorld, person: Person, period: Period): readonly AnyRecord[] {
  const actual = person.closedIn(period);
  const days = checkpointsOf(period);
  return checkpointNames.map((name) => {
    const miss = (world.random.unit() * 2 - 1) * MISS[name];
    const commit = Math.round((actual * (1 + miss)) / 100) * 100;
    const atMs = toEpochMs(days[name]) + 9 * HOUR_MS;
    return makeRecord(
      'forecastSubmission',
      world.createId(),
      { atMs, by: person.id },
      {
        hierarchy: 'managers',
        periodStart: period.start,
        periodEnd: period.end,
        ...person.node,
        submittedAt: toInstant(atMs),
        commit,
        currency: DEMO_CURRENCY,
        numbers: { columns: { commit } },
        deals: [],
        dealCount: 0,
        ownerId: person.id,
        teamId: person.teamId,
      },
    );
  });
}
