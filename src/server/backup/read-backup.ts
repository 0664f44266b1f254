// Opens a backup. Before the first row is handed out the whole of it has been read once: the manifest is authentic, every
// segment is there, unchanged, opens with its key and holds as many rows as it should.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Value } from 'typebox/value';
import { OutpostError } from '#shared/kernel/errors.ts';
import {
  authenticate,
  isEqual,
  openBytes,
  openMainKey,
  unwrapKey,
  type KeySource,
  type MainKey,
} from '#server/backup/backup-keys.ts';
import type { AuditAnchor } from '#shared/sync/audit-messages.ts';
import { assertSameSchema, type DumpPart } from '#server/backup/dump.ts';
import {
  BACKUP_VERSION,
  INSTALLATION,
  MANIFEST_FILE,
  ManifestSchema,
  SEGMENT_FOLDER,
  segmentContext,
  unsigned,
  type Manifest,
  type Segment,
} from '#server/backup/manifest.ts';

const decompress = promisify(gunzip);

export interface OpenBackup {
  readonly manifest: Manifest;
  parts(): AsyncIterable<DumpPart>;
}

function damaged(directory: string, what: string, cause?: unknown): OutpostError {
  return new OutpostError(
    'invalid',
    `The backup in ${directory} is damaged: ${what}. Nothing was changed. Use another backup.`,
    {},
    { cause },
  );
}

/** Heads of the audits as they stood when the backup was made, by organization. Reads the manifest alone. */
export function readAnchors(directory: string, source: KeySource): Readonly<Record<string, AuditAnchor>> {
  const { manifest } = openManifest(directory, source);
  return Object.fromEntries(
    manifest.tenants.flatMap(({ tenantId, audit }) => (audit === undefined ? [] : [[tenantId, audit]])),
  );
}

function openManifest(directory: string, source: KeySource): { readonly manifest: Manifest; readonly main: MainKey } {
  const manifest = readManifest(directory);
  const main = openMainKey(source, manifest.key);
  if (!isEqual(authenticate(main, unsigned(manifest)), manifest.mac))
    throw damaged(directory, 'its manifest was changed');
  return { manifest, main };
}

/** @throws OutpostError `wrong_passphrase` for another key, `invalid` for anything that is not a whole, unchanged backup. */
export async function openBackup(directory: string, source: KeySource): Promise<OpenBackup> {
  const { manifest, main } = openManifest(directory, source);
  assertSameSchema(manifest.schema);
  const keys = new Map(
    Object.entries(manifest.wrappedKeys).map(([name, wrapped]) => [name, unwrapKey(main, wrapped, name)]),
  );
  const read = (segment: Segment): Promise<readonly string[]> => readSegment(directory, segment, keys);
  for (const segment of manifest.segments) await read(segment);
  return {
    manifest,
    async *parts() {
      const { schema, tables, tenants } = manifest;
      yield { kind: 'begin', schema, tables, tenants };
      for (const segment of manifest.segments) {
        const { table, tenantId } = segment;
        yield { kind: 'rows', table, tenantId, lines: await read(segment) };
      }
      yield { kind: 'end' };
    },
  };
}

function readManifest(directory: string): Manifest {
  const path = join(directory, MANIFEST_FILE);
  if (!existsSync(path))
    throw new OutpostError(
      'invalid',
      `There is no backup in ${directory}: ${MANIFEST_FILE} is missing. Nothing was changed.`,
    );
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw damaged(directory, 'its manifest cannot be read', error);
  }
  if (!Value.Check(ManifestSchema, value)) throw damaged(directory, 'its manifest is not shaped as expected');
  if (value.version !== BACKUP_VERSION) {
    throw new OutpostError(
      'invalid',
      `The backup in ${directory} has version ${String(value.version)}, this program knows ${String(BACKUP_VERSION)}. Nothing was changed.`,
    );
  }
  return value;
}

async function readSegment(
  directory: string,
  segment: Segment,
  keys: ReadonlyMap<string, Buffer>,
): Promise<readonly string[]> {
  const path = join(directory, SEGMENT_FOLDER, segment.file);
  if (!existsSync(path)) throw damaged(directory, `segment ${segment.file} is missing`);
  const sealed = readFileSync(path);
  if (sealed.length !== segment.bytes) {
    throw damaged(directory, `segment ${segment.file} has ${String(sealed.length)} of ${String(segment.bytes)} bytes`);
  }
  if (createHash('sha256').update(sealed).digest('hex') !== segment.sha256)
    throw damaged(directory, `segment ${segment.file} was changed`);
  const key = keys.get(segment.tenantId ?? INSTALLATION);
  if (key === undefined) throw damaged(directory, `the key of segment ${segment.file} is missing`);
  try {
    const plain = await decompress(openBytes(key, sealed, segmentContext(segment)));
    const lines = plain.toString('utf8').split('\n').slice(0, -1);
    if (lines.length !== segment.rows) throw new Error(`${String(lines.length)} rows`);
    return lines;
  } catch (error) {
    throw damaged(directory, `segment ${segment.file} cannot be opened`, error);
  }
}
