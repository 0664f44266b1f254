// Goals of the demo company: what each team and each seller should win this quarter, a little above the quarter before, and
// how many calls each seller should make this month.
import { DAY_MS, DEMO_CURRENCY, makeRecord, type DemoWorld } from '#shared/demo/demo-world.ts';
import type { DemoPeople } from '#shared/demo/generate-people.ts';
import { periodOf, shiftPeriod, type Period } from '#shared/kernel/periods.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { defaultMilestones } from '#shared/entities/goal/goal.ts';
import { toEpochMs } from '#shared/kernel/calendar.ts';

const STEP = 10_000_00;
const GROWTH = 1.1;
const CALLS = 12;

export function generateGoals(world: DemoWorld, people: DemoPeople, deals: readonly AnyRecord[]): readonly AnyRecord[] {
  const quarter = periodOf('quarter', world.today, 1);
  const month = periodOf('month', world.today, 1);
  const before = shiftPeriod('quarter', quarter, -1);
  const wonBefore = (isTheirs: (deal: AnyRecord) => boolean): number =>
    deals.reduce((sum, deal) => {
      const day = String(deal['closeDate']);
      const isIn = deal['status'] === 'won' && day >= before.start && day <= before.end && isTheirs(deal);
      return isIn ? sum + Number(deal['amount']) : sum;
    }, 0);
  const targetAfter = (amount: number): number => Math.max(1, Math.round((amount * GROWTH) / STEP)) * STEP;

  function make(by: string, windowType: string, window: Period, values: Readonly<Record<string, unknown>>): AnyRecord {
    const entered = { atMs: toEpochMs(window.start) - 5 * DAY_MS, by };
    const days = { windowType, startsOn: window.start, endsOn: window.end, fiscalYearStart: 1 };
    return makeRecord('goal', world.createId(), entered, { ...values, ...days, milestones: [...defaultMilestones] });
  }

  const revenue = { name: 'Revenue this quarter', metric: 'wonValue', currency: DEMO_CURRENCY };
  const teams = Object.entries(people.managerIds).map(([teamId, managerId]) =>
    make(people.adminId, 'quarter', quarter, {
      ...revenue,
      targetAmount: targetAfter(wonBefore((deal) => deal.teamId === teamId)),
      forTeamId: teamId,
      ownerId: managerId,
      teamId,
    }),
  );
  const sellers = people.sellers.flatMap(({ id, teamId }) => {
    const whose = { userId: id, ownerId: id, teamId };
    const managerId = people.managerIds[teamId] ?? people.adminId;
    const targetAmount = targetAfter(wonBefore((deal) => deal.ownerId === id));
    const calls = { name: 'Calls this month', metric: 'activities', activityType: 'call', targetCount: CALLS };
    return [
      make(managerId, 'quarter', quarter, { ...revenue, targetAmount, ...whose }),
      make(managerId, 'month', month, { ...calls, ...whose }),
    ];
  });
  return [...teams, ...sellers];
}
