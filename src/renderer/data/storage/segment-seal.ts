// Encryption of what is stored: AES-256-GCM for each record, bound to its place, so that a record that was altered, moved or
// taken from another database does not open. Without a key records are stored as they are.
import { OutpostError } from '#shared/kernel/errors.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** `place` names the record (collection and number); it must be the same for sealing and opening. */
export interface SegmentSeal {
  seal(data: Bytes, place: string): Promise<Bytes>;
  /** @throws OutpostError `local_database_damaged` when the record is not what was sealed for this place with this key. */
  open(data: Bytes, place: string): Promise<Bytes>;
}

const IV_BYTES = 12;

const openSeal: SegmentSeal = { seal: (data) => Promise.resolve(data), open: (data) => Promise.resolve(data) };

/** `key`: an AES-GCM key, best not extractable; null stores plainly. */
export function createSeal(key: CryptoKey | null): SegmentSeal {
  if (key === null) return openSeal;
  const encoder = new TextEncoder();
  return {
    async seal(data, place) {
      const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
      const sealed = await crypto.subtle.encrypt(
        { name: 'AES-GCM', iv, additionalData: encoder.encode(place) },
        key,
        data,
      );
      const record = new Uint8Array(IV_BYTES + sealed.byteLength);
      record.set(iv);
      record.set(new Uint8Array(sealed), IV_BYTES);
      return record;
    },
    async open(data, place) {
      const iv = data.subarray(0, IV_BYTES);
      try {
        const plain = await crypto.subtle.decrypt(
          { name: 'AES-GCM', iv, additionalData: encoder.encode(place) },
          key,
          data.subarray(IV_BYTES),
        );
        return new Uint8Array(plain);
      } catch (cause) {
        throw new OutpostError(
          'local_database_damaged',
          'A part of the local database does not open with its key.',
          {},
          { cause },
        );
      }
    },
  };
}
