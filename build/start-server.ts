// The sync server as a child of `npm start`: started, awaited, ended with the app. It comes back at the address it had
// before, because who signed in is known by the server's address; another port is taken only when that one is in use.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface RunningServer {
  readonly url: string;
  /** Ends it in good order; by force when it takes longer than it allows itself. */
  stop(): Promise<void>;
}

const startLimitMs = 60_000;
/** Longer than the server's own limit for requests under way. */
const stopLimitMs = 12_000;
/** Exit code of a server whose port is taken. */
const portInUse = 4;
const root = path.resolve(import.meta.dirname, '..');

function readListening(line: string): string | undefined {
  if (!line.startsWith('{"listening"')) return undefined;
  return (JSON.parse(line) as { listening: string }).listening;
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
  await gone;
  clearTimeout(force);
}

/** Null when the port is in use. Rejects with the server's last words when it ends for another reason or stays silent. */
async function startOn(port: string, dataFolder: string): Promise<RunningServer | null> {
  const child = spawn(
    process.execPath,
    [path.join(root, 'src/server/cli.ts'), '--port', port, '--data', dataFolder, '--demo'],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const lastLines: string[] = [];
  const remember = (line: string): void => {
    lastLines.push(line);
    if (lastLines.length > 30) lastLines.shift();
  };
  createInterface({ input: child.stderr }).on('line', remember);
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise<string | null>((resolve, reject) => {
    const fail = (reason: string): void => reject(new Error(`The sync server ${reason}.\n${lastLines.join('\n')}`));
    const limit = setTimeout(() => {
      child.kill('SIGKILL');
      fail('did not answer in 60 s');
    }, startLimitMs);
    lines.on('line', (line) => {
      const listening = readListening(line);
      if (listening === undefined) return remember(line);
      clearTimeout(limit);
      resolve(listening);
    });
    child.once('error', (error) => fail(`could not be started: ${error.message}`));
    child.once('close', (code) => {
      clearTimeout(limit);
      if (code === portInUse && port !== '0') resolve(null);
      else fail('ended before it was ready. Is Outpost already running on this data?');
    });
  });
  if (url === null) return null;
  child.once('exit', (code, signal) => {
    if (code !== 0 && signal === null)
      console.error(
        `The sync server ended with code ${String(code)}; the app works on offline.\n${lastLines.join('\n')}`,
      );
  });
  return { url, stop: () => stopChild(child) };
}

function readPort(file: string): string {
  const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  return /^[1-9]\d{3,4}$/.test(text) ? text : '0';
}

/** Rejects with the server's last words when it ends or stays silent. */
export async function startServer(dataFolder: string): Promise<RunningServer> {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const portFile = `${dataFolder}.port`;
  const server = (await startOn(readPort(portFile), dataFolder)) ?? (await startOn('0', dataFolder));
  if (server === null) throw new Error('The sync server found no free port.');
  writeFileSync(portFile, new URL(server.url).port);
  return server;
}
