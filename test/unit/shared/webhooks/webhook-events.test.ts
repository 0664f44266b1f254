import { describe, expect, it } from 'vitest';
import { eventsOf, toWebhookEvent, webhookEvents } from '#shared/webhooks/webhook-events.ts';
import { seededRecord } from '#test/support/sync-world.ts';

const deal = (values: object) => seededRecord('deal', 'd1', { status: 'open', stageId: 's1', ...values });
const task = (status: string) => seededRecord('task', 't1', { status });

describe('events of webhooks', () => {
  it('API-07 a deal is won or lost once, whatever else changes on it afterwards', () => {
    const won = deal({ status: 'won', stageId: 's9' });
    const told = (before: ReturnType<typeof deal> | null, after: ReturnType<typeof deal>) =>
      eventsOf({ kind: 'deal', action: before === null ? 'create' : 'update', before, after });
    expect(told(deal({}), won)).toEqual(['deal.updated', 'deal.stage_changed', 'deal.won']);
    expect(told(won, deal({ status: 'won', stageId: 's9', amount: 5 }))).toEqual(['deal.updated']);
    expect(told(deal({}), deal({ status: 'lost', stageId: 's8' }))).toContain('deal.lost');
    expect(told(won, deal({}))).toEqual(['deal.updated', 'deal.stage_changed']);
    expect(told(null, won)).toEqual(['deal.created', 'deal.won']);
  });

  it('API-07 a task is done when it was not before', () => {
    const told = (before: string, after: string) =>
      eventsOf({ kind: 'task', action: 'update', before: task(before), after: task(after) });
    expect(told('open', 'done')).toEqual(['task.completed']);
    expect(told('done', 'done')).toEqual([]);
    expect(eventsOf({ kind: 'task', action: 'create', before: null, after: task('open') })).toEqual(['task.created']);
  });

  it('API-07 what is deleted, restored or of no interest is not told, nor what cannot be compared', () => {
    const lead = seededRecord('lead', 'l1', {});
    expect(eventsOf({ kind: 'lead', action: 'delete', before: lead, after: lead })).toEqual([]);
    expect(eventsOf({ kind: 'comment', action: 'create', before: null, after: lead })).toEqual([]);
    expect(eventsOf({ kind: 'deal', action: 'update', before: null, after: deal({ status: 'won' }) })).toEqual([
      'deal.updated',
    ]);
  });

  it('API-07 are known by the names other products give them', () => {
    expect(['lead_created', 'lead_updated', 'deal_won', 'deal_lost', 'contact_created'].map(toWebhookEvent)).toEqual([
      'lead.created',
      'lead.updated',
      'deal.won',
      'deal.lost',
      'contact.created',
    ]);
    expect(toWebhookEvent('task_completed')).toBe('task.completed');
    expect(toWebhookEvent('campaign_sent')).toBe('campaign.sent');
    expect(toWebhookEvent('opportunity.stage_changed')).toBe('deal.stage_changed');
    expect(toWebhookEvent('deal_stage_changed')).toBe('deal.stage_changed');
    expect(webhookEvents.map(toWebhookEvent)).toEqual([...webhookEvents]);
    expect(toWebhookEvent('lead.exploded')).toBe(null);
  });
});
