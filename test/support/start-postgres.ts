// A real PostgreSQL of this machine's own binaries, in a directory of its own, reachable only through a socket in it.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Client } from 'pg';

export interface RunningPostgres {
  readonly databaseUrl: string;
  /** A new empty database on the same server. */
  createDatabase(name: string): Promise<string>;
  /** Ends all its processes with SIGKILL, as a loss of power would, and starts it again on the same data. */
  killAndRestart(): Promise<void>;
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** Commits reach the disk, as in production. Off by default: tests are faster and survive everything but a power cut. */
  readonly isDurable?: boolean;
}

/** The directory with initdb and postgres, or null when this machine has none. */
export function findPostgresBinaries(): string | null {
  const debianRoot = '/usr/lib/postgresql';
  const versions = existsSync(debianRoot)
    ? readdirSync(debianRoot).map((version) => join(debianRoot, version, 'bin'))
    : [];
  const candidates = [...versions.reverse(), ...(process.env['PATH'] ?? '').split(delimiter)];
  return candidates.find((path) => existsSync(join(path, 'initdb')) && existsSync(join(path, 'postgres'))) ?? null;
}

/** PostgreSQL refuses to run as root: then it runs as the first of these accounts that exists. */
function accountToUse(): { readonly name: string; readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    try {
      const uid = Number(execFileSync('id', ['-u', name], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());
      const gid = Number(execFileSync('id', ['-g', name], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());
      return { name, uid, gid };
    } catch (error) {
      if (!(error instanceof Error && 'status' in error)) throw error;
    }
  }
  throw new Error('PostgreSQL cannot run as root and there is no account postgres or nobody.');
}

export async function startPostgres(binaries: string, options: PostgresOptions = {}): Promise<RunningPostgres> {
  const account = accountToUse();
  const root = mkdtempSync(join(tmpdir(), 'outpost-postgres-'));
  if (account !== null) chownSync(root, account.uid, account.gid);
  const data = join(root, 'data');
  const identity = account === null ? {} : { uid: account.uid, gid: account.gid };
  execFileSync(
    join(binaries, 'initdb'),
    ['-D', data, '-U', 'outpost_owner', '--auth=trust', '-E', 'UTF8', '--locale=C', '-N'],
    {
      ...identity,
      cwd: root,
      stdio: 'pipe',
    },
  );
  const fsync = options.isDurable === true ? 'fsync=on' : 'fsync=off';
  const settings = ['-D', data, '-k', root, '-c', 'listen_addresses=', '-c', 'max_connections=60', '-c', fsync];
  const urlOf = (database: string): string =>
    `postgresql://outpost_owner@/${database}?host=${encodeURIComponent(root)}`;
  const start = async (): Promise<ChildProcess> => {
    const started = spawn(join(binaries, 'postgres'), settings, {
      ...identity,
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    await waitUntilReady(urlOf('postgres'), started);
    return started;
  };
  let server = await start();
  return {
    async killAndRestart() {
      const ended = once(server, 'exit');
      const children = childrenOf(server.pid ?? 0);
      server.kill('SIGKILL');
      for (const pid of children) killIfThere(pid);
      await ended;
      await waitUntil(() => children.every((pid) => !existsSync(`/proc/${String(pid)}`)));
      server = await start();
    },
    databaseUrl: urlOf('postgres'),
    async createDatabase(name) {
      const client = new Client({ connectionString: urlOf('postgres') });
      await client.connect();
      await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
      await client.end();
      return urlOf(name);
    },
    async stop() {
      const ended = new Promise((resolve) => {
        server.once('exit', resolve);
      });
      server.kill('SIGINT');
      await ended;
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const status = readFileSync(`/proc/${name}/status`, 'utf8');
      return new RegExp(`^PPid:\\s+${String(parent)}$`, 'm').test(status) ? [Number(name)] : [];
    } catch (error) {
      // It ended while we looked.
      if (error instanceof Error && 'code' in error) return [];
      throw error;
    }
  });
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

async function waitUntil(isTrue: () => boolean): Promise<void> {
  const deadlineMs = Date.now() + 30_000;
  while (!isTrue()) {
    if (Date.now() > deadlineMs) throw new Error('PostgreSQL did not end.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function waitUntilReady(databaseUrl: string, server: ChildProcess): Promise<void> {
  let output = '';
  server.stderr?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const deadlineMs = Date.now() + 30_000;
  while (Date.now() < deadlineMs) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL did not start:\n${output}`);
    const client = new Client({ connectionString: databaseUrl });
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      await new Promise((resolve) => {
        setTimeout(resolve, 50);
      });
    }
  }
  throw new Error(`PostgreSQL did not answer in time:\n${output}`);
}
