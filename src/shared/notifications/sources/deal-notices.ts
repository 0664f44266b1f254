// What happens to a deal, for its owner and for whoever leads the owner (TSK-09, TSK-12, TSK-13). Changes are read from the
// history of the deal, so each is told once, on whatever day a computer meets it, and never of values its reader does not see.
import { organizationMoneyOf } from '#shared/analytics/organization-money.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { highValueThresholdOf, ORGANIZATION_ID } from '#shared/entities/organization/organization.ts';
import { isMoveEntry } from '#shared/entities/stage-change/changed-groups.ts';
import { addDays, toInstant } from '#shared/kernel/calendar.ts';
import {
  leads,
  numberIn,
  textIn,
  type Notification,
  type NotificationOrigin,
  type NotificationWorld,
} from '#shared/notifications/notification.ts';
import type { NotificationType } from '#shared/notifications/notification-types.ts';
import { instantAt } from '#shared/notifications/quiet-hours.ts';

const MORNING = '09:00';
/** So many days before a deal is to close its owner hears of it. */
const CLOSING_DAYS = 3;

function isAbout(world: NotificationWorld, deal: AnyRecord): boolean {
  return deal.ownerId === world.actor.userId || leads(world, deal.ownerId);
}

function commonOf(deal: AnyRecord) {
  return { subject: { entity: 'deal', id: deal.id } as const, title: textIn(deal, 'name') ?? '' };
}

function stageOf(world: NotificationWorld, entry: AnyRecord, field: 'fromStage' | 'toStage'): string | null {
  const pipeline = world.source.get('pipeline', textIn(entry, 'pipelineId') ?? '');
  const stages: unknown = pipeline?.['stages'];
  if (!Array.isArray(stages)) return null;
  const found = (stages as readonly { readonly id?: unknown; readonly name?: unknown }[]).find(
    ({ id }) => id === entry[field],
  );
  return typeof found?.name === 'string' ? found.name : null;
}

/** Minor units in the organization's currency; null without an amount, a rate, or the right to see it. */
function worthOf(
  world: NotificationWorld,
  entry: AnyRecord,
  amount: number | null,
  currency: string | null,
): number | null {
  return amount === null
    ? null
    : organizationMoneyOf(world.source).convert(amount, currency, entry.createdAt.slice(0, 10));
}

/** Did this entry bring the deal over the threshold of the organization? */
function isNewHighValue(world: NotificationWorld, entry: AnyRecord): boolean {
  const amount = numberIn(entry, 'amountAfter');
  if (amount === null) return false;
  const threshold = highValueThresholdOf(world.source.get('organization', ORGANIZATION_ID));
  if (threshold === null) return false;
  const currency = textIn(entry, 'currency');
  const before = numberIn(entry, 'amountBefore');
  const worth = worthOf(world, entry, amount, currency);
  if (worth === null || worth < threshold) return false;
  const isFirst = textIn(entry, 'fromStage') === null;
  const worthBefore = isFirst ? null : worthOf(world, entry, before, textIn(entry, 'currencyBefore') ?? currency);
  return worthBefore === null || worthBefore < threshold;
}

function deriveEntry(world: NotificationWorld, entry: AnyRecord): readonly Notification[] {
  const me = world.actor.userId;
  const deal = world.source.get('deal', textIn(entry, 'dealId') ?? '');
  const actorId = entry.createdBy;
  if (deal === undefined || actorId === null || actorId === me || !isAbout(world, deal)) return [];
  const found: Notification[] = [];
  const common = { at: entry.createdAt, actorId, ...commonOf(deal) };
  const tell = (type: NotificationType, facts: Notification['facts']): void => {
    found.push({ key: `${type} ${entry.id}`, type, facts, ...common });
  };
  const isFirst = textIn(entry, 'fromStage') === null;
  const ownerAfter = textIn(entry, 'ownerAfter');
  if (ownerAfter === me && deal.ownerId === me && (isFirst || textIn(entry, 'ownerBefore') !== me))
    tell('deal.assigned', {});
  const [before, after] = [numberIn(entry, 'probabilityBefore'), numberIn(entry, 'probabilityAfter')];
  if (isMoveEntry(entry) && !isFirst) {
    tell('deal.stage', {
      from: stageOf(world, entry, 'fromStage'),
      to: stageOf(world, entry, 'toStage'),
      outcome: textIn(entry, 'toType'),
    });
  } else if (!isFirst && before !== null && after !== null && before !== after) {
    tell('deal.probability', { before, after });
  }
  if (isNewHighValue(world, entry))
    tell('deal.highValue', { amount: numberIn(entry, 'amountAfter'), currency: textIn(entry, 'currency') });
  return found;
}

function deriveDeal(world: NotificationWorld, deal: AnyRecord): readonly Notification[] {
  if (deal.ownerId !== world.actor.userId || deal['status'] !== 'open') return [];
  const found: Notification[] = [];
  const common = { actorId: null, ...commonOf(deal) };
  const closeDate = textIn(deal, 'closeDate');
  if (closeDate !== null) {
    const at = toInstant(instantAt(addDays(closeDate, -CLOSING_DAYS), MORNING, world.zone));
    found.push({
      key: `deal.closing ${deal.id} ${closeDate}`,
      type: 'deal.closing',
      at,
      facts: { closeDate },
      ...common,
    });
  }
  const day = textIn(deal, 'nextStepDate');
  if (day !== null) {
    const at = toInstant(instantAt(day, MORNING, world.zone));
    const facts = { kind: 'nextStep', text: textIn(deal, 'nextStep') };
    found.push({ key: `customer.reminder ${deal.id} ${day}`, type: 'customer.reminder', at, facts, ...common });
  }
  return found;
}

export const dealEntryOrigin: NotificationOrigin = {
  entity: 'stageChange',
  derive: deriveEntry,
  follows: [{ field: 'dealId', entity: 'deal' }],
  momentOf: (entry) => entry.createdAt,
};
export const dealOrigin: NotificationOrigin = { entity: 'deal', derive: deriveDeal };
