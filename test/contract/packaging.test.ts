// What an installer would hold. Electron's own binary is stood in for by a file with nothing in it but the fuses, so the
// whole of electron-builder runs without a download; the result is never started.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAsar, type Asar } from '#test/support/read-asar.ts';
import { buildIfNeeded } from '../../build/build-if-needed.ts';

const root = path.resolve(import.meta.dirname, '../..');
const place = mkdtempSync(path.join(os.tmpdir(), 'outpost-package-'));
const unpacked = path.join(place, 'dist/linux-unpacked');
const resources = path.join(unpacked, 'resources');
const feed = 'https://updates.example.test/outpost';
const fuseMark = Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX');
/** By the place of its switch after the mark, the version and the number of fuses. */
const fuses = { runAsNode: 0, cookieEncryption: 1, nodeOptions: 2, nodeInspect: 3, onlyFromAsar: 5 } as const;
let archive: Asar;

/** What Electron's fuses are found by, then version 1 and the number of fuses, all of them as Electron ships them. */
function writeStubElectron(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const wire = Buffer.concat([fuseMark, Buffer.from([1, 9]), Buffer.from('101100010')]);
  writeFileSync(path.join(folder, 'electron'), Buffer.concat([Buffer.alloc(64), wire, Buffer.alloc(64)]), {
    mode: 0o755,
  });
}

beforeAll(async () => {
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
    env: { ...process.env, OUTPOST_UPDATE_URL: feed },
  });
  if (run.status !== 0) throw new Error(`${run.stdout}\n${run.stderr}`);
  archive = readAsar(path.join(resources, 'app.asar'));
}, 120_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

describe('the package', () => {
  it('PKG-1 holds the built application, and its package.json leads to it', () => {
    const manifest = JSON.parse(archive.readText('package.json')) as {
      readonly main: string;
      readonly devDependencies?: unknown;
    };
    expect(archive.names).toContain(path.posix.normalize(manifest.main));
    expect(manifest.devDependencies).toBeUndefined();
    expect(archive.names).toEqual(
      expect.arrayContaining(['out/preload/index.cjs', 'out/renderer/index.html', 'out/renderer/data-host.html']),
    );
  });

  it('PKG-1 holds every package that main loads, with what those load in turn', () => {
    const main = archive.readText('out/main/index.js');
    const named = [
      ...main.matchAll(/^import .*?from ["']([^."'#][^"']*)["'];?$|import\(["']([^."'#][^"']*)["']\)/gm),
    ].map((match) => match[1] ?? match[2] ?? '');
    const packages = new Set(
      named
        .filter((name) => !name.startsWith('node:') && name !== 'electron')
        .map((name) =>
          name
            .split('/')
            .slice(0, name.startsWith('@') ? 2 : 1)
            .join('/'),
        ),
    );
    expect([...packages]).toEqual(expect.arrayContaining(['electron-updater', 'ws']));
    const waiting = [...packages];
    for (const name of waiting) {
      expect(archive.names).toContain(`node_modules/${name}/package.json`);
      const manifest = JSON.parse(readFileSync(path.join(root, 'node_modules', name, 'package.json'), 'utf8')) as {
        readonly dependencies?: Readonly<Record<string, string>>;
      };
      // node-addon-api is headers for compiling.
      const further = Object.keys(manifest.dependencies ?? {}).filter((other) => other !== 'node-addon-api');
      waiting.push(...further.filter((other) => !waiting.includes(other)));
    }
  });

  it('PKG-2 holds no sources, tests, maps, runtimes or data of the workshop', () => {
    const unwanted = archive.names.filter(
      (name) =>
        /^(src|test|build|docs|dist)(\/|$)/.test(name) ||
        /\.(map|ts|tsx)$/.test(name) ||
        /^node_modules\/(node-|electron$|fastify|@electric-sql|pg$|@node-rs|react|rxdb)/.test(name) ||
        /^out\/(?!main|preload|renderer)./.test(name),
    );
    expect(unwanted).toEqual([]);
  });

  it('PKG-3 looks for new versions where the build was told, and opens outpost: links', () => {
    const update = readFileSync(path.join(resources, 'app-update.yml'), 'utf8');
    expect(update).toContain('provider: generic');
    expect(update).toContain(`url: ${feed}`);
    const settings = readFileSync(path.join(root, 'electron-builder.yml'), 'utf8');
    const main = archive.readText('out/main/index.js');
    const scheme = /schemes: \[(\w+)\]/.exec(settings)?.[1] ?? 'none in electron-builder.yml';
    expect(main).toMatch(new RegExp(`LINK_SCHEME = "${scheme}"`));
  });

  it('PKG-4 cannot be turned into a plain Node, nor made to load other code than its own', () => {
    const bytes = readFileSync(path.join(unpacked, 'outpost'));
    const wire = bytes.toString('latin1', bytes.indexOf(fuseMark) + fuseMark.length + 2);
    const isOn = (fuse: keyof typeof fuses): boolean => wire[fuses[fuse]] === '1';
    expect([isOn('runAsNode'), isOn('nodeOptions'), isOn('nodeInspect')]).toEqual([false, false, false]);
    expect([isOn('cookieEncryption'), isOn('onlyFromAsar')]).toEqual([true, true]);
  });

  it('PKG-5 has an icon for every system, of the sizes they ask for', () => {
    const png = readFileSync(path.join(root, 'build/icon.png'));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([512, 512]);
    const ico = readFileSync(path.join(root, 'build/icon.ico'));
    const sizes = Array.from({ length: ico.readUInt16LE(4) }, (_, index) => ico.readUInt8(6 + index * 16) || 256);
    expect(sizes).toEqual(expect.arrayContaining([16, 32, 48, 256]));
    for (const index of sizes.keys()) {
      const offset = ico.readUInt32LE(6 + index * 16 + 12);
      expect(ico.subarray(offset + 1, offset + 4).toString('latin1')).toBe('PNG');
    }
    const icns = readFileSync(path.join(root, 'build/icon.icns'));
    expect(icns.subarray(0, 4).toString('latin1')).toBe('icns');
    expect(icns.readUInt32BE(4)).toBe(icns.length);
    expect(existsSync(path.join(root, 'build/entitlements.mac.plist'))).toBe(true);
  });
});
