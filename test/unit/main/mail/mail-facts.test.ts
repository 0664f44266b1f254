import { expect, it } from 'vitest';
import { headerField } from '#main/mail/mail-facts.ts';

it.each([
  ['CRLF', '\r\n'],
  ['LF', '\n'],
])('EML-05 a field of the header is read with its folded lines, with %s, and never from the body', (_name, end) => {
  const source = [
    'From: a@example.test',
    'REFERENCES: <1@x>',
    '\t<2@x>',
    'Subject: s',
    '',
    'References: <3@x>',
    '',
    'In-Reply-To: <4@x>',
  ];
  const bytes = Buffer.from(source.join(end));
  expect(headerField(bytes, 'references')).toBe('<1@x> <2@x>');
  expect(headerField(bytes, 'in-reply-to')).toBe('');
  // Nothing but a header, and nothing at all.
  expect(headerField(Buffer.from(source.slice(0, 3).join(end)), 'references')).toBe('<1@x> <2@x>');
  expect(headerField(undefined, 'references')).toBe('');
});
