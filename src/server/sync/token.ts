// A device's place in the order, sealed: it can neither be read nor made up, only given back by the same user on the
// same device. Tokens of one stage have the same length, so that not even their size tells something. They travel with
// every exchange, so they are as short as they can be: who may give them back is bound to the seal instead of written in it.
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

/** Whose position it is: bound to the seal, not written in it. */
export type PositionOwner = Pick<Position, 'tenantId' | 'userId' | 'deviceId'>;

/** Seals positions on their way out and opens them when they come back. */
export interface PositionSealer {
  seal(position: Position): string;
  /** @throws OutpostError `bad_token` for anything this installation did not seal for this owner. */
  open(token: string, owner: PositionOwner): Position;
}

export function createPositionSealer(secret: Uint8Array): PositionSealer {
  return {
    seal: (position) => sealToken(secret, position),
    open: (token, owner) => openToken(secret, token, owner),
  };
}

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** A place in the log, padded: all have the same length. */
const LOG_BYTES = 64;
/** A place between two pages of a snapshot or manifest, padded: the device knows that it is there. */
const PAGING_BYTES = 192;

/** Authentic only together with its owner. */
function bindingOf({ tenantId, userId, deviceId }: PositionOwner): Buffer {
  return Buffer.from(JSON.stringify([tenantId, userId, deviceId]));
}

function sealToken(secret: Uint8Array, position: Position): string {
  const packed = packPosition(position);
  const paddedBytes = position.snapshot === null && position.manifest === undefined ? LOG_BYTES : PAGING_BYTES;
  const plain = Buffer.alloc(Math.max(paddedBytes, packed.length));
  packed.copy(plain);
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, secret, iv).setAAD(bindingOf(position));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
}

function openToken(secret: Uint8Array, token: string, owner: PositionOwner): Position {
  const sealed = Buffer.from(token, 'base64url');
  if (sealed.length <= IV_BYTES + TAG_BYTES) throw badToken();
  const decipher = createDecipheriv(ALGORITHM, secret, sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(bindingOf(owner)).setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  try {
    const plain = Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    return unpackPosition(plain, owner);
  } catch (error) {
    throw badToken(error);
  }
}

// Packing: numbers in six bytes each, ids of the usual form in sixteen, anything else as text after its length.
const NUMBER_BYTES = 6;
const UUID_BYTES = 16;
/** In place of the length of a text, which is at most 64. */
const UUID_MARK = 255;
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const kinds = { log: 0, snapshot: 1, manifest: 2 } as const;

function packNumber(value: number): Buffer {
  const bytes = Buffer.alloc(NUMBER_BYTES);
  bytes.writeUIntBE(value, 0, NUMBER_BYTES);
  return bytes;
}

function packText(text: string): Buffer {
  if (uuidPattern.test(text))
    return Buffer.concat([Buffer.of(UUID_MARK), Buffer.from(text.replaceAll('-', ''), 'hex')]);
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}

function packPosition(position: Position): Buffer {
  const { incarnation, epoch, seq, done, total, issuedAtMs, snapshot, manifest } = position;
  const numbers = [epoch, seq, done, total, Math.trunc(issuedAtMs)].map(packNumber);
  const kind = snapshot !== null ? kinds.snapshot : manifest !== undefined ? kinds.manifest : kinds.log;
  const place = [snapshot?.phase ?? manifest?.coll ?? 0, snapshot?.afterId ?? manifest?.afterId ?? ''] as const;
  return Buffer.concat([Buffer.of(kind), ...numbers, packText(incarnation), Buffer.of(place[0]), packText(place[1])]);
}

function createReader(bytes: Buffer) {
  let at = 0;
  const take = (count: number): Buffer => {
    if (at + count > bytes.length) throw new RangeError('a packed position is cut');
    at += count;
    return bytes.subarray(at - count, at);
  };
  const readByte = (): number => take(1).readUInt8();
  return {
    readByte,
    readNumber: (): number => take(NUMBER_BYTES).readUIntBE(0, NUMBER_BYTES),
    readText(): string {
      const length = readByte();
      if (length !== UUID_MARK) return take(length).toString('utf8');
      const hex = take(UUID_BYTES).toString('hex');
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
    },
  };
}

/** Throws RangeError for bytes that `packPosition` did not write. */
function unpackPosition(bytes: Buffer, { tenantId, userId, deviceId }: PositionOwner): Position {
  const reader = createReader(bytes);
  const kind = reader.readByte();
  const [epoch, seq, done, total, issuedAtMs] = [
    reader.readNumber(),
    reader.readNumber(),
    reader.readNumber(),
    reader.readNumber(),
    reader.readNumber(),
  ];
  const incarnation = reader.readText();
  const place = reader.readByte();
  const afterId = reader.readText();
  const shared = { tenantId, userId, deviceId, incarnation, epoch, seq, done, total, issuedAtMs };
  if (kind === kinds.snapshot) return { ...shared, snapshot: { phase: place, afterId } };
  if (kind === kinds.manifest) return { ...shared, snapshot: null, manifest: { coll: place, afterId } };
  return { ...shared, snapshot: null };
}

export function badToken(cause?: unknown): OutpostError {
  return new OutpostError('bad_token', 'This sync position is not valid here. Start again without one.', {}, { cause });
}
