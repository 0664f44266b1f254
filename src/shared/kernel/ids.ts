import type { Clock, RandomSource } from '#shared/kernel/ports.ts';

declare const brand: unique symbol;
/** A string that cannot be mistaken for another kind of string. */
export type Branded<Name extends string> = string & { readonly [brand]: Name };

export type TenantId = Branded<'TenantId'>;
export type UserId = Branded<'UserId'>;
export type DeviceId = Branded<'DeviceId'>;
export type RecordId = Branded<'RecordId'>;
export type OperationId = Branded<'OperationId'>;

/** Makes new ids: UUID version 7 (RFC 9562), so that ids made later on one device sort later. */
export type CreateId = () => string;

export function createIdFactory(clock: Clock, random: RandomSource): CreateId {
  let lastMs = 0;
  let counter = 0;
  return () => {
    // Within one millisecond (or when the clock goes back) the 12-bit counter keeps the order.
    const nowMs = clock.now();
    if (nowMs > lastMs) {
      lastMs = nowMs;
      counter = 0;
    } else {
      counter += 1;
      if (counter > 0xfff) {
        lastMs += 1;
        counter = 0;
      }
    }
    const tail = random.bytes(8);
    const time = lastMs.toString(16).padStart(12, '0');
    const variant = ((tail[0] ?? 0) & 0x3f) | 0x80;
    const hex = [variant, ...tail.subarray(1)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${hex.slice(0, 4)}-${hex.slice(4)}`;
  };
}

const ID_PATTERN = /^[0-9a-z][0-9a-z._-]{0,63}$/i;

/** Ids are opaque, at most 64 characters of a URL-safe alphabet, never a path. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && ID_PATTERN.test(value) && !value.includes('..');
}
