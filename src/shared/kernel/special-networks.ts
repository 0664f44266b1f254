// Networks that are no part of the public internet, as the IANA lists them. Whoever connects to an address that somebody named
// asks here first; each process makes its own list of it.

/** Network and length of its prefix. */
export type Network = readonly [string, number];

/** IPv4 that is not part of the public network (IANA special-purpose registry). */
export const closedV4: readonly Network[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];
/** Of IPv6 only global unicast is open, without the parts of it that carry or document something else. */
export const openV6: Network = ['2000::', 3];
export const closedV6: readonly Network[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];
