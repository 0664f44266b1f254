// PGlite ships without durability: it starts PostgreSQL with fsync off (-F) and its file system layer for Node has no
// fsync at all, so a commit lives in the page cache until the operating system feels like writing it. This file gives
// PostgreSQL a real fsync for files and directories. Remove it and a power cut may lose acknowledged work.
import { closeSync, fsyncSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

interface NodeFsStream {
  readonly nfd: number | undefined;
  readonly node: unknown;
}

interface NodeFsOperations {
  realPath(node: unknown): string;
  readonly stream_ops: { fsync?: (stream: NodeFsStream) => number };
}

type InitParameters = Parameters<NodeFS['init']>;

/** What PostgreSQL may answer when a directory cannot be synced on this platform; the data files still are. */
const UNSUPPORTED_FOR_DIRECTORIES: ReadonlySet<unknown> = new Set(['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'EBADF']);

export class DurableNodeFs extends NodeFS {
  override async init(pg: InitParameters[0], options: InitParameters[1]): ReturnType<NodeFS['init']> {
    const prepared = await super.init(pg, options);
    const preRun = prepared.emscriptenOpts.preRun ?? [];
    const addFsync: (typeof preRun)[number] = (module) => {
      const operations = module.NODEFS as unknown as NodeFsOperations;
      operations.stream_ops.fsync = (stream) => {
        if (stream.nfd === undefined) syncDirectory(operations.realPath(stream.node));
        else fsyncSync(stream.nfd);
        return 0;
      };
    };
    return { emscriptenOpts: { ...prepared.emscriptenOpts, preRun: [...preRun, addFsync] } };
  }
}

/** The start parameters of PGlite with fsync switched on, and with a plan of its own for each run of a statement. */
export function durableStartParameters(): string[] {
  const parameters = PGlite.defaultStartParams.filter((parameter) => parameter !== '-F');
  return [
    ...parameters,
    '-c',
    'fsync=on',
    '-c',
    'wal_sync_method=fsync',
    '-c',
    'synchronous_commit=on',
    '-c',
    'plan_cache_mode=force_custom_plan',
  ];
}

export function syncDirectory(path: string): void {
  let handle: number | null = null;
  try {
    handle = openSync(path, 'r');
    fsyncSync(handle);
  } catch (error) {
    if (!UNSUPPORTED_FOR_DIRECTORIES.has(codeOf(error))) throw error;
  } finally {
    if (handle !== null) closeSync(handle);
  }
}

/** Writes a whole directory tree through to the disk: once, after a database was initialised. */
export function syncTree(path: string): void {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) syncTree(child);
    else if (entry.isFile()) {
      const handle = openSync(child, 'r+');
      fsyncSync(handle);
      closeSync(handle);
    }
  }
  syncDirectory(path);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
