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

/** What markup says, for readers of text: blocks are lines, links keep their address unless `withLinks` is false. */
export function textOfHtml(html: string, { withLinks = true } = {}): string {
  return wordsOfHtml(html, withLinks)
    .replaceAll(/&(#x?[\da-f]+|\w+);/gi, (whole, name: string) => signOf(name) ?? whole)
    .replaceAll(/[ \t]+/g, ' ')
    .replaceAll(/ ?\n ?/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

const unseenTags: readonly string[] = ['style', 'script', 'head', 'title'];
const signsOfTags: Readonly<Record<string, string>> = { li: '\n• ', br: '\n', hr: '\n', '/tr': '\n' };
const blockEnd = /^\/(p|div|h[1-6]|table|ul|ol|blockquote)$/;

/**
 * Goes through it once from the start to the end. Whoever writes a mail decides what stands here: an expression that looks for
 * the end of a tag from each of a million beginnings would stand still for hours.
 */
function wordsOfHtml(html: string, withLinks: boolean): string {
  const endOf = endsIn(html);
  const links: { readonly href: string; readonly place: number }[] = [];
  let words = '';
  let at = 0;
  for (;;) {
    const begin = html.indexOf('<', at);
    const end = begin === -1 ? -1 : html.indexOf('>', begin);
    if (end === -1) return words + html.slice(at).replaceAll(/\s+/g, ' ');
    words += html.slice(at, begin).replaceAll(/\s+/g, ' ');
    const tag = html.slice(begin + 1, end);
    const name = (/^\/?[a-z][a-z0-9]*/i.exec(tag)?.[0] ?? '').toLowerCase();
    at = endOf(tag.startsWith('!--') ? '-->' : unseenTags.includes(name) ? name : '', begin + 1) ?? end + 1;
    words += signsOfTags[name] ?? (blockEnd.test(name) ? '\n\n' : '');
    if (name === 'a' && withLinks)
      links.push({ href: /\bhref\s*=\s*["']?([^"'\s>]+)/i.exec(tag)?.[1] ?? '', place: words.length });
    const link = name === '/a' ? links.pop() : undefined;
    if (link !== undefined && link.href !== '' && words.slice(link.place).trim() !== link.href)
      words += ` (${link.href})`;
  }
}

/** Looks for the end of a comment, or of what is not shown; what is nowhere behind a place is not looked for again. */
function endsIn(html: string): (what: string, from: number) => number | undefined {
  const missing = new Set<string>();
  return (what, from) => {
    if (what === '' || missing.has(what)) return undefined;
    const end = what === '-->' ? /-->/g : new RegExp(String.raw`</${what}\s*>`, 'gi');
    end.lastIndex = from;
    if (end.test(html)) return end.lastIndex;
    missing.add(what);
    return undefined;
  };
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
