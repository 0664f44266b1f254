// The key pair of this server as a SAML service provider: providers encrypt for it, and requests are signed with it. Made once by
// whoever asks first; the private half lies sealed. The certificate carries the public half the way providers want it, signed by
// itself: nobody trusts it but whoever was given it. Node reads certificates and makes none; the library that would
// (`@peculiar/x509`) wants the whole server to run with a polyfill of reflection, for these fifteen fields.
import { createPublicKey, generateKeyPair, randomBytes, sign, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { SqlSession } from '#server/store/database.ts';
import { openSecret, sealSecret } from '#server/store/sealed-secret.ts';
import { SERVICE_KEY } from '#server/store/server-secret.ts';

const CONTEXT = 'saml service key';
const DAY_MS = 86_400_000;
const LIFETIME_DAYS = 3650;

/** Both PEM. */
export interface ServiceKey {
  readonly certificate: string;
  readonly privateKey: string;
}

interface KeptKey {
  readonly certificate: string;
  /** Base64. */
  readonly sealed: string;
}

export async function readServiceKey(session: SqlSession, nowMs: number): Promise<ServiceKey> {
  const kept = await findKept(session);
  if (kept !== null) return kept;
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 3072 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const sealed = await sealSecret(session, CONTEXT, Buffer.from(pem, 'utf8'));
  const value: KeptKey = {
    certificate: certify(privateKey, nowMs),
    sealed: Buffer.from(sealed).toString('base64'),
  };
  await session.query('INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING', [
    SERVICE_KEY,
    JSON.stringify(value),
  ]);
  // Another server may have been first.
  const made = await findKept(session);
  if (made === null) throw new OutpostError('internal', 'The key of this server was not kept.');
  return made;
}

async function findKept(session: SqlSession): Promise<ServiceKey | null> {
  const [row] = await session.query<{ value: string }>('SELECT value FROM meta WHERE key = $1', [SERVICE_KEY]);
  if (row === undefined) return null;
  const { certificate, sealed } = JSON.parse(row.value) as KeptKey;
  const privateKey = await openSecret(session, CONTEXT, Buffer.from(sealed, 'base64'));
  return { certificate, privateKey: privateKey.toString('utf8') };
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  if (content.length < 128) return Buffer.concat([Buffer.from([tag, content.length]), content]);
  const hex = content.length.toString(16);
  const length = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, content]);
}

const [SEQUENCE, SET, INTEGER, BIT_STRING, OBJECT, UTF8, GENERALIZED_TIME, VERSION] = [
  0x30, 0x31, 0x02, 0x03, 0x06, 0x0c, 0x18, 0xa0,
] as const;
const NULL = Buffer.from([0x05, 0x00]);
const UTC_TIME = 0x17;
const SHA256_WITH_RSA = Buffer.from('2a864886f70d01010b', 'hex');
const COMMON_NAME = Buffer.from('550403', 'hex');

/** RFC 5280: with two digits of the year until 2049. */
function timeOf(ms: number): Buffer {
  const text = `${new Date(ms).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`;
  return Number(text.slice(0, 4)) < 2050
    ? der(UTC_TIME, Buffer.from(text.slice(2)))
    : der(GENERALIZED_TIME, Buffer.from(text));
}

/** X.509, version 3, signed by its own key. */
function certify(privateKey: KeyObject, nowMs: number): string {
  const algorithm = der(SEQUENCE, der(OBJECT, SHA256_WITH_RSA), NULL);
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, der(OBJECT, COMMON_NAME), der(UTF8, Buffer.from('Outpost SAML')))));
  const serial = randomBytes(16);
  // Positive, and without a leading zero.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const content = der(
    SEQUENCE,
    der(VERSION, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, serial),
    algorithm,
    name,
    der(SEQUENCE, timeOf(nowMs - DAY_MS), timeOf(nowMs + LIFETIME_DAYS * DAY_MS)),
    name,
    createPublicKey(privateKey).export({ type: 'spki', format: 'der' }),
  );
  const signature = der(BIT_STRING, Buffer.from([0]), sign('sha256', content, privateKey));
  const base64 = der(SEQUENCE, content, algorithm, signature).toString('base64');
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
