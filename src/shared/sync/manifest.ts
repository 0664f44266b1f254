// The manifest: every record somebody may see, as place and fingerprint, so that a device that fell out of step asks only
// for what differs. A fingerprint is a keyed hash over the whole projection; the key belongs to one user at one epoch, so
// equal values of two people do not compare. Hashing itself is the caller's: this file says what is hashed, and how a page
// is laid out.
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';
import type { ManifestRange } from '#shared/sync/messages.ts';

/** Bytes of a fingerprint: a chance of one in 2^72 that a difference stays unseen. */
export const FINGERPRINT_BYTES = 9;
/** Letters of a fingerprint on the wire (base64url, no padding). */
export const FINGERPRINT_LETTERS = 12;

/** The text a fingerprint is made of. The same on both sides whatever the order of fields. */
export function fingerprintText(projection: AnyRecord): string {
  return toCanonicalJson(projection);
}

/** Id and fingerprint of each record of a range, in key order. */
export function* entriesOf(range: ManifestRange): Generator<readonly [id: string, fingerprint: string]> {
  for (const [index, id] of range.ids.entries()) {
    yield [id, range.prints.slice(index * FINGERPRINT_LETTERS, (index + 1) * FINGERPRINT_LETTERS)];
  }
}

/** Does the range speak for this id? Then an id it does not name is not visible. */
export function covers(range: ManifestRange, id: string): boolean {
  return id > range.after && (range.upTo === null || id <= range.upTo);
}
