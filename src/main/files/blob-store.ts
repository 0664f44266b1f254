// Content of files on the disk: one file with a random name for each, sealed chunk by chunk with a key of its own (AES-256-GCM),
// so that a chunk cannot be read, changed, moved to another place or another file, or left out without being noticed. Whoever
// deletes the key has deleted the content.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { CHUNK_BYTES, countChunks, sizeOfChunk } from '#shared/files/file-limits.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SEAL_BYTES = NONCE_BYTES + TAG_BYTES;
const STRIDE = CHUNK_BYTES + SEAL_BYTES;
const BLOB_NAME = /^[0-9a-f]{32}\.blob$/;

/** What has to be known to read the content of one file. */
export interface BlobKey {
  readonly fileId: string;
  /** Name on the disk. */
  readonly blob: string;
  /** 256 bits as base64, of this content alone. */
  readonly key: string;
  readonly sizeBytes: number;
}

export interface BlobStore {
  /** A name and a key nobody has used. */
  create(fileId: string, sizeBytes: number): BlobKey;
  /** Chunks that are there from the first one on without a gap. */
  count(place: BlobKey): number;
  /** Chunks are written in order. Throws `disk_full`. */
  append(place: BlobKey, index: number, bytes: Uint8Array): void;
  /** On the disk when it returns. */
  flush(place: BlobKey): void;
  /** Throws `local_database_damaged` when it is not what was written. */
  read(place: BlobKey, index: number): Uint8Array;
  remove(blob: string): void;
  /** Removes what is not named. */
  keepOnly(blobs: ReadonlySet<string>): void;
}

function damaged(cause?: unknown): OutpostError {
  return new OutpostError(
    'local_database_damaged',
    'The copy of this file on this computer is damaged.',
    {},
    { cause },
  );
}

function toDiskError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new OutpostError('disk_full', 'There is no room for this file on this computer.', {}, { cause: error });
}

const additionalData = ({ fileId, sizeBytes }: BlobKey, index: number): Buffer =>
  Buffer.from(`${fileId}\n${String(index)}\n${String(sizeBytes)}`);

export function openBlobStore(directory: string): BlobStore {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const pathOf = (blob: string): string => {
    if (!BLOB_NAME.test(blob)) throw damaged();
    return path.join(directory, blob);
  };
  const sizeOnDisk = (place: BlobKey): number => {
    const file = pathOf(place.blob);
    return existsSync(file) ? statSync(file).size : 0;
  };
  const wholeSize = ({ sizeBytes }: BlobKey): number => sizeBytes + countChunks(sizeBytes) * SEAL_BYTES;

  function count(place: BlobKey): number {
    const size = sizeOnDisk(place);
    return size >= wholeSize(place) ? countChunks(place.sizeBytes) : Math.floor(size / STRIDE);
  }

  return {
    create: (fileId, sizeBytes) => ({
      fileId,
      sizeBytes,
      blob: `${randomBytes(16).toString('hex')}.blob`,
      key: randomBytes(32).toString('base64'),
    }),
    count,
    append(place, index, bytes) {
      if (index !== count(place) || bytes.length !== sizeOfChunk(place.sizeBytes, index))
        throw new OutpostError('invalid', 'The parts of a file come in order, and whole.');
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', Buffer.from(place.key, 'base64'), nonce);
      cipher.setAAD(additionalData(place, index));
      const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
      const sealed = Buffer.concat([nonce, cipher.getAuthTag(), body]);
      const file = openSync(pathOf(place.blob), existsSync(pathOf(place.blob)) ? 'r+' : 'w', 0o600);
      try {
        let written = 0;
        while (written < sealed.length)
          written += writeSync(file, sealed, written, sealed.length - written, index * STRIDE + written);
        // Half of a chunk that an earlier attempt left.
        ftruncateSync(file, index * STRIDE + sealed.length);
      } catch (error) {
        throw toDiskError(error);
      } finally {
        closeSync(file);
      }
    },
    flush(place) {
      for (const target of [pathOf(place.blob), directory]) {
        const file = openSync(target, 'r');
        try {
          fsyncSync(file);
        } finally {
          closeSync(file);
        }
      }
    },
    read(place, index) {
      const length = sizeOfChunk(place.sizeBytes, index) + SEAL_BYTES;
      const sealed = Buffer.alloc(length);
      if (!existsSync(pathOf(place.blob))) throw damaged();
      const file = openSync(pathOf(place.blob), 'r');
      try {
        if (readSync(file, sealed, 0, length, index * STRIDE) !== length) throw damaged();
      } finally {
        closeSync(file);
      }
      const decipher = createDecipheriv(
        'aes-256-gcm',
        Buffer.from(place.key, 'base64'),
        sealed.subarray(0, NONCE_BYTES),
      );
      decipher.setAAD(additionalData(place, index)).setAuthTag(sealed.subarray(NONCE_BYTES, SEAL_BYTES));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(SEAL_BYTES)), decipher.final()]);
      } catch (error) {
        throw damaged(error);
      }
    },
    remove: (blob) => rmSync(pathOf(blob), { force: true }),
    keepOnly(blobs) {
      for (const name of readdirSync(directory))
        if (BLOB_NAME.test(name) && !blobs.has(name)) rmSync(path.join(directory, name), { force: true });
    },
  };
}
