// Whether bytes are a logo: a PNG by every byte of it, still, small, and nothing behind its end. Nothing else is one, whatever it
// is called: a drawing (SVG) can hold a program, so it is drawn to a PNG where it is chosen, and the program stays there.
import { crc32 } from '#shared/export/crc32.ts';

export const MOST_LOGO_BYTES = 48_000;
/** Of a side, in pixels. */
export const MOST_LOGO_SIDE = 512;

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] as const;
const HEAD_LENGTH = 13;
/** Length, type and checksum of a chunk. */
const FRAME = 12;
/** Chunks of a picture that moves. */
const MOVING: readonly string[] = ['acTL', 'fcTL', 'fdAT'];
/** Chunks without which a picture cannot be drawn; a reader that meets another one must give up. */
const CRITICAL: readonly string[] = ['IHDR', 'PLTE', 'IDAT', 'IEND'];

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  readonly next: number;
}

function readChunk(bytes: Uint8Array, view: DataView, at: number): Chunk | null {
  if (at + FRAME > bytes.length) return null;
  const length = view.getUint32(at);
  const end = at + 8 + length;
  if (length > bytes.length || end + 4 > bytes.length) return null;
  if (crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) return null;
  const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
  return /^[A-Za-z]{4}$/.test(type) ? { type, data: bytes.subarray(at + 8, end), next: end + 4 } : null;
}

function isHead(data: Uint8Array): boolean {
  if (data.length !== HEAD_LENGTH) return false;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const sides = [view.getUint32(0), view.getUint32(4)];
  const [depth = 0, color = 0, compression, filter, interlace = 2] = data.subarray(8);
  return (
    sides.every((side) => side >= 1 && side <= MOST_LOGO_SIDE) &&
    [1, 2, 4, 8, 16].includes(depth) &&
    [0, 2, 3, 4, 6].includes(color) &&
    compression === 0 &&
    filter === 0 &&
    interlace <= 1
  );
}

/** True for a still PNG of a fitting size, whole to its last byte. */
export function isLogo(bytes: Uint8Array): boolean {
  if (bytes.length > MOST_LOGO_BYTES || !SIGNATURE.every((byte, at) => bytes[at] === byte)) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at: number = SIGNATURE.length;
  let hasData = false;
  for (let isFirst = true; ; isFirst = false) {
    const chunk = readChunk(bytes, view, at);
    if (chunk === null) return false;
    const { type, data, next } = chunk;
    if (isFirst !== (type === 'IHDR') || (isFirst && !isHead(data))) return false;
    if (MOVING.includes(type) || (/^[A-Z]/.test(type) && !CRITICAL.includes(type))) return false;
    if (type === 'IEND') return hasData && data.length === 0 && next === bytes.length;
    if (type === 'IDAT') hasData = true;
    at = next;
  }
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
/** Letters of base64 that hold as many bytes. */
export const MOST_LOGO_LETTERS = Math.ceil(MOST_LOGO_BYTES / 3) * 4;

/** The bytes of a logo as it is kept; null for what is none. */
export function readLogo(kept: unknown): Uint8Array | null {
  if (typeof kept !== 'string' || kept.length > MOST_LOGO_LETTERS || kept.length % 4 !== 0 || !BASE64.test(kept))
    return null;
  const bytes = Uint8Array.from(atob(kept), (letter) => letter.codePointAt(0) ?? 0);
  return isLogo(bytes) ? bytes : null;
}
