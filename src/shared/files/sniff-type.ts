// What a file is, from its first bytes and never from what it is called. The answer is one of a closed list: whatever is not
// recognised is `application/octet-stream`, and text that could be run by a browser is told apart from text.

/** Enough of a file to say what it is. */
export const SNIFFED_BYTES = 4096;

type Signature = readonly [type: string, offset: number, bytes: readonly number[]];

const ascii = (text: string): readonly number[] => Array.from(text, (letter) => letter.charCodeAt(0));

const signatures: readonly Signature[] = [
  ['image/png', 0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', 0, [0xff, 0xd8, 0xff]],
  ['image/gif', 0, ascii('GIF87a')],
  ['image/gif', 0, ascii('GIF89a')],
  ['application/pdf', 0, ascii('%PDF-')],
  ['application/zip', 0, [0x50, 0x4b, 0x03, 0x04]],
  ['application/zip', 0, [0x50, 0x4b, 0x05, 0x06]],
  ['application/x-ole-storage', 0, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]],
  ['application/gzip', 0, [0x1f, 0x8b]],
  ['application/x-7z-compressed', 0, [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['application/vnd.rar', 0, ascii('Rar!')],
  ['video/mp4', 4, ascii('ftyp')],
  ['audio/mpeg', 0, ascii('ID3')],
  ['application/x-executable', 0, ascii('MZ')],
  ['application/x-executable', 0, [0x7f, 0x45, 0x4c, 0x46]],
  ['application/x-executable', 0, [0xfe, 0xed, 0xfa, 0xce]],
  ['application/x-executable', 0, [0xfe, 0xed, 0xfa, 0xcf]],
  ['application/x-executable', 0, [0xce, 0xfa, 0xed, 0xfe]],
  ['application/x-executable', 0, [0xcf, 0xfa, 0xed, 0xfe]],
  ['application/x-executable', 0, [0xca, 0xfe, 0xba, 0xbe]],
  ['application/x-executable', 0, ascii('#!')],
  ['application/x-executable', 0, [0x4c, 0x00, 0x00, 0x00, 0x01, 0x14, 0x02, 0x00]],
];

function startsWith(bytes: Uint8Array, offset: number, expected: readonly number[]): boolean {
  return expected.every((byte, index) => bytes[offset + index] === byte);
}

/** Media type by the first bytes (`SNIFFED_BYTES` are enough). */
export function sniffType(bytes: Uint8Array): string {
  const head = bytes.subarray(0, SNIFFED_BYTES);
  const found = signatures.find(([, offset, expected]) => startsWith(head, offset, expected));
  if (found !== undefined) return found[0];
  if (startsWith(head, 0, ascii('RIFF'))) return riffType(head);
  return isText(head) ? textType(head) : 'application/octet-stream';
}

function riffType(head: Uint8Array): string {
  if (startsWith(head, 8, ascii('WEBP'))) return 'image/webp';
  return startsWith(head, 8, ascii('WAVE')) ? 'audio/wav' : 'application/octet-stream';
}

/** Text in UTF-16 says so at its beginning. */
function isWide(bytes: Uint8Array): boolean {
  return startsWith(bytes, 0, [0xff, 0xfe]) || startsWith(bytes, 0, [0xfe, 0xff]);
}

/** Tab, line feed, form feed, carriage return and escape stand in texts; no other control character does. */
const CONTROLS_OF_TEXTS = new Set([0x09, 0x0a, 0x0c, 0x0d, 0x1b]);

function isText(bytes: Uint8Array): boolean {
  if (isWide(bytes)) return true;
  return bytes.every((byte) => (byte >= 0x20 && byte !== 0x7f) || CONTROLS_OF_TEXTS.has(byte));
}

function textType(bytes: Uint8Array): string {
  const letters = [...bytes].filter((byte) => byte > 0 && byte < 0x7f).map((byte) => String.fromCharCode(byte));
  const start = letters.join('').trimStart().slice(0, 1024).toLowerCase();
  if (/<svg[\s>]/.test(start)) return 'image/svg+xml';
  if (/<(?:!doctype html|html|head|body|script|iframe|object|embed|meta|link|form|img|a|table|div)[\s>/]/.test(start))
    return 'text/html';
  return start.startsWith('<?xml') ? 'application/xml' : 'text/plain';
}
