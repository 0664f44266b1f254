// LDAP and Active Directory: the server searches the person by the address that was typed, then binds as that person with the
// password that was typed. Nothing typed becomes part of a filter or a name unescaped, an empty password is refused (a directory
// takes it for nobody and says yes), and an unknown person costs the same steps as a known one.
import { isIP } from 'node:net';
import { checkServerIdentity, type ConnectionOptions } from 'node:tls';
import type { Client, Entry } from 'ldapts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { LdapSettings } from '#shared/sync/sso-messages.ts';
import type { Egress } from '#server/egress/egress.ts';
import { textsOf, type ProvenIdentity } from '#server/sso/proven-identity.ts';

const LIMIT_MS = 10_000;

export interface DirectoryQuestion {
  readonly settings: LdapSettings;
  /** Of the account that searches. */
  readonly secret: string | null;
  readonly login: string;
  readonly password: string;
}

const wrongCredentials = () => new OutpostError('wrong_credentials', 'The e-mail address or the password is wrong.');

function failed(failure: string, cause: unknown): OutpostError {
  return new OutpostError('provider_failed', 'The directory could not be asked.', { failure }, { cause });
}

/** As RFC 4515 wants it: what was typed is a value and never a part of the filter. */
export function escapeFilterValue(text: string): string {
  return text.replaceAll(/[\\*()\0]/g, (sign) => `\\${sign.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** @throws OutpostError `wrong_credentials`, `provider_failed`, `address_forbidden` */
export async function askDirectory(egress: Egress, question: DirectoryQuestion): Promise<ProvenIdentity> {
  const { settings, secret, login, password } = question;
  if (password === '' || login.trim() === '') throw wrongCredentials();
  const open = await prepareConnection(egress, settings);
  const service = await connect(open);
  try {
    await bindService(service, settings, secret);
    const entry = await findPerson(service, settings, login.trim());
    await bindPerson(open, entry?.dn ?? `cn=nobody,${settings.baseDn}`, password);
    if (entry === null) throw wrongCredentials();
    return toIdentity(entry, settings, await readGroups(service, settings, entry));
  } finally {
    await service.unbind();
  }
}

interface Opening {
  readonly url: string;
  readonly tls: ConnectionOptions;
  readonly usesStartTls: boolean;
}

async function prepareConnection(egress: Egress, { host, port, security, authority }: LdapSettings): Promise<Opening> {
  const checked = await egress.check(host, port);
  if (security === 'none' && !checked.isAllowed)
    throw new OutpostError(
      'address_forbidden',
      'Without encryption only a directory is asked that the operator allowed.',
      { host },
    );
  const address = isIP(checked.address) === 6 ? `[${checked.address}]` : checked.address;
  return {
    url: `${security === 'tls' ? 'ldaps' : 'ldap'}://${address}:${String(port)}`,
    tls: {
      minVersion: 'TLSv1.2',
      // The connection goes to an address that was judged; the certificate has to be that of the name.
      checkServerIdentity: (_connected, certificate) => checkServerIdentity(host, certificate),
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(authority === '' ? {} : { ca: authority }),
    },
    usesStartTls: security === 'starttls',
  };
}

async function connect({ url, tls, usesStartTls }: Opening): Promise<Client> {
  // Loaded with the first question.
  const { Client: LdapClient } = await import('ldapts');
  const client = new LdapClient({
    url,
    timeout: LIMIT_MS,
    connectTimeout: LIMIT_MS,
    ...(url.startsWith('ldaps:') ? { tlsOptions: tls } : {}),
  });
  if (!usesStartTls) return client;
  try {
    await client.startTLS(tls);
    return client;
  } catch (error) {
    await client.unbind();
    throw failed('noEncryption', error);
  }
}

async function bindService(client: Client, { bindDn }: LdapSettings, secret: string | null): Promise<void> {
  if (bindDn === '') return;
  try {
    await client.bind(bindDn, secret ?? '');
  } catch (error) {
    throw failed(isInvalidCredentials(error) ? 'serviceRefused' : 'noAnswer', error);
  }
}

function isInvalidCredentials(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 49;
}

async function findPerson(client: Client, settings: LdapSettings, login: string): Promise<Entry | null> {
  const { baseDn, userFilter, idAttribute, emailAttribute, nameAttribute } = settings;
  try {
    const { searchEntries } = await client.search(baseDn, {
      scope: 'sub',
      filter: userFilter.replaceAll('{login}', () => escapeFilterValue(login)),
      attributes: [idAttribute, emailAttribute, nameAttribute, 'memberOf'],
      // Active Directory names people by bytes.
      explicitBufferAttributes: ['objectGUID'],
      sizeLimit: 2,
    });
    // Two people of one address are nobody.
    return searchEntries.length === 1 ? (searchEntries[0] ?? null) : null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 4) return null;
    throw failed('noSearch', error);
  }
}

async function bindPerson(open: Opening, dn: string, password: string): Promise<void> {
  const client = await connect(open);
  try {
    await client.bind(dn, password);
  } catch (error) {
    const isRefusal = error instanceof Error && 'code' in error && typeof error.code === 'number';
    if (isRefusal) throw wrongCredentials();
    throw failed('noAnswer', error);
  } finally {
    await client.unbind();
  }
}

async function readGroups(client: Client, settings: LdapSettings, entry: Entry): Promise<readonly string[]> {
  if (settings.groupBaseDn === '') return textsOf(entry['memberOf']).flatMap((dn) => [dn, ...namesIn(dn)]);
  try {
    const { searchEntries } = await client.search(settings.groupBaseDn, {
      scope: 'sub',
      filter: settings.groupFilter.replaceAll('{dn}', () => escapeFilterValue(entry.dn)),
      attributes: ['cn'],
    });
    return searchEntries.flatMap((group) => [group.dn, ...textsOf(group['cn'])]);
  } catch (error) {
    throw failed('noGroups', error);
  }
}

/** `Sales` of `CN=Sales,OU=Groups,DC=corp`: what administrators call the group. */
function namesIn(dn: string): readonly string[] {
  const [, name] = /^cn=((?:[^,\\]|\\.)+)/i.exec(dn) ?? [];
  return name === undefined ? [] : [name.replaceAll(/\\(.)/g, '$1')];
}

function toIdentity(entry: Entry, settings: LdapSettings, groups: readonly string[]): ProvenIdentity {
  const id = entry[settings.idAttribute];
  const subject = Buffer.isBuffer(id) ? id.toString('hex') : textsOf(id)[0];
  if (subject === undefined) throw failed('noId', undefined);
  const [email = null] = textsOf(entry[settings.emailAttribute]);
  const [name = null] = textsOf(entry[settings.nameAttribute]);
  return { subject, email, isEmailVerified: true, name, groups, isStrong: false };
}
