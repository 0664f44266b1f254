// A mail taken apart as far as reports about mails need it: headers, and the texts of its parts, each with its type. Lenient:
// what broken programs write is read as well as it goes; nothing nests deeper than it is worth.

export interface MailPart {
  readonly type: string;
  /** Names in small letters; of several of a name the first. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const MOST_DEPTH = 10;
const MOST_PARTS = 200;

/** Lines end with `\n` alone, whatever they ended with. */
export function plainLines(message: string): string {
  return message.replaceAll(/\r\n?/g, '\n');
}

export function readHeaders(block: string): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const line of block.replaceAll(/\n[ \t]+/g, ' ').split('\n')) {
    const [, name, value = ''] = /^([!-9;-~]+)[ \t]*:(.*)$/.exec(line) ?? [];
    if (name !== undefined) headers[name.toLowerCase()] ??= value.trim();
  }
  return headers;
}

function splitHead(text: string): readonly [string, string] {
  const at = text.search(/\n[ \t]*\n/);
  if (text.startsWith('\n')) return ['', text.slice(1)];
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at).replace(/^\n[ \t]*\n/, '')];
}

function decodeQuoted(text: string): string {
  return text
    .replaceAll(/=[ \t]*\n/g, '')
    .replaceAll(/=([\dA-F]{2})/gi, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function decodeBase64(text: string): string {
  const clean = text.replaceAll(/[^A-Za-z0-9+/]/g, '');
  try {
    return plainLines(atob(clean));
  } catch {
    return text;
  }
}

function decoded(headers: Readonly<Record<string, string>>, text: string): string {
  const encoding = headers['content-transfer-encoding']?.toLowerCase() ?? '';
  if (encoding.startsWith('quoted-printable')) return decodeQuoted(text);
  return encoding.startsWith('base64') ? decodeBase64(text) : text;
}

/** The headers of the whole, and every part that holds others no more, in order. */
export function readParts(message: string): {
  readonly headers: MailPart['headers'];
  readonly parts: readonly MailPart[];
} {
  const parts: MailPart[] = [];
  const [head, body] = splitHead(plainLines(message).replace(/^\n+/, ''));
  const headers = readHeaders(head);
  collect(headers, body, 0, parts);
  return { headers, parts };
}

function collect(headers: MailPart['headers'], body: string, depth: number, parts: MailPart[]): void {
  if (parts.length >= MOST_PARTS) return;
  const full = headers['content-type'] ?? 'text/plain';
  const type = (full.split(';')[0] ?? '').trim().toLowerCase();
  const [, quoted, bare] = /boundary\s*=\s*(?:"([^"]+)"|([^\s;]+))/i.exec(full) ?? [];
  const boundary = quoted ?? bare;
  if (!type.startsWith('multipart/') || boundary === undefined || depth >= MOST_DEPTH) {
    parts.push({ type, headers, text: decoded(headers, body) });
    return;
  }
  const pieces = `\n${body}`.split(`\n--${boundary}`);
  // Before the first boundary stands what no program shows, in broken reports all there is.
  const [preamble = '', ...rest] = pieces;
  if (preamble.trim() !== '') parts.push({ type: 'text/plain', headers: {}, text: preamble });
  for (const piece of rest) {
    if (piece.startsWith('--')) break;
    const [head, inner] = splitHead(piece.replace(/^[ \t]*\n?/, ''));
    collect(readHeaders(head), inner, depth + 1, parts);
  }
}
