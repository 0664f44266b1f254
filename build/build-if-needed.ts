// Builds the desktop app when what it is made of has changed since the last build. Decided by content, not by dates,
// so that changing branches back and forth does not build in vain, nor start yesterday's app.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const sources = [
  'src/main',
  'src/preload',
  'src/renderer',
  'src/server',
  'src/shared',
  'resources',
  'electron.vite.config.ts',
  'vite.server.config.ts',
  'package.json',
  'package-lock.json',
];
const results = ['out/main/index.js', 'out/preload/index.cjs', 'out/renderer/index.html', 'out/server/embedded.mjs'];
const stampFile = path.join(root, 'out/built-from');

function listFiles(place: string): string[] {
  const found = readdirSync(place, { recursive: true, withFileTypes: true });
  return found.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

function computeFingerprint(): string {
  const hash = createHash('sha256');
  const files = sources
    .map((name) => path.join(root, name))
    .flatMap((place) => (path.extname(place) === '' ? listFiles(place) : [place]));
  for (const file of files.toSorted())
    hash
      .update(`${path.relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  return hash.digest('hex');
}

function isUpToDate(fingerprint: string): boolean {
  const isThere = results.every((name) => existsSync(path.join(root, name)));
  return isThere && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === fingerprint;
}

/** The application and the server it brings along. */
const builds: readonly (readonly string[])[] = [
  ['electron-vite/bin/electron-vite.js', 'build'],
  ['vite/bin/vite.js', 'build', '--config', 'vite.server.config.ts'],
];

function runBuild([tool = '', ...args]: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [path.join(root, 'node_modules', tool), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`The app could not be built.\n${output}`)),
    );
  });
}

/** True when it had to build. Rejects with the build's own words when it fails. */
export async function buildIfNeeded(): Promise<boolean> {
  const fingerprint = computeFingerprint();
  if (isUpToDate(fingerprint)) return false;
  rmSync(stampFile, { force: true });
  for (const build of builds) await runBuild(build);
  writeFileSync(stampFile, fingerprint);
  return true;
}
