import { expect, test } from 'vitest';
import { followersOf } from '#renderer/features/attention/followers-of.ts';
import { definitionAgain, resendingsOf, wordsOfField } from '#renderer/features/attention/refused-field.ts';
import type { AttentionItem } from '#shared/ipc/sync-status.ts';

const HERE = 'account.cfText01';

const typed: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  made: { name: 'Acme', cfText01: 'Baltic' },
  changed: { cfText01: 'North' },
  renamed: { label: 'Sea' },
};

const follower = (
  id: string,
  opNo: number,
  kind: 'create' | 'patch',
  entity = 'account',
  recordId = `account-${id}`,
): AttentionItem => ({ id, operation: { opNo, kind, entity, recordId } }) as AttentionItem;

const followers = [
  follower('changed', 9, 'patch'),
  follower('made', 8, 'create'),
  follower('renamed', 10, 'patch', 'customField', HERE),
];
const resend = (to: string | null) => resendingsOf(followers, HERE, to, ({ id }) => typed[id] ?? {});

test('CRM-13 what was typed into a field that is defined again goes into its new place', () => {
  expect(resend('account.cfText07').map(({ send }) => send)).toEqual([
    {
      command: 'createRecord',
      input: { entity: 'account', id: 'account-made', values: { name: 'Acme', cfText07: 'Baltic' } },
    },
    { command: 'updateRecord', input: { entity: 'account', id: 'account-changed', values: { cfText07: 'North' } } },
    // The definition in the old place is somebody else's.
    { command: 'updateRecord', input: { entity: 'customField', id: 'account.cfText07', values: { label: 'Sea' } } },
  ]);
});

test('CRM-13 of a field that is given up, only the rest of what was typed is sent: never a value of the other field', () => {
  expect(resend(null)).toEqual([
    {
      id: 'made',
      send: { command: 'createRecord', input: { entity: 'account', id: 'account-made', values: { name: 'Acme' } } },
    },
    { id: 'changed', send: null },
    { id: 'renamed', send: null },
  ]);
});

test('CRM-13 a field is defined again as it was, and told without its place', () => {
  const options = [
    { value: 'a', label: 'Alpha' },
    { value: 'b', label: 'Beta' },
  ];
  const values = { entity: 'deal', slot: 'cfChoice01', label: 'Level', options, isListed: true, place: 3 };
  expect(definitionAgain(values)).toEqual({
    entity: 'deal',
    kind: 'choice',
    label: 'Level',
    help: null,
    section: null,
    isRequired: false,
    isListed: true,
    options: ['Alpha', 'Beta'],
  });
  expect(wordsOfField(values)).toEqual({ label: 'Level', isListed: true });
});

test('CRM-13 what waits by way of another change is found, too', () => {
  const item = (opId: string, causedBy: string | null): AttentionItem =>
    ({ causedBy, operation: { opId } }) as AttentionItem;
  const items = [item('c', 'b'), item('a', null), item('b', 'a'), item('x', 'y')];
  expect(followersOf(items, 'a').map(({ operation }) => operation.opId)).toEqual(['b', 'c']);
});
