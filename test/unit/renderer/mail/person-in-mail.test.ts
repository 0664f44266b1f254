import { expect, test } from 'vitest';
import { personIn } from '#renderer/features/mail/person-in-mail.ts';

test.each([
  ['Nora New', 'Nora@Brandnew.example', { name: 'Nora New', email: 'nora@brandnew.example', company: 'Brandnew' }],
  ['Doe, Jane', 'jd@acme.example', { name: 'Jane Doe', email: 'jd@acme.example', company: 'Acme' }],
  ['', 'jane.van-doe@acme.example', { name: 'Jane Van Doe', email: 'jane.van-doe@acme.example', company: 'Acme' }],
  ['info@acme.example', 'info@acme.example', { name: '', email: 'info@acme.example', company: 'Acme' }],
  ['Jane', 'jane@gmail.com', { name: 'Jane', email: 'jane@gmail.com', company: '' }],
])(
  'EML-12 of %s <%s> a form begins with what the mail says, and with no company where everybody has an address',
  (name, address, expected) => {
    expect(personIn({ name, address })).toEqual(expected);
  },
);
