import { describe, expect, it } from 'vitest';
import {
  bodyOf,
  documentOfText,
  foreignHtml,
  htmlOfDocument,
  isFormatted,
  sentHtmlOf,
  textOfDocument,
  type LetterNode,
} from '#shared/mail/letter-document.ts';

const words = (text: string, ...marks: string[]): LetterNode => ({
  type: 'text',
  text,
  marks: marks.map((type) => ({ type })),
});
const linked = (text: string, href: string, ...marks: string[]): LetterNode => ({
  type: 'text',
  text,
  marks: [...marks.map((type) => ({ type })), { type: 'link', attrs: { href } }],
});
const line = (...content: LetterNode[]): LetterNode => ({ type: 'paragraph', content });
const item = (...content: LetterNode[]): LetterNode => ({ type: 'listItem', content });
const letter = (...content: LetterNode[]): LetterNode => ({ type: 'doc', content });

describe('a letter in its editor', () => {
  it('EML-13 is the same text before and after when nobody gave it looks, and is sent as text alone', () => {
    for (const text of [
      '',
      'One line',
      '\n\n-- \nAda\nOutpost',
      'Dear Bob,\n\n  indented,\ttab\n\nAda',
      '\n\n-- \nAda\n\nBob wrote on 26 November:\n> Two questions\n>\n> > older\n> Bob',
      'See below.\n\n> first\n\nyes\n\n> second\n\nno',
      'https://example.com/a?b=1 <b>no markup</b> &amp;',
    ]) {
      const document = documentOfText(text);
      expect(textOfDocument(document)).toBe(text);
      expect(isFormatted(document)).toBe(false);
      expect(bodyOf(document)).toEqual({ text, html: null });
    }
  });

  it('EML-13 with looks it is markup and its plain twin: lists with their signs, links with their addresses, quotations with theirs', () => {
    const document = letter(
      line(
        words('Dear '),
        words('Bob', 'bold', 'italic'),
        words(','),
        { type: 'hardBreak' },
        words('two', 'underline'),
      ),
      { type: 'paragraph' },
      {
        type: 'bulletList',
        content: [
          item(line(words('first')), line(words('more'))),
          item(line(words('second')), {
            type: 'orderedList',
            attrs: { start: 3 },
            content: [item(line(words('three'))), item(line(words('four')))],
          }),
        ],
      },
      { type: 'blockquote', attrs: { cite: false }, content: [line(words('said')), { type: 'paragraph' }] },
      line(linked('our ', 'https://example.com/p'), linked('prices', 'https://example.com/p', 'bold'), words('.')),
      line(linked('https://example.com', 'https://example.com'), words(' '), linked('a@b.test', 'mailto:a@b.test')),
    );
    expect(bodyOf(document)).toEqual({
      text: [
        'Dear Bob,',
        'two',
        '',
        '• first',
        '   more',
        '• second',
        '   3. three',
        '   4. four',
        '> said',
        '>',
        'our prices (https://example.com/p).',
        'https://example.com a@b.test',
      ].join('\n'),
      html:
        '<div>Dear <em><strong>Bob</strong></em>,<br><u>two</u></div><div></div>' +
        '<ul><li><div>first</div><div>more</div></li><li><div>second</div><ol start="3"><li><div>three</div></li><li><div>four</div></li></ol></li></ul>' +
        '<blockquote><div>said</div><div></div></blockquote>' +
        '<div><a href="https://example.com/p">our </a><a href="https://example.com/p"><strong>prices</strong></a>.</div>' +
        '<div><a href="https://example.com">https://example.com</a> <a href="mailto:a@b.test">a@b.test</a></div>',
    });
  });

  it('EML-13 an address that became a link by itself and the quotation of the mail that is answered make no markup', () => {
    expect(isFormatted(letter(line(linked('example.com', 'https://example.com'))))).toBe(false);
    expect(isFormatted(letter(line(linked('https://example.com', 'https://example.com/'))))).toBe(false);
    expect(isFormatted(letter(line(linked('prices', 'https://example.com/'))))).toBe(true);
    expect(isFormatted(letter({ type: 'blockquote', attrs: { cite: true }, content: [line(words('x'))] }))).toBe(false);
    expect(isFormatted(letter({ type: 'blockquote', attrs: { cite: false }, content: [line(words('x'))] }))).toBe(true);
  });

  it('EML-13 nothing an author or a page put into it becomes markup, and no link leads elsewhere than the web or to an address', () => {
    const document = letter(
      line(words('<img src=x onerror=alert(1)>', 'bold'), linked('press', 'javascript:alert(1)')),
      line(linked('quote', 'https://example.com/"><script>alert(1)</script>')),
      { type: 'iframe', attrs: { src: 'https://example.com' }, content: [words('inner')] },
    );
    const html = htmlOfDocument(document);
    expect(html).toBe(
      '<div><strong>&lt;img src=x onerror=alert(1)&gt;</strong>press</div>' +
        '<div><a href="https://example.com/&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">quote</a></div>' +
        '<div>inner</div>',
    );
  });

  it('EML-13 markup of elsewhere keeps the distance of its paragraphs as empty lines, and the sent markup gives these their height', () => {
    expect(foreignHtml('<p>a</p>\n<p class="x">b</p><div><br></div><div>c</div>')).toBe(
      '<p>a</p><div></div>\n<p class="x">b</p><div></div><div>c</div>',
    );
    const sent = sentHtmlOf('<div>a</div><div></div><ul><li><div>b &lt;ul&gt;</div></li></ul>');
    expect(sent).toContain('<div>a</div><div><br></div><ul style="margin:4px 0;padding-left:24px"><li>');
    expect(sent).toContain('b &lt;ul&gt;');
  });
});
