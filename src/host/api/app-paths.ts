// app.getPath: Electron's places per platform, with --user-data-dir first.
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { hostState } from '../host-state.ts';

const chosen = new Map<string, string>();
const home = os.homedir();

function findAppData(): string {
  if (process.platform === 'win32') return process.env['APPDATA'] ?? path.join(home, 'AppData/Roaming');
  if (process.platform === 'darwin') return path.join(home, 'Library/Application Support');
  return process.env['XDG_CONFIG_HOME'] ?? path.join(home, '.config');
}

/** The user's own names for folders, as xdg-user-dirs writes them. */
function findUserFolder(key: string, fallback: string): string {
  if (process.platform !== 'linux') return path.join(home, fallback);
  try {
    const lines = readFileSync(path.join(findAppData(), 'user-dirs.dirs'), 'utf8');
    const found = new RegExp(`^XDG_${key}_DIR="(.*)"$`, 'm').exec(lines)?.[1];
    return found === undefined ? path.join(home, fallback) : found.replace('$HOME', home);
  } catch {
    return path.join(home, fallback);
  }
}

function findUserData(): string {
  const given = hostState.switches.get('user-data-dir');
  if (given !== undefined && given !== '') return path.resolve(given);
  return path.join(findPath('appData'), hostState.packageInfo.productName ?? hostState.packageInfo.name);
}

const places: Record<string, () => string> = {
  home: () => home,
  appData: findAppData,
  userData: findUserData,
  sessionData: () => findPath('userData'),
  temp: () => os.tmpdir(),
  exe: () => hostState.executable,
  logs: () => path.join(findPath('userData'), 'logs'),
  crashDumps: () => path.join(findPath('userData'), 'Crashpad'),
  desktop: () => findUserFolder('DESKTOP', 'Desktop'),
  documents: () => findUserFolder('DOCUMENTS', 'Documents'),
  downloads: () => findUserFolder('DOWNLOAD', 'Downloads'),
  music: () => findUserFolder('MUSIC', 'Music'),
  pictures: () => findUserFolder('PICTURES', 'Pictures'),
  videos: () => findUserFolder('VIDEOS', 'Videos'),
};

/** Throws for a name Electron does not know either. */
export function findPath(name: string): string {
  const place = chosen.get(name) ?? places[name]?.();
  if (place === undefined) throw new Error(`Failed to get '${name}' path`);
  return place;
}

export function choosePath(name: string, place: string): void {
  if (!path.isAbsolute(place)) throw new Error('Path must be absolute');
  chosen.set(name, place);
}
