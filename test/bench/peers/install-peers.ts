// Peers that are no part of the product come when a figure needs them, from the lock file beside this one.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Rejects what npm says when it cannot fetch them. Runs no script of any package: LevelDB brings its binaries. */
export function installPeers(): void {
  const { dependencies } = JSON.parse(readFileSync(path.join(import.meta.dirname, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const isThere = (name: string): boolean => existsSync(path.join(import.meta.dirname, 'node_modules', name));
  if (Object.keys(dependencies).every(isThere)) return;
  process.stderr.write('  fetching the peers\n');
  const isWindows = process.platform === 'win32';
  const npm = spawnSync(isWindows ? 'npm.cmd' : 'npm', ['ci', '--ignore-scripts'], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    shell: isWindows,
  });
  if (npm.status !== 0) throw new Error(`The peers could not be fetched: ${npm.stderr}`);
}
