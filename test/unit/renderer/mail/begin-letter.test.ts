import { describe, expect, it } from 'vitest';
import { draftFor } from '#renderer/blocks/mail/draft-for.ts';
import { linkAddress } from '#renderer/blocks/rich-text/link-address.ts';
import type { MailAccountState, OpenMail } from '#shared/mail/mail-types.ts';

const account = (more: Partial<MailAccountState>) =>
  ({ id: 'a', address: 'ada@example.test', signature: 'Ada\nOutpost', ...more }) as MailAccountState;
const mail = {
  summary: {
    id: 7,
    accountId: 'a',
    from: { name: 'Bob', address: 'bob@example.test' },
    to: [],
    cc: [],
    subject: 'Offer',
    at: '',
  },
  content: { text: 'Is <b> yours?\n> older' },
} as unknown as OpenMail;
const words = (_key: string, { who }: { readonly who: string }): string => `${who} wrote:`;

describe('how a letter begins', () => {
  it('EML-13 with a plain signature it is text, above the mail that is answered', () => {
    const { text, html } = draftFor({ kind: 'answer', mail }, [account({})], words);
    expect(text).toBe('\n\n-- \nAda\nOutpost\n\nBob wrote:\n> Is <b> yours?\n> > older');
    expect(html).toBeNull();
  });

  it('EML-13 the looks of a signature are in the letter, and its twin is the same text', () => {
    const signed = account({ signatureHtml: '<div><strong>Ada</strong></div><div>Outpost</div>' });
    const { text, html } = draftFor({ kind: 'answer', mail }, [signed], words);
    expect(text).toBe(draftFor({ kind: 'answer', mail }, [account({})], words).text);
    expect(html).toBe(
      '<div></div><div></div><div>-- </div><div><strong>Ada</strong></div><div>Outpost</div><div></div><div>Bob wrote:</div>' +
        '<blockquote type="cite"><div>Is &lt;b&gt; yours?</div><div>&gt; older</div></blockquote>',
    );
    expect(draftFor({ kind: 'new' }, [signed], words).html).toBe(
      '<div></div><div></div><div>-- </div><div><strong>Ada</strong></div><div>Outpost</div>',
    );
  });
});

it('EML-13 a link leads to the web or to an address, whatever was typed', () => {
  expect(linkAddress(' example.com/prices ')).toBe('https://example.com/prices');
  expect(linkAddress('http://localhost:8080')).toBe('http://localhost:8080');
  expect(linkAddress('bob@example.test')).toBe('mailto:bob@example.test');
  expect(linkAddress('mailto:bob@example.test')).toBe('mailto:bob@example.test');
  for (const none of ['', 'prices', 'two words.com', 'javascript:alert(1)', 'file:///etc/passwd', 'data:text/html,x'])
    expect(linkAddress(none)).toBeNull();
});
