import { describe, expect, it } from 'vitest';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';
import { documentName, toDocuments } from '#shared/entities/file/document-versions.ts';
import { keptChanges } from '#shared/entities/field-change/kept-changes.ts';
import { entities } from '#shared/entities/registry.ts';
import { askTimeline, type TimelineFilter } from '#shared/timeline/ask-timeline.ts';
import { buildTimeline } from '#shared/timeline/build-timeline.ts';
import { timelineRulesOf } from '#shared/timeline/noisy-fields.ts';

const stamps = { rev: 1, ownerId: 'rep', teamId: null, createdBy: 'rep', updatedAt: '', updatedBy: 'rep' };

function recordOf(kind: EntityName, id: string, values: Readonly<Record<string, unknown>>): AnyRecord {
  return { ...stamps, createdAt: '2026-01-01T08:00:00.000Z', ...values, id, kind };
}

const find = (records: readonly AnyRecord[]) => ({
  get: (entity: EntityName, id: string) => records.find((record) => record.kind === entity && record.id === id),
  find: (entity: EntityName, field: string, value: string) =>
    records.filter(
      ({ kind, [field]: held }) => kind === entity && (Array.isArray(held) ? held : [held]).includes(value),
    ),
});

const everything: TimelineFilter = { kinds: [], personId: null, text: '', textFields: [], withHidden: false };
const dayOf = (instant: string): string => instant.slice(0, 10);
const at = (hour: number): string => `2026-03-01T${String(hour).padStart(2, '0')}:00:00.000Z`;

const change = (id: string, hour: number, field: string, values: Readonly<Record<string, unknown>> = {}): AnyRecord =>
  recordOf('fieldChange', id, {
    groups: [field],
    before: { [field]: null },
    after: { [field]: 'now' },
    occurredAt: at(hour),
    ...values,
  });

const records = [
  recordOf('account', 'a', { name: 'Acme' }),
  recordOf('contact', 'c', { name: 'Ada', accountId: 'a' }),
  recordOf('deal', 'd', { name: 'Deal', accountId: 'a', primaryContactId: 'c' }),
  recordOf('activity', 'x', { activityType: 'call', subject: 'Offer', accountId: 'a', dealId: 'd', occurredAt: at(3) }),
  recordOf('activity', 'y1', {
    activityType: 'call',
    subject: 'Twin',
    accountId: 'a',
    externalId: 'e',
    occurredAt: at(4),
  }),
  recordOf('activity', 'y2', {
    activityType: 'call',
    subject: 'Twin',
    accountId: 'a',
    externalId: 'e',
    occurredAt: at(4),
  }),
  change('f1', 5, 'website', { accountId: 'a' }),
  change('f2', 6, 'jobTitle', { contactId: 'c', createdBy: 'manager' }),
  change('f3', 7, 'phone', { accountId: 'a', after: {} }),
];

describe('a timeline', () => {
  it('CRM-09 of an account has what happened to its people and deals, each thing once, newest first', () => {
    const ids = buildTimeline(find(records), { entity: 'account', id: 'a' }).map(({ id }) => id);
    expect(ids.slice(0, 5)).toEqual([
      'fieldChange f3',
      'fieldChange f2',
      'fieldChange f1',
      'activity y1',
      'activity x',
    ]);
    expect(ids.slice(5).toSorted()).toEqual(['created a', 'created c', 'created d']);
  });

  it('CRM-09 leaves out what somebody does not see, and what the organization does not want to read', () => {
    const all = buildTimeline(find(records), { entity: 'account', id: 'a' });
    const rules = timelineRulesOf({ timelineHidden: ['account.website'] });
    const ask = (filter: Partial<TimelineFilter>) => askTimeline(all, { ...everything, ...filter }, rules, dayOf);
    const plain = ask({});
    expect(plain.events.map(({ id }) => id)).not.toContain('fieldChange f3');
    expect(plain.events.map(({ id }) => id)).not.toContain('fieldChange f1');
    expect(plain.counts).toMatchObject({ hidden: 1, total: 6, kinds: { call: 2, change: 1, created: 3 } });
    expect(ask({ withHidden: true }).counts.total).toBe(7);
    expect(ask({ kinds: ['change'], personId: 'manager' }).events.map(({ id }) => id)).toEqual(['fieldChange f2']);
    expect(ask({ text: 'off' }).events.map(({ id }) => id)).toEqual(['activity x']);
    expect(ask({ text: 'job', textFields: ['contact.jobTitle'] }).events).toHaveLength(1);
    expect(plain.counts.days).toEqual([
      { day: '2026-03-01', count: 3 },
      { day: '2026-01-01', count: 3 },
    ]);
  });

  it('CRM-13 keeps changes of custom fields, and nothing that Outpost sets itself or a move of a deal tells', () => {
    const before = recordOf('deal', 'd', { name: 'Deal', stageId: 'one', amount: 1, cfText01: '' });
    const after = { ...before, stageId: 'two', amount: 2, closedAt: at(1), cfText01: 'Gold', nextStep: 'Call' };
    expect(keptChanges(entities.deal, before, after)).toEqual({
      groups: ['cfText01', 'nextStep'],
      before: { cfText01: '', nextStep: null },
      after: { cfText01: 'Gold', nextStep: 'Call' },
    });
    expect(keptChanges(entities.deal, before, { ...before, amount: 3, cfText01: null })).toBeNull();
  });
});

