// A letter as its editor has it: paragraphs, lists, quotations and words with their looks. Here is what becomes of it: the markup
// that is kept and sent, and the plain twin that stands beside it. Every paragraph is one line of the twin, so that a letter
// without looks is the same text before and after.
import { escapeHtml } from '#shared/mail/render-template.ts';

export interface LetterMark {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, unknown>> | undefined;
}

export interface LetterNode {
  readonly type?: string | undefined;
  readonly text?: string | undefined;
  readonly attrs?: Readonly<Record<string, unknown>> | undefined;
  readonly marks?: readonly LetterMark[] | undefined;
  readonly content?: readonly LetterNode[] | undefined;
}

/** The same letter twice. Without markup it is sent as text alone. */
export interface LetterBody {
  readonly text: string;
  readonly html: string | null;
}

const tagsOfMarks: Readonly<Record<string, string>> = { bold: 'strong', italic: 'em', underline: 'u' };
const LINK = /^(https?:\/\/|mailto:)/i;

const childrenOf = ({ content }: LetterNode): readonly LetterNode[] => content ?? [];
const isCited = ({ attrs }: LetterNode): boolean => attrs?.['cite'] === true;

function addressOf({ type, attrs }: LetterMark): string | null {
  const address = attrs?.['href'];
  return type === 'link' && typeof address === 'string' && LINK.test(address.trim()) ? address.trim() : null;
}

function linkOf({ marks = [] }: LetterNode): string | null {
  return marks.map(addressOf).find((address) => address !== null) ?? null;
}

/** A text that is its own address: every mail program makes a link of it. */
function isOwnAddress(text: string, address: string): boolean {
  const bare = (words: string): string => words.replace(LINK, '').replace(/\/$/, '');
  return bare(text) === bare(address);
}

/** Text as the document of an editor: a paragraph for each line; lines of another mail are a quotation. */
export function documentOfText(text: string): LetterNode {
  const content: LetterNode[] = [];
  let quoted: LetterNode[] = [];
  const paragraph = (line: string): LetterNode =>
    line === '' ? { type: 'paragraph' } : { type: 'paragraph', content: [{ type: 'text', text: line }] };
  const endQuotation = (): void => {
    if (quoted.length > 0) content.push({ type: 'blockquote', attrs: { cite: true }, content: quoted });
    quoted = [];
  };
  for (const line of text.split(/\r\n?|\n/)) {
    if (line.startsWith('>')) {
      quoted.push(paragraph(line.replace(/^> ?/, '')));
      continue;
    }
    endQuotation();
    content.push(paragraph(line));
  }
  endQuotation();
  return { type: 'doc', content };
}

/** The plain twin. */
export function textOfDocument(document: LetterNode): string {
  return childrenOf(document).flatMap(linesOf).join('\n').replaceAll('\u00A0', ' ');
}

function linesOf(node: LetterNode): readonly string[] {
  switch (node.type ?? '') {
    case 'blockquote':
      return childrenOf(node)
        .flatMap(linesOf)
        .map((line) => (line === '' ? '>' : `> ${line}`));
    case 'bulletList':
      return childrenOf(node).flatMap((item) => itemLines(item, '• '));
    case 'orderedList': {
      const start = typeof node.attrs?.['start'] === 'number' ? node.attrs['start'] : 1;
      return childrenOf(node).flatMap((item, index) => itemLines(item, `${String(start + index)}. `));
    }
    default:
      return wordsOf(childrenOf(node)).split('\n');
  }
}

function itemLines(item: LetterNode, sign: string): readonly string[] {
  const lines = childrenOf(item).flatMap(linesOf);
  return (lines.length === 0 ? [''] : lines).map((line, index) => `${index === 0 ? sign : '   '}${line}`);
}

/** Words of one link stand together, however many looks they have; its address follows. */
function wordsOf(nodes: readonly LetterNode[]): string {
  const runs: { text: string; readonly address: string | null }[] = [];
  for (const node of nodes) {
    const text = node.type === 'hardBreak' ? '\n' : (node.text ?? '');
    const address = linkOf(node);
    const last = runs.at(-1);
    if (last?.address === address) last.text += text;
    else runs.push({ text, address });
  }
  return runs
    .map(({ text, address }) =>
      address === null || isOwnAddress(text, address) ? text : `${text} (${address.replace(/^mailto:/i, '')})`,
    )
    .join('');
}

