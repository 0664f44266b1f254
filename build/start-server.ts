// The sync server as a child of `npm start`: started on a free port, awaited, ended with the app.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
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

/** Rejects with the server's last words when it ends or stays silent. */
export async function startServer(dataFolder: string): Promise<RunningServer> {
  mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
  const child = spawn(
    process.execPath,
    [path.join(root, 'src/server/cli.ts'), '--port', '0', '--data', dataFolder, '--demo'],
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
  const url = await new Promise<string>((resolve, reject) => {
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
    child.once('close', () => {
      clearTimeout(limit);
      fail('ended before it was ready. Is Outpost already running on this data?');
    });
  });
  child.once('exit', (code, signal) => {
    if (code !== 0 && signal === null)
      console.error(
        `The sync server ended with code ${String(code)}; the app works on offline.\n${lastLines.join('\n')}`,
      );
  });
  return { url, stop: () => stopChild(child) };
}
