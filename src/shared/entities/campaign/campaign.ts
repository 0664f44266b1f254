// One mail to many (EML-02). A campaign holds what is written and to whom; it holds no recipients: who they are is asked of
// the records when it is sent, with the rights of whoever publishes it, and kept by the server. What the server knows of it
// (state, figures) is written back here, so that it is there without a network, too.
import { isAudience } from '#shared/campaigns/audience.ts';
import { defineEntity, type FieldProblem, type RecordOf } from '#shared/entities/define-entity.ts';
import {
  MOST_BODY_LENGTH,
  MOST_SUBJECT_LENGTH,
  problemsOfVariables,
} from '#shared/entities/mail-template/mail-template.ts';
import { ownershipFields, toOptions } from '#shared/entities/record-fields.ts';
import { campaignVariables } from '#shared/mail/mail-variables.ts';

export const campaignStates = ['draft', 'scheduled', 'sending', 'paused', 'sent', 'cancelled'] as const;
export type CampaignState = (typeof campaignStates)[number];

const count = (label: string) => ({ type: 'integer', label, system: true, noisy: true, group: 'figures' }) as const;

export const campaign = defineEntity({
  name: 'campaign',
  collection: 'messages',
  label: 'Campaign',
  labelPlural: 'Campaigns',
  titleField: 'name',
  audience: 'owner',
  fields: {
    name: {
      type: 'text',
      label: 'Name',
      required: true,
      maxLength: 120,
      searchable: true,
      indexed: true,
      listed: true,
    },
    state: {
      type: 'select',
      label: 'State',
      group: 'state',
      system: true,
      defaultValue: 'draft',
      indexed: true,
      listed: true,
      options: toOptions({
        draft: 'Draft',
        scheduled: 'Scheduled',
        sending: 'Being sent',
        paused: 'Paused',
        sent: 'Sent',
        cancelled: 'Cancelled',
      }),
    },
    templateId: { type: 'reference', to: 'mailTemplate', label: 'Mail template' },
    subject: { type: 'text', label: 'Subject', maxLength: MOST_SUBJECT_LENGTH },
    /** Another subject to compare it with. */
    subjectB: { type: 'text', label: 'Second subject', maxLength: MOST_SUBJECT_LENGTH, group: 'test' },
    body: { type: 'longText', label: 'Content', maxLength: MOST_BODY_LENGTH },
    format: {
      type: 'select',
      label: 'Written as',
      defaultValue: 'text',
      options: toOptions({ text: 'Text', html: 'HTML' }),
    },
    /** An `Audience`. */
    audience: { type: 'json', label: 'Audience' },
    scheduledAt: { type: 'dateTime', label: 'Send at', group: 'when', listed: true },
    /** Mails in an hour; empty: as fast as it goes. */
    perHour: { type: 'integer', label: 'Mails per hour', group: 'when' },
    bestTime: { type: 'boolean', label: 'At the best time of each recipient', group: 'when', defaultValue: false },
    trackOpens: { type: 'boolean', label: 'Count opens', defaultValue: true },
    trackClicks: { type: 'boolean', label: 'Count clicks', defaultValue: true },
    /** Percent of the recipients who get one of the two subjects first. */
    testShare: { type: 'percent', label: 'Part that tests', group: 'test' },
    testBy: {
      type: 'select',
      label: 'Winner by',
      group: 'test',
      options: toOptions({ opened: 'Opens', clicked: 'Clicks' }),
    },
    testHours: { type: 'integer', label: 'Hours until the winner goes out', group: 'test' },
    /** A follow-up: who of the recipients of another campaign gets it, and when. */
    followsId: { type: 'reference', to: 'campaign', label: 'Follows', group: 'follows', indexed: true },
    followsWhen: {
      type: 'select',
      label: 'Goes to those who',
      group: 'follows',
      options: toOptions({
        notOpened: 'Did not open it',
        opened: 'Opened it',
        notClicked: 'Did not click',
        clicked: 'Clicked',
      }),
    },
    followsDays: { type: 'integer', label: 'Days later', group: 'follows' },
    publishedAt: { type: 'dateTime', label: 'Published at', system: true, group: 'state' },
    publishedBy: { type: 'reference', to: 'user', label: 'Published by', system: true, group: 'state' },
    finishedAt: { type: 'dateTime', label: 'Finished at', system: true, group: 'state' },
    /** Why it does not go on, as a code. */
    trouble: { type: 'text', label: 'Trouble', system: true, group: 'state' },
    recipients: count('Recipients'),
    totalSent: { ...count('Sent'), listed: true },
    opened: { ...count('Opened'), listed: true },
    clicked: { ...count('Clicked'), listed: true },
    bounced: count('Bounced'),
    failed: count('Failed'),
    skipped: count('Left out'),
    unsubscribed: count('Unsubscribed'),
    complained: count('Complaints'),
    ...ownershipFields,
  },
  mergePolicies: {
    owner: 'manual',
    name: 'manual',
    state: 'current',
    figures: 'current',
    subject: 'manual',
    body: 'text3',
    audience: 'manual',
    when: 'manual',
    test: 'manual',
    follows: 'manual',
  },
  validate: (record): readonly FieldProblem[] => [
    ...problemsOfVariables(record, ['subject', 'subjectB', 'body'], campaignVariables),
    ...problemsOfNumbers(record),
    ...(record['audience'] === undefined || record['audience'] === null || isAudience(record['audience'])
      ? []
      : [{ field: 'audience', code: 'filter' as const, message: 'This is no audience.' }]),
  ],
});
export type Campaign = RecordOf<typeof campaign>;

const ranges: readonly (readonly [string, number, number])[] = [
  ['perHour', 1, 1_000_000],
  ['testShare', 2, 100],
  ['testHours', 1, 168],
  ['followsDays', 0, 90],
];

function problemsOfNumbers(record: Readonly<Record<string, unknown>>): readonly FieldProblem[] {
  return ranges.flatMap(([field, least, most]) => {
    const value = record[field];
    if (typeof value !== 'number' || (value >= least && value <= most)) return [];
    return [{ field, code: 'range' as const, message: `Enter a number from ${String(least)} to ${String(most)}.` }];
  });
}
