// Where browsers, mails and identity providers find this server. Its operator says so; what a request names as its host is
// never asked, because whoever sends a request chooses it. A server for this computer alone knows its own address.
import type { Server } from 'node:http';
import { OutpostError } from '#shared/kernel/errors.ts';
import { isLoopback } from '#server/http/http-server.ts';

/** An origin without a slash at its end; null: nobody said, and there is no safe guess. */
export type PublicAddress = () => string | null;

/** What was said is no address; the message is for the operator. */
export class PublicAddressError extends Error {
  override readonly name = 'PublicAddressError';
}

const localNames: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** The origin of what an operator wrote. @throws PublicAddressError */
export function readPublicAddress(text: string): string {
  const url = URL.parse(text.trim());
  const isWeb = url?.protocol === 'https:' || (url?.protocol === 'http:' && localNames.includes(url.hostname));
  if (url === null || !isWeb || url.username !== '' || url.password !== '' || !isOriginAlone(url))
    throw new PublicAddressError('The public address of the server is written like https://crm.example.com.');
  return url.origin;
}

function isOriginAlone({ pathname, search, hash }: URL): boolean {
  return pathname === '/' && search === '' && hash === '';
}

/** `configured`: what {@link readPublicAddress} made of it. Asked again each time: a port is known once the server listens. */
export function createPublicAddress(configured: string | undefined, server: Pick<Server, 'address'>): PublicAddress {
  return () => {
    if (configured !== undefined) return configured;
    const address = server.address();
    if (address === null || typeof address === 'string' || !isLoopback(address.address)) return null;
    const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
    return `http://${host}:${String(address.port)}`;
  };
}

/** @throws OutpostError `sso_not_set_up` when nobody said where the server is */
export function requirePublicAddress(known: PublicAddress): () => string {
  return () => {
    const address = known();
    if (address !== null) return address;
    throw new OutpostError(
      'sso_not_set_up',
      'Whoever operates the server has to say its public address before people can sign in with a provider.',
    );
  };
}
