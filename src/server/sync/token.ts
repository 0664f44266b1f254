// A device's place in the order, sealed: it can neither be read nor made up, only given back by the same user on the
// same device. All tokens have the same length, so that not even their size tells something.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { OutpostError } from '#shared/kernel/errors.ts';

/** Where a device stands: inside the snapshot or the manifest taken at `seq`, or in the log after `seq`. */
export interface Position {
  readonly tenantId: string;
  readonly userId: string;
  readonly deviceId: string;
  readonly incarnation: string;
  readonly epoch: number;
  readonly seq: number;
  /** Next place of the snapshot; null: the snapshot is complete. */
  readonly snapshot: { readonly phase: number; readonly afterId: string } | null;
  /** Next place of a manifest; such a position is no place to pull from. */
  readonly manifest?: { readonly coll: number; readonly afterId: string };
  /** Records sent so far and expected in all, for the progress bar. */
  readonly done: number;
  readonly total: number;
  readonly issuedAtMs: number;
}

/** Seals positions on their way out and opens them when they come back. */
export interface PositionSealer {
  seal(position: Position): string;
  /** @throws OutpostError `bad_token` for anything this installation did not seal. */
  open(token: string): Position;
}

export function createPositionSealer(secret: Uint8Array): PositionSealer {
  return { seal: (position) => sealToken(secret, position), open: (token) => openToken(secret, token) };
}

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const PADDED_BYTES = 768;

function sealToken(secret: Uint8Array, position: Position): string {
  const text = JSON.stringify(position);
  const plain = Buffer.alloc(Math.max(PADDED_BYTES, Buffer.byteLength(text)), ' ');
  plain.write(text);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, secret, iv);
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
}

function openToken(secret: Uint8Array, token: string): Position {
  const sealed = Buffer.from(token, 'base64url');
  if (sealed.length <= IV_BYTES + TAG_BYTES) throw badToken();
  const decipher = createDecipheriv(ALGORITHM, secret, sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  try {
    const plain = Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    // Authentic text was written by sealToken, so it has this shape.
    return JSON.parse(plain.toString('utf8')) as Position;
  } catch (error) {
    throw badToken(error);
  }
}

export function badToken(cause?: unknown): OutpostError {
  return new OutpostError('bad_token', 'This sync position is not valid here. Start again without one.', {}, { cause });
}
