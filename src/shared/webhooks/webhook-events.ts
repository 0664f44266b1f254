// What webhooks tell of, by name: the entity and what became of it. Names other products use for the same are understood.
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';

export const webhookEvents = [
  'lead.created',
  'lead.updated',
  'account.created',
  'account.updated',
  'contact.created',
  'contact.updated',
  'deal.created',
  'deal.updated',
  'deal.stage_changed',
  'deal.won',
  'deal.lost',
  'task.created',
  'task.completed',
  'campaign.sent',
] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

/** Sent by hand, to try an address; nobody subscribes to it. */
export const PING_EVENT = 'ping';

/** `lead_created`, `opportunity.won` and the like in our words; null for what no webhook tells of. */
export function toWebhookEvent(name: string): WebhookEvent | null {
  const plain = name.trim().toLowerCase();
  const dotted = plain.includes('.') ? plain : plain.replace('_', '.');
  const canonical = dotted.replace(/^opportunity\./, 'deal.');
  return webhookEvents.find((event) => event === canonical) ?? null;
}

/** A change of one record, as far as webhooks tell of it. */
export interface ToldChange {
  readonly kind: EntityName;
  readonly action: 'create' | 'update' | 'delete' | 'restore';
  /** Null where it is not known: what compares both is not told then. */
  readonly before: AnyRecord | null;
  readonly after: AnyRecord;
}

const isKnown = (name: string): name is WebhookEvent => (webhookEvents as readonly string[]).includes(name);

/** Events of a change, the plain one first. */
export function eventsOf({ kind, action, before, after }: ToldChange): readonly WebhookEvent[] {
  const names: string[] = [];
  if (action === 'create') names.push(`${kind}.created`);
  if (action === 'update') names.push(`${kind}.updated`);
  const isNewly = (field: string, value: string): boolean =>
    after[field] === value && (action === 'create' || (before !== null && before[field] !== value));
  if (kind === 'deal' && action === 'update' && before !== null && before['stageId'] !== after['stageId'])
    names.push('deal.stage_changed');
  if (kind === 'deal' && isNewly('status', 'won')) names.push('deal.won');
  if (kind === 'deal' && isNewly('status', 'lost')) names.push('deal.lost');
  if (kind === 'task' && isNewly('status', 'done')) names.push('task.completed');
  return action === 'create' || action === 'update' ? names.filter(isKnown) : [];
}
