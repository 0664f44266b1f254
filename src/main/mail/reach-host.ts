// Where this computer connects to when somebody names a mail server, a provider or a picture: the name is resolved once, every
// address it stands for is judged, and the connection goes to one that was judged, so nothing changes in between (DNS rebinding).
// What is not public is reached only for an account whose owner said that its servers are in the own network.
import { lookup } from 'node:dns/promises';
import https from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { OutpostError } from '#shared/kernel/errors.ts';
import { closedV4, closedV6, openV6, type Network } from '#shared/kernel/special-networks.ts';

function listOf(networks: readonly Network[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of networks) list.addSubnet(network, prefix, family);
  return list;
}

const closed4 = listOf(closedV4, 'ipv4');
const open6 = listOf([openV6], 'ipv6');
const closed6 = listOf(closedV6, 'ipv6');
const loopback4 = listOf([['127.0.0.0', 8]], 'ipv4');
/** Never, whoever allows it: the metadata services of clouds, and what no computer is. */
const never4 = listOf(
  [
    ['169.254.0.0', 16],
    ['100.100.100.200', 32],
    ['0.0.0.0', 8],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ],
  'ipv4',
);
const never6 = listOf([['fd00:ec2::254', 128]], 'ipv6');
const ownV6 = listOf(
  [
    ['fc00::', 7],
    ['fe80::', 10],
    ['::1', 128],
  ],
  'ipv6',
);

function isPublic(address: string): boolean {
  if (isIP(address) === 4) return !closed4.check(address, 'ipv4');
  return isIP(address) === 6 && open6.check(address, 'ipv6') && !closed6.check(address, 'ipv6');
}

function isOwn(address: string): boolean {
  if (isIP(address) === 4) return closed4.check(address, 'ipv4') && !never4.check(address, 'ipv4');
  return isIP(address) === 6 && ownV6.check(address, 'ipv6') && !never6.check(address, 'ipv6');
}

export function isThisComputer(address: string): boolean {
  return isIP(address) === 4 ? loopback4.check(address, 'ipv4') : address === '::1';
}

export type Resolve = (host: string) => Promise<readonly string[]>;

const resolveWithSystem: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address);

export interface ReachOptions {
  readonly isOwnNetwork: boolean;
  readonly resolve?: Resolve;
}

/** The address to connect to. @throws OutpostError `address_forbidden`, `mailbox_failed` */
export async function reachHost(named: string, { isOwnNetwork, resolve }: ReachOptions): Promise<string> {
  const host = named
    .trim()
    .toLowerCase()
    .replaceAll(/^\[|\]$/g, '')
    .replace(/\.$/, '');
  // A name, or an address as everybody writes it: no user, no path, no port, and no other way to write 127.0.0.1.
  const isName =
    /^(?=.{1,253}$)[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(host) && !/^(0x[\da-f]+|\d+)(\.(0x[\da-f]+|\d+))*$/.test(host);
  if (isIP(host) === 0 && !isName) throw forbidden(named);
  const addresses = isIP(host) === 0 ? await addressesOf(host, resolve ?? resolveWithSystem) : [host];
  // All of them: whoever answers with one good and one bad address must not choose.
  const isOpen = addresses.every((address) => isPublic(address) || (isOwnNetwork && isOwn(address)));
  const [first] = addresses;
  if (first === undefined || !isOpen) throw forbidden(named);
  return first;
}

async function addressesOf(host: string, resolve: Resolve): Promise<readonly string[]> {
  try {
    return await resolve(host);
  } catch (cause) {
    throw new OutpostError('mailbox_failed', 'There is no host of this name.', { failure: 'unreachable' }, { cause });
  }
}

function forbidden(host: string): OutpostError {
  return new OutpostError('address_forbidden', 'Outpost does not connect to this address.', { host });
}

export interface CheckedAnswer {
  readonly status: number;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

export interface CheckedRequest extends ReachOptions {
  readonly form?: Readonly<Record<string, string>>;
  readonly mostBytes: number;
  readonly limitMs: number;
}

/** `https` only, no redirect followed, nothing sent along that tells who asks. @throws OutpostError */
export async function askChecked(text: string, request: CheckedRequest): Promise<CheckedAnswer> {
  const url = URL.parse(text);
  if (url === null || url.protocol !== 'https:' || url.username !== '' || url.password !== '') throw forbidden(text);
  // Another port is another program, which expects something else than a question of ours.
  if (url.port !== '' && !request.isOwnNetwork) throw forbidden(text);
  const address = await reachHost(url.hostname, request);
  const family = isIP(address);
  const toAddress: LookupFunction = (_host, options, done) => {
    if (options.all === true) done(null, [{ address, family }]);
    else done(null, address, family);
  };
  const body = request.form === undefined ? undefined : new URLSearchParams(request.form).toString();
  return new Promise((settle, fail) => {
    const sent = https.request(
      url,
      {
        method: body === undefined ? 'GET' : 'POST',
        headers:
          body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        lookup: toAddress,
        agent: false,
        signal: AbortSignal.timeout(request.limitMs),
      },
      (answer) => {
        const parts: Buffer[] = [];
        let size = 0;
        answer.on('data', (part: Buffer) => {
          size += part.length;
          if (size > request.mostBytes) answer.destroy(new OutpostError('too_large', 'The answer is too large.'));
          else parts.push(part);
        });
        answer.once('error', fail);
        answer.once('end', () =>
          settle({
            status: answer.statusCode ?? 502,
            mediaType: (answer.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '',
            bytes: Buffer.concat(parts),
          }),
        );
      },
    );
    sent.once('error', fail);
    sent.end(body);
  });
}
