import { describe, expect, test } from 'vitest';
import { MASK } from '#shared/access/field-policy.ts';
import { changeTone, shortenText } from '#shared/drafting/change-text.ts';
import { draftFactsOf, type DraftSubjects } from '#shared/drafting/draft-facts.ts';
import { draftIntents, draftLanguages, draftTones, type DraftFacts } from '#shared/drafting/draft-types.ts';
import { greetingOf } from '#shared/drafting/salutations.ts';
import { writeDraft } from '#shared/drafting/write-draft.ts';
import type { AnyRecord, EntityName } from '#shared/entities/define-entity.ts';

const record = (kind: EntityName, values: Readonly<Record<string, unknown>>): AnyRecord => ({
  id: kind,
  kind,
  rev: 1,
  ownerId: null,
  teamId: null,
  createdAt: '2026-11-01T08:00:00.000Z',
  createdBy: null,
  updatedAt: '',
  updatedBy: null,
  ...values,
});
// A Friday.
const moment = { today: '2026-11-27', timeZone: 'Europe/Berlin', workingDays: [1, 2, 3, 4, 5] };
const subjects: DraftSubjects = {
  person: record('contact', { firstName: 'Anna', lastName: 'Schmidt', name: 'Anna Schmidt', salutation: 'Frau' }),
  company: record('account', { name: 'Nordwind GmbH' }),
  deal: record('deal', {
    name: 'Rollout',
    amount: 123_456_00,
    currency: 'EUR',
    probability: 40,
    closeDate: '2026-12-24',
  }),
  sender: record('user', { name: 'Esther Sato', email: 'esther@example.com' }),
  lastActivity: record('activity', { activityType: 'call', occurredAt: '2026-11-20T09:00:00.000Z', subject: 'Secret' }),
};
const everything = (facts: DraftFacts): readonly string[] =>
  draftLanguages.flatMap((language) =>
    draftTones.flatMap((tone) =>
      draftIntents.map((intent) => {
        const { subject, text } = writeDraft({ intent, language, tone }, facts);
        return `${subject}\n${text}`;
      }),
    ),
  );

describe('writing a draft offline', () => {
  test('EML-06 a follow-up says what is known, in the form of address that was asked for', () => {
    const facts = draftFactsOf(subjects, 'de', moment);
    expect(writeDraft({ intent: 'followUp', language: 'de', tone: 'formal' }, facts)).toEqual({
      subject: 'Rückfrage: Rollout',
      text: [
        'Sehr geehrte Frau Schmidt,',
        'vielen Dank für das Telefonat am 20. November zu „Rollout“.',
        'Sind inzwischen Fragen aufgekommen? Ich beantworte sie gern. Was brauchen Sie von mir für den nächsten Schritt?',
        'Mit freundlichen Grüßen\nEsther Sato',
      ].join('\n\n'),
    });
    const english = writeDraft(
      { intent: 'meeting', language: 'en', tone: 'informal' },
      draftFactsOf(subjects, 'en', moment),
    );
    expect(english.text.split('\n\n')).toEqual([
      'Hi Anna,',
      "I'd like to talk about Rollout with you; half an hour is enough.",
      'Does Monday 30 November or Tuesday 1 December suit you? If not, just name a day that does.',
      'Best,\nEsther',
    ]);
  });

  test('EML-06 every kind of draft is whole with nothing known, and the same each time', () => {
    const drafts = everything({});
    expect(drafts).toEqual(everything({}));
    expect(new Set(drafts).size).toBe(drafts.length);
    for (const draft of drafts) expect(draft).not.toMatch(/undefined|null|\{|\}| {2}| [.,?!]|„“/);
  });

  test('EML-06 what sellers keep to themselves stands in no draft: amount, odds, close date, subject of a note', () => {
    for (const language of draftLanguages) {
      for (const draft of everything(draftFactsOf(subjects, language, moment)))
        expect(draft).not.toMatch(/123|40 ?%|24\.? ?(?:December|Dezember)|Secret/);
    }
  });

  test('FLS-01 EML-06 a hidden or masked value is not known to a draft', () => {
    const hidden = record('contact', { firstName: 'Anna', lastName: MASK, name: MASK, salutation: 'Frau' });
    const facts = draftFactsOf({ ...subjects, person: hidden, company: null }, 'de', moment);
    expect(facts.lastName).toBeUndefined();
    expect(facts.company).toBeUndefined();
    expect(everything(facts).join('\n')).not.toMatch(/•|Schmidt|Nordwind/);
  });

  test('EML-06 a call nobody took, and one that is still to come, are nothing to thank for', () => {
    const talkWith = (values: object) => {
      const lastActivity = record('activity', {
        activityType: 'call',
        occurredAt: '2026-11-20T09:00:00.000Z',
        ...values,
      });
      return draftFactsOf({ ...subjects, lastActivity }, 'en', moment).lastTalk;
    };
    expect(talkWith({ outcome: 'reached' })).toEqual({ kind: 'call', day: '20 November' });
    expect(talkWith({ outcome: 'left_message' })).toBeUndefined();
    expect(talkWith({ occurredAt: '2026-12-01T09:00:00.000Z' })).toBeUndefined();
    expect(talkWith({ activityType: 'note' })).toBeUndefined();
  });

  test('EML-06 days that are proposed are working days of the organization', () => {
    const { freeDays } = draftFactsOf(subjects, 'en', { ...moment, workingDays: [6] });
    expect(freeDays).toEqual(['Saturday 5 December', 'Saturday 12 December']);
  });

  test.each([
    ['de', { salutation: 'Herr Dr.', lastName: 'Kurz' }, 'Sehr geehrter Herr Dr. Kurz,'],
    ['de', { firstName: 'Kim', lastName: 'Lang' }, 'Guten Tag Kim Lang,'],
    ['de', {}, 'Sehr geehrte Damen und Herren,'],
    ['en', { salutation: 'Mrs', lastName: 'Hill' }, 'Dear Ms Hill,'],
    ['en', { salutation: 'Dr', firstName: 'Jo', lastName: 'Hill' }, 'Dear Dr Hill,'],
    ['en', { firstName: 'Jo', lastName: 'Hill' }, 'Dear Jo Hill,'],
  ] as const)('EML-06 in %s, %o is addressed without guessing: %s', (language, facts, greeting) => {
    expect(greetingOf(language, 'formal', facts)).toBe(greeting);
  });
});

