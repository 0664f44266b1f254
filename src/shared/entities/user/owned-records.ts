// What somebody holds that has to go on when the person does not: records by kind, and places in the organization. Asked by
// the screen that shows it and by the command that gives it away, so that both mean the same records.
import { periodOf, periodTypes } from '#shared/kernel/periods.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';

/** In the order in which they are shown and given. What is closed stays a part of history unless somebody wants it otherwise. */
export const ownedKinds = [
  'openDeal',
  'account',
  'contact',
  'lead',
  'task',
  'activity',
  'reportSchedule',
  'quota',
  'teamLead',
  'territoryManager',
  'directReport',
  'closedDeal',
] as const;
export type OwnedKind = (typeof ownedKinds)[number];

/** Kind of record, and the field that names the person. */
export const placeOfKind: Readonly<Record<OwnedKind, { readonly entity: EntityName; readonly field: string }>> = {
  openDeal: { entity: 'deal', field: 'ownerId' },
  account: { entity: 'account', field: 'ownerId' },
  contact: { entity: 'contact', field: 'ownerId' },
  lead: { entity: 'lead', field: 'ownerId' },
  task: { entity: 'task', field: 'ownerId' },
  activity: { entity: 'activity', field: 'ownerId' },
  reportSchedule: { entity: 'reportSchedule', field: 'ownerId' },
  quota: { entity: 'quota', field: 'userId' },
  teamLead: { entity: 'team', field: 'leadId' },
  territoryManager: { entity: 'territory', field: 'managerId' },
  directReport: { entity: 'user', field: 'managerId' },
  closedDeal: { entity: 'deal', field: 'ownerId' },
};

function isClosed(deal: AnyRecord): boolean {
  return deal['status'] === 'won' || deal['status'] === 'lost';
}

/** Its period is not over. */
function isStillDue(quota: AnyRecord, today: string): boolean {
  const type = periodTypes.find((known) => known === quota['periodType']);
  const { periodStart, fiscalYearStart } = quota;
  if (type === undefined || typeof periodStart !== 'string') return false;
  return periodOf(type, periodStart, Number(fiscalYearStart)).end >= today;
}

/** Records of a kind that go on; `now`: an instant. */
const goesOn: Partial<Readonly<Record<OwnedKind, (record: AnyRecord, now: string) => boolean>>> = {
  openDeal: (deal) => !isClosed(deal),
  closedDeal: isClosed,
  lead: (lead) => lead['status'] !== 'converted',
  task: (task) => task['status'] !== 'done' && task['status'] !== 'cancelled',
  // What is past happened with this person; what is planned somebody else has to keep.
  activity: (activity, now) => typeof activity['occurredAt'] === 'string' && activity['occurredAt'] > now,
  quota: (quota, now) => isStillDue(quota, now.slice(0, 10)),
  directReport: (user) => user['isActive'] !== false,
};

/** Where to look, and what time it is there. */
export interface OwnedPlace {
  /** Instant. */
  readonly now: string;
  find(entity: EntityName, field: string, value: string): Promise<readonly AnyRecord[]>;
}

export async function findOwned(place: OwnedPlace, kind: OwnedKind, userId: string): Promise<readonly AnyRecord[]> {
  const { entity, field } = placeOfKind[kind];
  const found = await place.find(entity, field, userId);
  return found.filter((record) => goesOn[kind]?.(record, place.now) ?? true);
}
