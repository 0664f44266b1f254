// Mails as somebody may have written them to do harm: read in the process that holds everything together.
import { describe, expect, it } from 'vitest';
import { readMail, snippetOf } from '#main/mail/read-mail.ts';

const mailOf = (html: string): Uint8Array =>
  Buffer.from(`From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${html}`);

describe('a mail that came', () => {
  it('C8 its words are read of its markup, without what is not shown, without addresses of links', async () => {
    const html =
      '<html><head><title>x</title></head><body><style>p{}</style><p>Dear Ada,</p><p>see <a href="https://t.example/1">this</a>&nbsp;&amp; that: 1 &lt; 2</p><!-- > hidden --></body></html>';
    const { text } = await readMail(mailOf(html), false);
    expect(text).toBe('Dear Ada,\n\nsee this & that: 1 < 2');
    expect(snippetOf(text)).toBe('Dear Ada, see this & that: 1 < 2');
  });

  // With an expression that looks for an end from each beginning, each of these takes hours.
  it.each(['<', '<!--', '<style ', '<title>', '<p', '<a href=', '<a href="x">', '<b> ', '&'])(
    'C8 two million letters of %j do not keep the process from its work',
    async (part) => {
      const { isBroken } = await readMail(mailOf(part.repeat(Math.ceil(2_000_000 / part.length))), false);
      expect(isBroken).toBe(false);
    },
  );
});
