// Rows at rest: AES-256-GCM with a key derived from the profile key, and the row's place as additional data, so that a
// row cannot be read, changed, or moved to another number without being noticed.
import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomFillSync } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Nonces drawn at once: asking the system for each one costs more than sealing a row. */
const NONCES_DRAWN = 1024;

export interface Sealer {
  /** `place` names where the bytes stand; opening them for another place fails. */
  seal(place: string, value: unknown): Uint8Array;
  /** The value, or undefined when the bytes are not what was sealed for this place with this key. */
  open(place: string, bytes: Uint8Array): unknown;
  /** The same for what is bytes already. */
  sealBytes(place: string, bytes: Uint8Array): Uint8Array;
  openBytes(place: string, bytes: Uint8Array): Uint8Array | undefined;
}

function createNonceSource(): () => Buffer {
  const drawn = Buffer.alloc(NONCES_DRAWN * NONCE_BYTES);
  let used = drawn.length;
  return () => {
    if (used === drawn.length) {
      randomFillSync(drawn);
      used = 0;
    }
    used += NONCE_BYTES;
    return drawn.subarray(used - NONCE_BYTES, used);
  };
}

/** `key`: 256 bits. `purpose`: keys of different purposes are unrelated. */
export function createSealer(key: Uint8Array, purpose: string): Sealer {
  const derived = createSecretKey(Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `outpost/${purpose}`, 32)));
  const drawNonce = createNonceSource();
  function sealBytes(place: string, bytes: Uint8Array): Uint8Array {
    const nonce = drawNonce();
    const cipher = createCipheriv('aes-256-gcm', derived, nonce).setAAD(Buffer.from(place));
    const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), body]);
  }

  function openBytes(place: string, bytes: Uint8Array): Uint8Array | undefined {
    if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const decipher = createDecipheriv('aes-256-gcm', derived, buffer.subarray(0, NONCE_BYTES)).setAAD(
      Buffer.from(place),
    );
    decipher.setAuthTag(buffer.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(buffer.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    } catch {
      // A failed authentication is the answer here, not an accident: the caller quarantines the row.
      return undefined;
    }
  }

  return {
    seal: (place, value) => sealBytes(place, Buffer.from(JSON.stringify(value), 'utf8')),
    open(place, bytes) {
      const text = openBytes(place, bytes);
      try {
        return text === undefined ? undefined : (JSON.parse(Buffer.from(text).toString('utf8')) as unknown);
      } catch {
        // As sealed, and no value: the caller quarantines the row.
        return undefined;
      }
    },
    sealBytes,
    openBytes,
  };
}
