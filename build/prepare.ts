// Before the tests: the right Node, a Chromium for the pages and PostgreSQL for the server's second store. What is
// missing is installed where that needs nobody's leave (root on Debian), otherwise named with the command that helps.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { installChromiumCommand, locateChromium } from '../src/host/locate-chromium.ts';

function hasPostgres(): boolean {
  const base = '/usr/lib/postgresql';
  const isInPath = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .some((folder) => existsSync(path.join(folder, 'initdb')));
  return (
    isInPath ||
    (existsSync(base) && readdirSync(base).some((version) => existsSync(path.join(base, version, 'bin/initdb'))))
  );
}

interface Need {
  readonly name: string;
  readonly debianPackage: string;
  readonly command: string;
  isThere(): boolean;
}

const needs: readonly Need[] = [
  {
    name: 'Chromium',
    debianPackage: 'chromium',
    command: installChromiumCommand,
    isThere: () => locateChromium() !== undefined,
  },
  {
    name: 'PostgreSQL',
    debianPackage: 'postgresql',
    command: 'sudo apt-get install -y postgresql',
    isThere: hasPostgres,
  },
];

function installWithApt(packages: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-q'], { stdio: 'inherit', env });
  spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], { stdio: 'inherit', env });
}

function prepare(): number {
  if (!process.version.startsWith('v24.')) {
    console.error(
      `Outpost needs Node 24; this is ${process.version}. Run npm ci, which brings its own, and use the npm scripts.`,
    );
    return 1;
  }
  const findMissing = (): Need[] => needs.filter((need) => !need.isThere());
  const missing = findMissing();
  const canInstall = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (missing.length > 0 && canInstall) installWithApt(missing.map((need) => need.debianPackage));
  for (const need of findMissing()) console.error(`${need.name} is missing. Install it with: ${need.command}`);
  return findMissing().length === 0 ? 0 : 1;
}

process.exitCode = prepare();
