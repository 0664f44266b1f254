// What a backup is as bytes: one line that says whose it is and which key opens it, and after it the sealed rest. The line tells
// strangers nothing but the time, and is sealed along: a changed one opens nothing. Where somebody chose a passphrase, the key itself
// lies in the line, sealed with it, so that another computer of the same person can read the backup.
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes, scrypt } from 'node:crypto';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import { MIN_BACKUP_PASSPHRASE } from '#shared/ipc/backup-channels.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { AttentionItem } from '#shared/ipc/sync-status.ts';
import { toCanonicalJson } from '#shared/kernel/json.ts';
import type { Operation } from '#shared/sync/operation.ts';
import { createSealer } from '#main/journal/seal.ts';

/** 64 MiB and about a quarter of a second: what one guess costs. */
const COST = { N: 2 ** 16, r: 8, p: 1, maxmem: 128 * 1024 * 1024 };
const NEWLINE = 10;
const MOST_HEADER_BYTES = 4096;

const RecoverySchema = Type.Object({
  salt: Type.String({ maxLength: 64 }),
  nonce: Type.String({ maxLength: 64 }),
  tag: Type.String({ maxLength: 64 }),
  sealedKey: Type.String({ maxLength: 128 }),
});
/** The key of the backups, sealed with a passphrase. */
export type Recovery = Readonly<Static<typeof RecoverySchema>>;

const HeaderSchema = Type.Object({
  outpostBackup: Type.Literal(1),
  at: Type.String({ maxLength: 40 }),
  owner: Type.String({ maxLength: 64 }),
  key: Type.String({ maxLength: 64 }),
  recovery: Type.Union([RecoverySchema, Type.Null()]),
});
type Header = Readonly<Static<typeof HeaderSchema>>;

export interface Unsent {
  readonly operations: readonly Operation[];
  readonly attention: readonly AttentionItem[];
}

export interface KeptBackup extends Unsent {
  readonly at: string;
  /** Of what is in it, so that the same is not kept twice. */
  readonly fingerprint: string;
}

export interface BackupKeys {
  /** Whose backups these are. */
  readonly owner: string;
  readonly key: Uint8Array;
  readonly recovery: Recovery | null;
}

/** The same person of the same organization on whatever computer, and nothing that names them. */
export function ownerOf(tenantId: string, userId: string): string {
  return createHash('sha256').update(`outpost backup\n${tenantId}\n${userId}`).digest('hex').slice(0, 32);
}

/** From the key that seals the jobs of a profile; another one, because it may leave this computer under a passphrase. */
export function backupKeyOf(jobsKey: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', jobsKey, Buffer.alloc(0), 'outpost/backups', 32));
}

function checkOf(key: Uint8Array): string {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'outpost/backups/check', 16)).toString('hex');
}

export function fingerprintOf({ operations, attention }: Unsent): string {
  return createHash('sha256').update(toCanonicalJson({ operations, attention })).digest('hex');
}

function derive(passphrase: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, 32, COST, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

/** @throws OutpostError `invalid` when the passphrase is too short. */
export async function sealKey(key: Uint8Array, passphrase: string): Promise<Recovery> {
  if (passphrase.length < MIN_BACKUP_PASSPHRASE)
    throw new OutpostError('invalid', `Choose a passphrase of at least ${MIN_BACKUP_PASSPHRASE} characters.`);
  const [salt, nonce] = [randomBytes(16), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', await derive(passphrase, salt), nonce).setAAD(salt);
  const body = Buffer.concat([cipher.update(key), cipher.final()]);
  const text = (bytes: Buffer): string => bytes.toString('base64');
  return { salt: text(salt), nonce: text(nonce), tag: text(cipher.getAuthTag()), sealedKey: text(body) };
}

/** @throws OutpostError `wrong_passphrase` */
async function openKey({ salt, nonce, tag, sealedKey }: Recovery, passphrase: string): Promise<Buffer> {
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64');
  const derived = await derive(passphrase, bytes(salt));
  try {
    const decipher = createDecipheriv('aes-256-gcm', derived, bytes(nonce), { authTagLength: 16 })
      .setAAD(bytes(salt))
      .setAuthTag(bytes(tag));
    return Buffer.concat([decipher.update(bytes(sealedKey)), decipher.final()]);
  } catch (error) {
    throw new OutpostError('wrong_passphrase', 'This passphrase does not open the backup.', {}, { cause: error });
  }
}

export function sealBackup({ owner, key, recovery }: BackupKeys, kept: KeptBackup): Uint8Array {
  const header: Header = { outpostBackup: 1, at: kept.at, owner, key: checkOf(key), recovery };
  const line = JSON.stringify(header);
  return Buffer.concat([Buffer.from(`${line}\n`), createSealer(key, 'backup').seal(line, kept)]);
}

const damaged = (cause?: unknown) =>
  new OutpostError('backup_damaged', 'This file is no backup of Outpost, or it was damaged.', {}, { cause });

function split(bytes: Uint8Array): { readonly line: string; readonly header: Header; readonly rest: Uint8Array } {
  const end = bytes.subarray(0, MOST_HEADER_BYTES).indexOf(NEWLINE);
  if (end < 0) throw damaged();
  const line = Buffer.from(bytes.subarray(0, end)).toString('utf8');
  let header: unknown;
  try {
    header = JSON.parse(line);
  } catch (error) {
    throw damaged(error);
  }
  if (!Value.Check(HeaderSchema, header)) throw damaged();
  return { line, header, rest: bytes.subarray(end + 1) };
}

function openRest(key: Uint8Array, line: string, rest: Uint8Array): KeptBackup {
  const kept = createSealer(key, 'backup').open(line, rest) as KeptBackup | undefined;
  if (kept === undefined || kept.fingerprint !== fingerprintOf(kept)) throw damaged();
  return kept;
}

/**
 * What is in a backup. `passphrase` null: only with the key of this computer.
 *
 * @throws OutpostError `backup_damaged`; `backup_foreign` for one of another person or organization; `backup_other_key` when it was
 *   made with a key this computer does not have; `backup_passphrase` when a passphrase would open it; `wrong_passphrase`.
 */
export async function openBackupBytes(
  { owner, key }: BackupKeys,
  bytes: Uint8Array,
  passphrase: string | null,
): Promise<KeptBackup> {
  const { line, header, rest } = split(bytes);
  if (header.owner !== owner)
    throw new OutpostError('backup_foreign', 'This backup belongs to another person or another organization.');
  if (header.key === checkOf(key)) return openRest(key, line, rest);
  if (header.recovery === null)
    throw new OutpostError('backup_other_key', 'This backup was made with a key that this computer does not have.');
  if (passphrase === null) throw new OutpostError('backup_passphrase', 'This backup opens with its passphrase only.');
  return openRest(await openKey(header.recovery, passphrase), line, rest);
}

/** With the key at hand; null when it is not what was written, or not with this key. */
export function readOwnBackup({ owner, key }: BackupKeys, bytes: Uint8Array): KeptBackup | null {
  try {
    const { line, header, rest } = split(bytes);
    return header.owner === owner && header.key === checkOf(key) ? openRest(key, line, rest) : null;
  } catch (error) {
    if (error instanceof OutpostError && error.code === 'backup_damaged') return null;
    throw error;
  }
}
