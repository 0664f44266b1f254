// Addresses and ranges of addresses (CIDR), of both families. Everything is compared as numbers: spellings that mean the
// same address are the same, an IPv4 address inside of IPv6 is that IPv4 address, and what is not exactly an address or
// a range is refused, so that nobody believes in a rule that holds for something else.

export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

interface Address {
  readonly family: 4 | 6;
  readonly value: bigint;
}

const BITS = { 4: 32, 6: 128 } as const;
/** `::ffff:0:0/96`: IPv4 addresses as IPv6 sockets show them. */
const MAPPED = 0xffffn;

function parseV4(text: string): bigint | null {
  const parts = text.split('.');
  // No leading zeros: some programs read them as octal.
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255))
    return null;
  return parts.reduce((value, part) => value * 256n + BigInt(part), 0n);
}

/** The groups of one side of `::`, null for what are none. An IPv4 address may stand at the end. */
function parseGroups(text: string, mayEndInV4: boolean): readonly bigint[] | null {
  if (text === '') return [];
  const groups: bigint[] = [];
  const parts = text.split(':');
  for (const [place, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`));
    else {
      const v4 = mayEndInV4 && place === parts.length - 1 ? parseV4(part) : null;
      if (v4 === null) return null;
      groups.push(v4 >> 16n, v4 & 0xffffn);
    }
  }
  return groups;
}

function parseV6(text: string): bigint | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head = '', tail] = halves;
  const before = parseGroups(head, tail === undefined);
  const after = parseGroups(tail ?? '', true);
  if (before === null || after === null) return null;
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...before, ...Array.from({ length: missing }, () => 0n), ...after];
  return groups.reduce((value, group) => (value << 16n) + group, 0n);
}

function parseAddress(text: string): Address | null {
  if (!text.includes(':')) {
    const value = parseV4(text);
    return value === null ? null : { family: 4, value };
  }
  // A zone names a network card of one computer, not an address.
  const value = parseV6(text);
  if (value === null) return null;
  return value >> 32n === MAPPED ? { family: 4, value: value & 0xffff_ffffn } : { family: 6, value };
}

/** `203.0.113.7`, `203.0.113.0/24`, `2001:db8::/32`. Null for everything else, also for a range with bits behind its mask. */
export function parseRange(text: string): AddressRange | null {
  const [address = '', mask, ...more] = text.trim().split('/');
  const parsed = parseAddress(address);
  if (parsed === null || more.length > 0) return null;
  const isMapped = parsed.family === 4 && address.includes(':');
  const most = isMapped ? 128 : BITS[parsed.family];
  if (mask !== undefined && !/^(?:0|[1-9]\d{0,2})$/.test(mask)) return null;
  const written = mask === undefined ? most : Number(mask);
  const length = isMapped ? written - 96 : written;
  if (written > most || length < 0) return null;
  const size = 1n << BigInt(BITS[parsed.family] - length);
  if (parsed.value % size !== 0n) return null;
  return { family: parsed.family, first: parsed.value, last: parsed.value + size - 1n };
}

/** Whether an address lies in one of the ranges. What is no address lies in none. */
export function isInRanges(address: string, ranges: readonly AddressRange[]): boolean {
  const parsed = parseAddress(address);
  return (
    parsed !== null &&
    ranges.some(({ family, first, last }) => family === parsed.family && parsed.value >= first && parsed.value <= last)
  );
}

/** Which callers an allow list is for. */
export type CallerKind = 'devices' | 'keys';

export interface AddressRules {
  readonly isOn: boolean;
  readonly entries: readonly { readonly range: string; readonly note: string }[];
  /** People: signing in, staying signed in, synchronizing. */
  readonly devices: boolean;
  readonly keys: boolean;
}

/** Whether somebody may come from this address. Rules that cannot be read let nobody in by themselves: they are skipped. */
export function isAddressAllowed(rules: AddressRules, kind: CallerKind, address: string): boolean {
  if (!rules.isOn || !rules[kind]) return true;
  const ranges = rules.entries.map(({ range }) => parseRange(range)).filter((range) => range !== null);
  return isInRanges(address, ranges);
}
