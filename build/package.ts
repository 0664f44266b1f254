// `npm run package`: builds what changed and makes the installers of the system it runs on. Further options go to
// electron-builder, for example `npm run package -- --linux deb`.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { buildIfNeeded } from './build-if-needed.ts';

const root = path.resolve(import.meta.dirname, '..');

// Not over http: whoever is on the way would decide what the next version is.
if (process.env['OUTPOST_UPDATE_URL']?.startsWith('https://') !== true) {
  console.error('Say where new versions will lie: OUTPOST_UPDATE_URL=https://… npm run package');
  process.exitCode = 1;
} else {
  await buildIfNeeded();
  const builder = path.join(root, 'node_modules/electron-builder/cli.js');
  const options = ['--publish', 'never', ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, [builder, ...options], { cwd: root, stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
