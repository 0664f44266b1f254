// Electron's executable: there, fetched now, or not to be had. The package itself carries no binary.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.resolve(import.meta.dirname, '../node_modules/electron');
const probeLimitMs = 3_000;
const downloadLimitMs = 180_000;

function findInstalled(): string | undefined {
  const pathFile = path.join(folder, 'path.txt');
  if (!existsSync(pathFile)) return undefined;
  const executable = path.join(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(executable) ? executable : undefined;
}

/** Asks first, so that a closed network costs three seconds and not minutes. */
async function canDownload(): Promise<boolean> {
  const source =
    process.env['ELECTRON_MIRROR'] ??
    process.env['npm_config_electron_mirror'] ??
    'https://github.com/electron/electron/releases/';
  try {
    const answer = await fetch(source, { method: 'HEAD', signal: AbortSignal.timeout(probeLimitMs) });
    return answer.status < 500;
  } catch {
    // No network, or no way to that host: both mean there is nothing to download.
    return false;
  }
}

/** The executable, downloading it once if need be; undefined when it cannot be had. */
export async function findElectron(): Promise<string | undefined> {
  const installed = findInstalled();
  if (installed !== undefined || !(await canDownload())) return installed;
  console.log('Downloading Electron …');
  spawnSync(process.execPath, [path.join(folder, 'install.js')], { stdio: 'ignore', timeout: downloadLimitMs });
  return findInstalled();
}
