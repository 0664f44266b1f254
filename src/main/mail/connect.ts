// Connections to the servers of an account: to the address that was judged, under the name the person gave, with limits.
import type { ImapFlow } from 'imapflow';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { MailServer } from '#shared/mail/mail-types.ts';
import type { StoredAccount } from '#main/mail/kept-accounts.ts';
import { isThisComputer, reachHost, type Resolve } from '#main/mail/reach-host.ts';

const CONNECT_LIMIT_MS = 20_000;
const SILENCE_LIMIT_MS = 120_000;
/** Of one answer; larger than what is asked for in one piece. */
const MOST_LITERAL_BYTES = 64 * 1024 * 1024;

export type Credential = { readonly password: string } | { readonly accessToken: string };

export interface Connector {
  readonly resolve?: Resolve | undefined;
  /** Asked anew for each connection: a token is renewed when its time is over. @throws OutpostError `sign_in_again` */
  credential(account: StoredAccount): Promise<Credential>;
}

export interface Reached {
  readonly address: string;
  readonly servername: string;
}

export async function reachServer(
  server: MailServer,
  { isOwnNetwork }: Pick<StoredAccount, 'isOwnNetwork'>,
  resolve: Resolve | undefined,
): Promise<Reached> {
  const address = await reachHost(server.host, { isOwnNetwork, ...(resolve === undefined ? {} : { resolve }) });
  // A password in the clear stays on this computer.
  if (server.security === 'none' && !isThisComputer(address))
    throw new OutpostError('address_forbidden', 'Without encryption only a server on this computer is asked.', {
      host: server.host,
    });
  return { address, servername: server.host };
}

/** An open, signed-in connection. */
export async function connectImap(account: StoredAccount, connector: Connector): Promise<ImapFlow> {
  const { address, servername } = await reachServer(account.imap, account, connector.resolve);
  const credential = await connector.credential(account);
  // Only somebody with a mailbox loads what it takes.
  const { ImapFlow: Client } = await import('imapflow');
  const client = new Client({
    host: address,
    port: account.imap.port,
    servername,
    secure: account.imap.security === 'tls',
    ...(account.imap.security === 'tls' ? {} : { doSTARTTLS: account.imap.security === 'starttls' }),
    auth: { user: account.user, ...toAuth(credential) },
    clientInfo: { name: 'Outpost' },
    logger: false,
    connectionTimeout: CONNECT_LIMIT_MS,
    greetingTimeout: CONNECT_LIMIT_MS,
    socketTimeout: SILENCE_LIMIT_MS * 3,
    maxLiteralSize: MOST_LITERAL_BYTES,
    disableAutoIdle: true,
  });
  // Without a listener a broken line would end the process; whoever waits for an answer gets the error.
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    client.close();
    throw error;
  }
  return client;
}

function toAuth(credential: Credential): { pass: string } | { accessToken: string } {
  return 'password' in credential ? { pass: credential.password } : { accessToken: credential.accessToken };
}

/** What Nodemailer needs, and what to sign in with. */
export async function smtpOptions(account: StoredAccount, connector: Connector) {
  const { smtp } = account;
  const { address, servername } = await reachServer(smtp, account, connector.resolve);
  const credential = await connector.credential(account);
  return {
    host: address,
    port: smtp.port,
    secure: smtp.security === 'tls',
    requireTLS: smtp.security === 'starttls',
    ignoreTLS: smtp.security === 'none',
    tls: { servername },
    credential,
    connectionTimeout: CONNECT_LIMIT_MS,
    greetingTimeout: CONNECT_LIMIT_MS,
    socketTimeout: SILENCE_LIMIT_MS,
  };
}