const mail = (id: string, values: Readonly<Record<string, unknown>> = {}): AnyRecord =>
  recordOf('mailMessage', id, {
    fromName: 'Ada Byron',
    fromAddress: 'ada@acme.example',
    recipients: [{ name: 'Rep', address: 'rep@outpost.example' }],
    direction: 'inbound',
    sentAt: at(9),
    mailKey: 'k',
    accountId: 'a',
    contactId: 'c',
    contactIds: ['c', 'c2'],
    ...values,
  });
const content = (messageId: string, subject: string): AnyRecord =>
  recordOf('mailContent', `${messageId}-t`, { messageId, subject, excerpt: 'We have two questions.' });

describe('mail on a timeline', () => {
  const subject = { entity: 'account', id: 'a' } as const;
  const mailsOf = (all: readonly AnyRecord[], of: { entity: EntityName; id: string } = subject) =>
    buildTimeline(find(all), of).filter(({ record }) => record.kind === 'mailMessage');
  const people = [recordOf('account', 'a', { name: 'Acme' }), recordOf('contact', 'c', { accountId: 'a' })];

  it('EML-12 one mail of three mailboxes is told once, on every timeline in the same way, with the copy that is read', () => {
    // The own copy of one colleague is for its participants; another's copy lies with other records.
    const copies = [mail('m1'), mail('m2', { ownerId: 'boss', accountId: null }), mail('m3', { contactId: null })];
    const all = [...people, ...copies, content('m2', 'Two questions')];
    const [told, ...rest] = mailsOf(all);
    expect(rest).toEqual([]);
    expect(told).toMatchObject({ id: 'mail k', kind: 'email', at: at(9), actorId: null, record: { id: 'm2' } });
    expect(told?.content?.['subject']).toBe('Two questions');
    const ofContact = mailsOf(all, { entity: 'contact', id: 'c' });
    expect(ofContact.map(({ id, record }) => [id, record.id])).toEqual([['mail k', 'm2']]);
    // What it was between counts, not whom it names first.
    expect(mailsOf(all, { entity: 'contact', id: 'c2' }).map(({ id }) => id)).toEqual(['mail k']);
    expect(mailsOf([...people, mail('m4', { mailKey: 'other' }), ...all])).toHaveLength(2);
  });

  it('EML-12 C8 a mail whose text the reader does not hold is a mail and no more, and no search finds what stood in it', () => {
    const [told] = mailsOf([...people, mail('m1', { visibility: 'metadata' })]);
    expect(told?.content).toBeUndefined();
    expect(JSON.stringify(told)).not.toContain('questions');
    const rules = timelineRulesOf(undefined);
    const search = (all: readonly AnyRecord[], text: string) =>
      askTimeline(mailsOf(all), { ...everything, kinds: ['email'], text }, rules, dayOf).events.length;
    const without = [...people, mail('m1')];
    const held = [...without, content('m1', 'Delivery')];
    expect([search(without, 'questions'), search(without, 'ada byron'), search(without, 'rep@outpost')]).toEqual([
      0, 1, 1,
    ]);
    expect([search(held, 'two questions'), search(held, 'delivery'), search(held, 'nothing')]).toEqual([1, 1, 0]);
  });

  it('EML-12 whoever sent it did it; who wrote to us is none of us', () => {
    const copies = [mail('m1', { ownerId: 'receiver' }), mail('m2', { ownerId: 'sender', direction: 'outbound' })];
    expect(mailsOf([...people, ...copies])).toMatchObject([{ actorId: 'sender', record: { id: 'm2' } }]);
    // The copy that is read may be the receiver's; the sender stays who it was.
    expect(mailsOf([...people, ...copies, content('m1', 'Hello')])).toMatchObject([
      { actorId: 'sender', record: { id: 'm1' } },
    ]);
    const kinds = askTimeline(
      buildTimeline(find([...people, ...copies]), subject),
      everything,
      timelineRulesOf({}),
      dayOf,
    );
    expect(kinds.counts.kinds.email).toBe(1);
  });
});

describe('documents', () => {
  it('CRM-10 are files with the same beginning, each version kept in the order in which it was attached', () => {
    const file = (id: string, createdAt: string, documentId: string | null = null) =>
      recordOf('file', id, { name: 'offer.pdf', createdAt, documentId });
    const found = toDocuments([
      file('v3', at(3), 'v1'),
      file('v1', at(1)),
      file('other', at(4)),
      file('v2', at(2), 'v1'),
    ]);
    expect(found.map(({ newest }) => newest.id)).toEqual(['other', 'v3']);
    expect(found[1]?.versions.map(({ number, file: { id } }) => [number, id])).toEqual([
      [3, 'v3'],
      [2, 'v2'],
      [1, 'v1'],
    ]);
  });

  it('CRM-10 C13 are called by their title, and keep the end of the name that says what they are', () => {
    const named = (title: string, name: string) => documentName(recordOf('file', 'f', { title, name }));
    expect(named('', 'offer.pdf')).toBe('offer.pdf');
    expect(named('Master agreement', 'offer.pdf')).toBe('Master agreement.pdf');
    expect(named('harmless.txt', 'run.exe')).toBe('harmless.txt.exe');
  });
});