/** Anything a plain text could not say. A quotation of the mail that is answered is none of it, nor an address by itself. */
export function isFormatted(node: LetterNode): boolean {
  if (node.type === 'bulletList' || node.type === 'orderedList') return true;
  if (node.type === 'blockquote' && !isCited(node)) return true;
  for (const mark of node.marks ?? []) {
    const address = addressOf(mark);
    if (mark.type in tagsOfMarks || (address !== null && !isOwnAddress(node.text ?? '', address))) return true;
  }
  return childrenOf(node).some(isFormatted);
}

/** The markup: only what is written here, everything of the author as text. */
export function htmlOfDocument(document: LetterNode): string {
  return childrenOf(document).map(htmlOfNode).join('');
}

function htmlOfNode(node: LetterNode): string {
  const inner = (): string => childrenOf(node).map(htmlOfNode).join('');
  switch (node.type ?? '') {
    case 'text':
      return htmlOfWords(node);
    case 'hardBreak':
      return '<br>';
    case 'blockquote':
      return `<blockquote${isCited(node) ? ' type="cite"' : ''}>${inner()}</blockquote>`;
    case 'bulletList':
      return `<ul>${inner()}</ul>`;
    case 'orderedList': {
      const start = node.attrs?.['start'];
      return `<ol${typeof start === 'number' && start !== 1 ? ` start="${String(start)}"` : ''}>${inner()}</ol>`;
    }
    case 'listItem':
      return `<li>${inner()}</li>`;
    default:
      return `<div>${inner().replace(/^ /, '&nbsp;')}</div>`;
  }
}

function htmlOfWords(node: LetterNode): string {
  let html = escapeHtml(node.text ?? '')
    .replaceAll('\u00A0', '&nbsp;')
    .replaceAll(/ (?= )/g, '&nbsp;');
  for (const { type } of node.marks ?? []) {
    const tag = tagsOfMarks[type];
    if (tag !== undefined) html = `<${tag}>${html}</${tag}>`;
  }
  const address = linkOf(node);
  return address === null ? html : `<a href="${escapeHtml(address)}">${html}</a>`;
}

export function bodyOf(document: LetterNode): LetterBody {
  return { text: textOfDocument(document), html: isFormatted(document) ? htmlOfDocument(document) : null };
}

/** Markup of a text, as the editor would write it. */
export const htmlOfPlainLetter = (text: string): string => htmlOfDocument(documentOfText(text));

/** The markup as it is sent: in every mail program with the distances it was written with. */
export function sentHtmlOf(html: string): string {
  const lines = html
    .replaceAll('<div></div>', '<div><br></div>')
    .replaceAll(/<(ul|ol)(?=[ >])/g, '<$1 style="margin:4px 0;padding-left:24px"')
    .replaceAll(
      /<blockquote(?=[ >])/g,
      '<blockquote style="margin:4px 0;padding-left:10px;border-left:2px solid #cdd2db"',
    );
  return `<!doctype html><html><head><meta charset="utf-8"></head><body style="font-family:system-ui,-apple-system,'Segoe UI',sans-serif;font-size:14px;line-height:1.5">${lines}</body></html>`;
}

/**
 * Markup from elsewhere (a template, something pasted) before an editor reads it: there a paragraph keeps a distance to the next,
 * here that distance is an empty line; and an empty line there is a paragraph with a break in it.
 */
export function foreignHtml(html: string): string {
  return html
    .replaceAll(/<(p|div)\b[^<>]*>\s*(?:&nbsp;|<br\b[^<>]*>)\s*<\/\1>/gi, '<div></div>')
    .replaceAll(/<\/(p|h[1-6])\s*>(?=\s*<(?:p|h[1-6]|ul|ol|blockquote|table)\b)/gi, '</$1><div></div>');
}
