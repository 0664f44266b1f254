// Which addresses the server connects to when an administrator names a host. Everything inside (this computer, private and
// link-local networks, the metadata services of clouds, addresses that stand for others) is refused unless the operator of the
// server allowed that very host or network. What is judged is the address that is connected to, however it was written.
import { BlockList, isIP } from 'node:net';
import { closedV4, closedV6, openV6 } from '#shared/kernel/special-networks.ts';

function listOf(subnets: readonly (readonly [string, number])[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, family);
  return list;
}

const closed4 = listOf(closedV4, 'ipv4');
const open6 = listOf([openV6], 'ipv6');
const closed6 = listOf(closedV6, 'ipv6');

/** Part of the public network. False for everything that is no address. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !closed4.check(address, 'ipv4');
  return family === 6 && open6.check(address, 'ipv6') && !closed6.check(address, 'ipv6');
}

/** A host by its name, or a network; on one port, or on all. */
export interface AllowRule {
  readonly host: string | null;
  readonly network: BlockList | null;
  readonly port: number | null;
}

/** What was said is no rule; the message is for the operator. */
export class AllowRuleError extends Error {
  override readonly name = 'AllowRuleError';
}

/** `HOST`, `HOST:PORT`, `ADDRESS`, `[IPv6]:PORT`, `NETWORK/BITS`, divided by commas. @throws AllowRuleError */
export function readAllowRules(text: string): readonly AllowRule[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => readRule(part));
}

function readRule(text: string): AllowRule {
  const [, network = '', bits = ''] = /^([\da-f.:]+)\/(\d{1,3})$/i.exec(text) ?? [];
  const family = isIP(network);
  if (family !== 0 && Number(bits) <= (family === 4 ? 32 : 128))
    return { host: null, network: listOf([[network, Number(bits)]], family === 4 ? 'ipv4' : 'ipv6'), port: null };
  if (isIP(text) !== 0) return { host: text.toLowerCase(), network: null, port: null };
  const [, host = '', port] = /^(\[[\da-f:.]+\]|[^\s:/@[\]]+)(?::(\d{1,5}))?$/i.exec(text) ?? [];
  if (host === '' || Number(port ?? 1) > 65_535)
    throw new AllowRuleError(`"${text}" is no host, HOST:PORT or NETWORK/BITS that may be allowed.`);
  return { host: plainHost(host), network: null, port: port === undefined ? null : Number(port) };
}

/** As it is compared: small, without brackets and without the dot that ends a full name. */
export function plainHost(host: string): string {
  return host
    .toLowerCase()
    .replaceAll(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

/** Allowed by the operator, whatever network it is in. */
export function isAllowed(rules: readonly AllowRule[], host: string, address: string, port: number): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  return rules.some(
    (rule) =>
      (rule.port === null || rule.port === port) &&
      (rule.host === null
        ? (rule.network?.check(address, family) ?? false)
        : rule.host === plainHost(host) || rule.host === address),
  );
}
