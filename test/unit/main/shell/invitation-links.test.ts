import { expect, test } from 'vitest';
import { makeInvitationLink } from '#shared/sync/invitation-link.ts';
import { createOpenedInvitations, findInvitation, parseInvitation } from '#main/shell/invitation-links.ts';

const invitation = { serverUrl: 'https://crm.example.com', email: 'anna+crm@example.com', code: 'abcd-efgh-jkmn-pqrs' };

test('IDT-17 a link is read as it was made, from a mail and from the operating system', () => {
  expect(parseInvitation(` ${makeInvitationLink(invitation)}\n`)).toEqual(invitation);
  const query = new URLSearchParams({ server: invitation.serverUrl, email: invitation.email, code: invitation.code });
  expect(parseInvitation(`outpost://join?${query.toString()}`)).toEqual(invitation);
  query.delete('code');
  expect(parseInvitation(`outpost://join?${query.toString()}`)).toEqual({ ...invitation, code: null });
  expect(findInvitation(['--flag', `outpost://join?${query.toString()}`])).toMatchObject({ code: null });
  const local = { ...invitation, serverUrl: 'http://127.0.0.1:8787' };
  expect(parseInvitation(makeInvitationLink(local))).toEqual(local);
});

test.each([
  '',
  'outpost://join',
  'outpost://deals/join?server=https://crm.example.com&email=a@b.c',
  'outpost://join?server=javascript:alert(1)&email=a@b.c&code=abcd',
  'outpost://join?server=file:///etc/passwd&email=a@b.c&code=abcd',
  'outpost://join?server=http://crm.example.com&email=a@b.c&code=abcd',
  'outpost://join?server=https://user:secret@crm.example.com&email=a@b.c&code=abcd',
  'outpost://join?server=https://crm.example.com&email=nobody&code=abcd',
  'outpost://join?server=https://crm.example.com&email=a@b.c&code=<script>',
  `outpost://join?server=https://crm.example.com&email=a@b.c&code=${'a'.repeat(65)}`,
  `outpost://join?server=https://crm.example.com&email=${'a'.repeat(2000)}@b.c&code=abcd`,
  'https://crm.example.com/join',
  'https://crm.example.com/join#email=a@b.c',
  'https://crm.example.com/elsewhere#email=a@b.c&code=abcd',
  'http://crm.example.com/join#email=a@b.c&code=abcd',
  'https://user:secret@crm.example.com/join#email=a@b.c&code=abcd',
])('D13 %s opens nothing', (link) => {
  expect(parseInvitation(link)).toBeNull();
});

test('D13 an opened link is announced without what it says, and given once', () => {
  let announced = 0;
  const opened = createOpenedInvitations(() => {
    announced += 1;
  });
  opened.note(null);
  expect([announced, opened.take()]).toEqual([0, null]);
  opened.note(invitation);
  expect(announced).toBe(1);
  expect([opened.take(), opened.take()]).toEqual([invitation, null]);
});