const long = [
  'Hi Anna,',
  'It was really nice to talk to you. I hope the weather in Hamburg has been kind to you and your colleagues. The offer of 14 December has 3 parts.',
  'We have worked on this for a long time with many people. Could you tell me by Friday whether the dates suit you?',
  'Best,\nEsther',
].join('\n\n');

describe('changing a text', () => {
  test('EML-06 a shorter text keeps greeting, closing, questions and numbers, in their order, and makes nothing up', () => {
    const short = shortenText(long, 'en');
    const [greeting, ...rest] = short.split('\n\n');
    expect(greeting).toBe('Hi Anna,');
    expect(rest.at(-1)).toBe('Best,\nEsther');
    expect(short).toContain('The offer of 14 December has 3 parts.');
    expect(short).toContain('Could you tell me by Friday whether the dates suit you?');
    expect(short).not.toContain('weather');
    const count = (text: string): number => text.split(/\s+/).length;
    expect(count(short)).toBeLessThan(count(long) * 0.75);
    const words = new Set(long.toLowerCase().split(/\s+/));
    expect(
      short
        .toLowerCase()
        .split(/\s+/)
        .filter((word) => !words.has(word)),
    ).toEqual([]);
  });

  test('EML-06 a text of one sentence stays, and what a filler uncovers begins as the sentence did', () => {
    expect(shortenText('Please call me.', 'en')).toBe('Please call me.');
    expect(shortenText('', 'en')).toBe('');
    expect(shortenText('Eigentlich wollte ich 3 Dinge fragen.', 'de')).toBe('Wollte ich 3 Dinge fragen.');
  });

  test('EML-06 another tone changes greeting, closing and set phrases, and leaves the rest as it was written', () => {
    const facts = draftFactsOf(subjects, 'en', moment);
    const formal = changeTone(
      "Hi Anna,\n\nThanks a lot. I'm glad. The Thanksgiving offer stays.\n\nBest,\nEsther",
      'en',
      'formal',
      facts,
    );
    expect(formal.text).toBe(
      'Dear Ms Schmidt,\n\nThank you very much. I am glad. The Thanksgiving offer stays.\n\nKind regards,\nEsther Sato',
    );
    expect(changeTone('No greeting here.', 'en', 'formal', facts).text).toBe('No greeting here.');
    expect(changeTone('Hi Bo,\n\nOk.\n\nBest,\nPat Lee', 'en', 'formal', facts).text).toContain(
      'Kind regards,\nPat Lee',
    );
  });

  test('EML-06 in German, words that address somebody are left alone, and that is said', () => {
    const facts = draftFactsOf(subjects, 'de', moment);
    const text =
      'Sehr geehrte Frau Schmidt,\n\nvielen Dank. Haben Sie noch Fragen?\n\nMit freundlichen Grüßen\nEsther Sato';
    expect(changeTone(text, 'de', 'informal', facts)).toEqual({
      text: 'Hallo Anna,\n\ndanke. Haben Sie noch Fragen?\n\nViele Grüße\nEsther',
      hasAddress: true,
    });
    expect(changeTone('Hallo Anna,\n\ndanke.', 'de', 'formal', facts).hasAddress).toBe(false);
  });
});
