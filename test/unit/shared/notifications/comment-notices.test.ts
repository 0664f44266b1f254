import { describe, expect, it } from 'vitest';
import { createWorld, NOW, recordOf } from '#test/support/notification-world.ts';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { wordNotification } from '#shared/notifications/word-notification.ts';

const comment = (values: Readonly<Record<string, unknown>> = {}): AnyRecord =>
  recordOf('comment', 'c-1', {
    body: '@Me look at this',
    mentionedIds: ['me'],
    ownerId: 'boss',
    dealId: 'd',
    ...values,
  });
const deal = (values: Readonly<Record<string, unknown>> = {}): AnyRecord =>
  recordOf('deal', 'd', { name: 'Mill', ownerId: 'boss', ...values });

describe('a mention', () => {
  it('TSK-04 is told to whoever is mentioned, once, with what was said, and leads to the record', () => {
    const { put, items, mark } = createWorld();
    put(deal());
    put(comment());
    const [told] = items();
    expect(items()).toHaveLength(1);
    expect(told).toMatchObject({
      key: 'comment.mention c-1',
      type: 'comment.mention',
      subject: { entity: 'deal', id: 'd' },
      title: 'Mill',
      actorId: 'boss',
    });
    if (told === undefined) return;
    const words = wordNotification(told, {
      t: (key, values = {}) => `${String(key)} ${String(values['who'])}: ${String(values['text'])}`,
      person: () => 'Boss',
      money: String,
      percent: String,
      day: String,
      time: String,
    });
    expect(words).toEqual({ title: 'Mill', text: 'notifications.says.mentionSaying Boss: @Me look at this' });
    mark('read', [told.key]);
    put(comment({ body: '@Me look at that', editedAt: NOW }));
    expect(items()).toMatchObject([{ isRead: true }]);
  });

  it('TSK-04 is told to nobody else, and not to whoever wrote it', () => {
    const { put, items } = createWorld();
    put(deal());
    put(comment({ mentionedIds: ['other'] }));
    put({ ...comment({ ownerId: 'me' }), id: 'c-2' });
    put({ ...comment({ mentionedIds: null }), id: 'c-3' });
    expect(items()).toEqual([]);
  });

  it('TSK-04 D14 nobody hears of a comment whose record is out of sight, and of a masked name or text there is none', () => {
    const { put, items, remove } = createWorld();
    put(comment());
    expect(items()).toEqual([]);
    put(deal({ name: { $masked: '•••' } }));
    put(comment({ body: { $masked: '•••' } }));
    expect(items()).toMatchObject([{ title: '', facts: { text: null } }]);
    expect(JSON.stringify(items())).not.toContain('•••');
    remove('deal', 'd');
    expect(items()).toEqual([]);
  });

  it('TSK-04 a long comment is told by its beginning, and one that was reworded to call somebody is as new as that', () => {
    const { put, items } = createWorld();
    put(recordOf('contact', 'p', { name: 'Ada' }));
    const old = { createdAt: '2026-01-01T09:00:00.000Z', dealId: null, contactId: 'p' };
    put(comment({ ...old, mentionedIds: [] }));
    expect(items()).toEqual([]);
    put(comment({ ...old, body: `@Me ${'ä'.repeat(500)}`, editedAt: '2026-11-27T12:00:00.000Z' }));
    expect(items()).toMatchObject([
      { subject: { entity: 'contact', id: 'p' }, title: 'Ada', at: '2026-11-27T12:00:00.000Z' },
    ]);
    expect(String(items()[0]?.facts['text'])).toHaveLength(141);
  });
});
