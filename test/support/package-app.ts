// Runs the whole of electron-builder without a download: Electron's own binary is stood in for by a file with nothing in
// it but the fuses. The result holds everything an installer would, and is no program.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readAsar, type Asar } from '#test/support/read-asar.ts';
import { buildIfNeeded } from '../../build/build-if-needed.ts';

const root = path.resolve(import.meta.dirname, '../..');
/** What Electron's fuses are found by. */
export const fuseMark = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX');
export const updateFeed = 'https://updates.example.test/outpost';

export interface PackagedApp {
  /** The folder with the executable. */
  readonly folder: string;
  readonly resources: string;
  readonly archive: Asar;
}

/** The mark, then version 1 and the number of fuses, all of them as Electron ships them. */
function writeStubElectron(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const wire = Buffer.concat([fuseMark, Buffer.from([1, 9]), Buffer.from('101100010')]);
  writeFileSync(path.join(folder, 'electron'), Buffer.concat([Buffer.alloc(64), wire, Buffer.alloc(64)]), {
    mode: 0o755,
  });
}

/** Packages the application of this tree for Linux, below `place`. */
export async function packageApp(place: string): Promise<PackagedApp> {
  await buildIfNeeded();
  writeStubElectron(path.join(place, 'electron'));
  const { version } = JSON.parse(readFileSync(path.join(root, 'node_modules/electron/package.json'), 'utf8')) as {
    readonly version: string;
  };
  const settings = [
    `--config.electronDist=${path.join(place, 'electron')}`,
    `--config.electronVersion=${version}`,
    `--config.directories.output=${path.join(place, 'dist')}`,
  ];
  const run = spawnSync(process.execPath, [path.join(root, 'build/package.ts'), '--linux', 'dir', ...settings], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, OUTPOST_UPDATE_URL: updateFeed },
  });
  if (run.status !== 0) throw new Error(`${run.stdout}\n${run.stderr}`);
  const folder = path.join(place, 'dist/linux-unpacked');
  const resources = path.join(folder, 'resources');
  return { folder, resources, archive: readAsar(path.join(resources, 'app.asar')) };
}

/**
 * The same files where no Electron reads the archive: its content as a folder of its name, and beside it what was
 * unpacked, seen from inside the archive as Electron shows it. Answers the folder of the application.
 */
export function layOutArchive({ resources, archive }: PackagedApp, place: string): string {
  const app = path.join(place, 'app.asar');
  for (const name of archive.names.filter((file) => !archive.isUnpacked(file))) {
    const file = path.join(app, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, archive.readBytes(name));
  }
  cpSync(path.join(resources, 'app.asar.unpacked'), `${app}.unpacked`, { recursive: true });
  symlinkSync('../app.asar.unpacked/node_modules', path.join(app, 'node_modules'));
  return app;
}
