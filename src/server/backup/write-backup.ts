// Takes a dump and leaves a finished backup, or nothing under that name: it is written beside its place, through to the
// disk, and renamed when its manifest stands.
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import { formatAnchor } from '#shared/sync/audit-messages.ts';
import { authenticate, createDataKey, sealBytes, wrapKey, type MainKey } from '#server/backup/backup-keys.ts';
import type { DumpPart } from '#server/backup/dump.ts';
import {
  BACKUP_FORMAT,
  BACKUP_VERSION,
  INSTALLATION,
  MANIFEST_FILE,
  SEGMENT_FOLDER,
  segmentContext,
  unsigned,
  type Manifest,
  type Segment,
} from '#server/backup/manifest.ts';
import { syncDirectory } from '#server/store/pglite-durable-fs.ts';

/** Large enough to compress well, small enough to be held in memory twice. */
const SEGMENT_BYTES = 4 * 1024 * 1024;
const compress = promisify(gzip);

export interface BackupSummary {
  readonly directory: string;
  readonly organizations: number;
  readonly rows: number;
  readonly bytes: number;
  /** Where the audit of each organization stood: to be kept, and given to `audit verify --anchor`. */
  readonly audits: Readonly<Record<string, string>>;
}

interface OpenSegment {
  readonly table: string;
  readonly tenantId: string | null;
  readonly lines: string[];
  bytes: number;
}

/** @throws OutpostError `invalid` when there is something at that place already. */
export async function writeBackup(
  directory: string,
  main: MainKey,
  facts: { readonly nowMs: number; readonly product: string },
  dump: (emit: (part: DumpPart) => Promise<void>) => Promise<void>,
): Promise<BackupSummary> {
  const place = resolve(directory);
  if (existsSync(place) && readdirSync(place).length > 0)
    throw new OutpostError('invalid', `${directory} is not empty. A backup goes into a directory of its own.`);
  const nursery = `${place}.unfinished`;
  rmSync(nursery, { recursive: true, force: true });
  mkdirSync(join(nursery, SEGMENT_FOLDER), { recursive: true, mode: 0o700 });
  const writer = createSegmentWriter(nursery, main);
  let begin: Extract<DumpPart, { kind: 'begin' }> | null = null;
  let isWhole = false;
  await dump(async (part) => {
    if (part.kind === 'begin') begin = part;
    else if (part.kind === 'rows') await writer.add(part.table, part.tenantId, part.lines);
    else isWhole = true;
  });
  await writer.flush();
  const begun = begin as Extract<DumpPart, { kind: 'begin' }> | null;
  if (begun === null || !isWhole)
    throw new OutpostError('internal', 'The database stopped in the middle of the backup.');
  const body: Omit<Manifest, 'mac'> = {
    format: BACKUP_FORMAT,
    version: BACKUP_VERSION,
    createdAt: toInstant(facts.nowMs),
    product: facts.product,
    schema: begun.schema,
    tables: begun.tables.map(({ name, columns }) => ({ name, columns: [...columns] })),
    tenants: [...begun.tenants],
    key: main.description,
    wrappedKeys: writer.wrappedKeys(),
    segments: writer.segments,
  };
  const text = `${JSON.stringify({ ...body, mac: authenticate(main, unsigned(body)) }, null, 1)}\n`;
  writeThrough(join(nursery, MANIFEST_FILE), Buffer.from(text));
  syncDirectory(join(nursery, SEGMENT_FOLDER));
  syncDirectory(nursery);
  if (existsSync(place)) rmdirSync(place);
  renameSync(nursery, place);
  return {
    directory: place,
    organizations: begun.tenants.length,
    rows: writer.segments.reduce((sum, segment) => sum + segment.rows, 0),
    bytes: writer.segments.reduce((sum, segment) => sum + segment.bytes, 0),
    audits: Object.fromEntries(
      begun.tenants.flatMap(({ tenantId, audit }) => (audit === undefined ? [] : [[tenantId, formatAnchor(audit)]])),
    ),
  };
}

function createSegmentWriter(nursery: string, main: MainKey) {
  const segments: Segment[] = [];
  const keys = new Map<string, Buffer>();
  let open: OpenSegment | null = null;

  function keyOf(tenantId: string | null): Buffer {
    const name = tenantId ?? INSTALLATION;
    const key = keys.get(name) ?? createDataKey();
    keys.set(name, key);
    return key;
  }

  async function flush(): Promise<void> {
    const finished = open;
    open = null;
    if (finished === null || finished.lines.length === 0) return;
    const { table, tenantId, lines } = finished;
    const file = String(segments.length + 1).padStart(6, '0');
    const plain = await compress(Buffer.from(`${lines.join('\n')}\n`));
    const sealed = sealBytes(keyOf(tenantId), plain, segmentContext({ file, table, tenantId }));
    writeThrough(join(nursery, SEGMENT_FOLDER, file), sealed);
    const sha256 = createHash('sha256').update(sealed).digest('hex');
    segments.push({ file, table, tenantId, rows: lines.length, bytes: sealed.length, sha256 });
  }

  return {
    segments,
    flush,
    async add(table: string, tenantId: string | null, lines: readonly string[]): Promise<void> {
      if (open !== null && (open.table !== table || open.tenantId !== tenantId)) await flush();
      open ??= { table, tenantId, lines: [], bytes: 0 };
      for (const line of lines) {
        open.lines.push(line);
        open.bytes += line.length;
      }
      if (open.bytes >= SEGMENT_BYTES) await flush();
    },
    wrappedKeys: (): Record<string, string> =>
      Object.fromEntries([...keys].map(([name, key]) => [name, wrapKey(main, key, name)])),
  };
}

function writeThrough(path: string, bytes: Buffer): void {
  const handle = openSync(path, 'wx', 0o600);
  for (let written = 0; written < bytes.length;) written += writeSync(handle, bytes, written);
  fsyncSync(handle);
  closeSync(handle);
}
