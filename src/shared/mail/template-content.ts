// A template filled in for one person: subject, text and markup of the same content. A template is written as text (then
// the markup is made of it: paragraphs, lines, links) or as markup (then the text is made of that).
import {
  escapeHtml,
  renderText,
  toHeaderLine,
  unknownVariables,
  type TemplateValues,
} from '#shared/mail/render-template.ts';

export const templateFormats = ['text', 'html'] as const;
export type TemplateFormat = (typeof templateFormats)[number];

export interface TemplateContent {
  readonly subject: string;
  readonly body: string;
  readonly format: TemplateFormat;
}

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Names without value and fallback, each once. */
  readonly missing: readonly string[];
}

/** What stands in a record, or comes from a program, as the content of a template. */
export function contentOf(record: Readonly<Record<string, unknown>>): TemplateContent {
  const read = (field: string): string => (typeof record[field] === 'string' ? record[field] : '');
  return { subject: read('subject'), body: read('body'), format: record['format'] === 'html' ? 'html' : 'text' };
}

export function unknownVariablesOf({ subject, body }: TemplateContent, known: readonly string[]): readonly string[] {
  return unknownVariables([subject, body], known);
}

/** EML-01 `template.render(context)`. */
export function renderMail(content: TemplateContent, values: TemplateValues): RenderedMail {
  const subject = renderText(content.subject, values, 'line');
  const body = renderText(content.body, values, content.format);
  const missing = [...new Set([...subject.missing, ...body.missing])];
  if (content.format === 'html')
    return { subject: subject.text, text: textOfHtml(body.text), html: body.text, missing };
  return { subject: subject.text, text: body.text, html: htmlOfText(body.text), missing };
}

const LINK = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]}']/g;

/** Paragraphs, lines and links of a text as markup. */
export function htmlOfText(text: string): string {
  return text
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${linked(paragraph).replaceAll('\n', '<br>\n')}</p>`)
    .join('\n');
}

function linked(text: string): string {
  let html = '';
  let at = 0;
  for (const match of text.matchAll(LINK)) {
    const address = escapeHtml(match[0]);
    html += `${escapeHtml(text.slice(at, match.index))}<a href="${address}">${address}</a>`;
    at = match.index + match[0].length;
  }
  return html + escapeHtml(text.slice(at));
}

const signs: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', apos: "'" };

/** What markup says, for readers of text: blocks are lines, links keep their address. */
export function textOfHtml(html: string): string {
  return html
    .replaceAll(/<(style|script|head|title)\b[^]*?<\/\1\s*>/gi, '')
    .replaceAll(/<!--[^]*?-->/g, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/<a\b[^>]*?href\s*=\s*["']?([^"'\s>]+)[^>]*>(.*?)<\/a\s*>/gi, (_whole, href: string, inner: string) =>
      inner.replaceAll(/<[^>]*>/g, '').trim() === href ? href : `${inner} (${href})`,
    )
    .replaceAll(/<li\b[^>]*>/gi, '\n• ')
    .replaceAll(/<(br|hr)\b[^>]*>/gi, '\n')
    .replaceAll(/<\/(p|div|h[1-6]|table|ul|ol|blockquote)\s*>/gi, '\n\n')
    .replaceAll(/<\/(tr)\s*>/gi, '\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(#x?[\da-f]+|\w+);/gi, (whole, name: string) => signOf(name) ?? whole)
    .replaceAll(/[ \t]*\n[ \t]*/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

function signOf(name: string): string | undefined {
  if (!name.startsWith('#')) return signs[name.toLowerCase()];
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : undefined;
}

/** A name and an address as one header value; nothing in the name ends the header or the quotes. */
export function mailboxOf(name: string | null, address: string): string {
  const plain = toHeaderLine(name ?? '').replaceAll(/["\\]/g, '');
  return plain === '' ? address : `"${plain}" <${address}>`;
}
