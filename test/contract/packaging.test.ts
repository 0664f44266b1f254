// What an installer would hold; the result is not started here.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fuseMark, packageApp, updateFeed, type PackagedApp } from '#test/support/package-app.ts';

const root = path.resolve(import.meta.dirname, '../..');
const place = mkdtempSync(path.join(os.tmpdir(), 'outpost-package-'));
/** By the place of its switch after the mark, the version and the number of fuses. */
const fuses = {
  runAsNode: 0,
  cookieEncryption: 1,
  nodeOptions: 2,
  nodeInspect: 3,
  asarIntegrity: 4,
  onlyFromAsar: 5,
} as const;
let packaged: PackagedApp;
let archive: PackagedApp['archive'];
let unpacked: string;

beforeAll(async () => {
  packaged = await packageApp(place);
  archive = packaged.archive;
  unpacked = path.join(packaged.resources, 'app.asar.unpacked');
}, 120_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** Packages a built file imports, without those of Node and Electron. */
function readImports(code: string): readonly string[] {
  const named = [...code.matchAll(/^import .*?from ["']([^."'#][^"']*)["'];?$|import\(["']([^."'#][^"']*)["']\)/gm)];
  return named
    .map((match) => match[1] ?? match[2] ?? '')
    .filter((name) => !name.startsWith('node:') && name !== 'electron')
    .map((name) =>
      name
        .split('/')
        .slice(0, name.startsWith('@') ? 2 : 1)
        .join('/'),
    );
}

/** Where Node finds a package for files of this folder, without leaving the packaged application; null when it does not. */
function findPackage(name: string, folder: string, top: string): string | null {
  const found = path.join(folder, 'node_modules', name);
  if (existsSync(path.join(found, 'package.json'))) return found;
  return folder === top ? null : findPackage(name, path.dirname(folder), top);
}

/** Packages that are named, by these files or by a package they lead to, and cannot be found. */
function listMissing(packages: readonly string[], top: string): readonly string[] {
  const waiting = packages.map((name) => ({ name, from: top }));
  const seen = new Set<string>();
  const missing: string[] = [];
  for (const { name, from } of waiting) {
    const folder = findPackage(name, from, top);
    if (folder === null) missing.push(`${name} for ${path.relative(top, from)}`);
    if (folder === null || seen.has(folder)) continue;
    seen.add(folder);
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
      readonly dependencies?: Readonly<Record<string, string>>;
    };
    // node-addon-api is headers for compiling.
    const further = Object.keys(manifest.dependencies ?? {}).filter((other) => other !== 'node-addon-api');
    waiting.push(...further.map((other) => ({ name: other, from: folder })));
  }
  return missing;
}

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
    const scripts = archive.names.filter((name) => /^out\/main\/.*\.js$/.test(name));
    const packages = [...new Set(scripts.flatMap((name) => readImports(archive.readText(name))))];
    expect(packages).toEqual(expect.arrayContaining(['electron-updater', 'ws']));
    expect(listMissing(packages, unpacked)).toEqual([]);
  });

  it('PKG-6 holds the embedded server with its packages, outside of the archive, where threads and databases can read', () => {
    const built = ['embedded.mjs', 'pglite-worker.mjs'].map((name) => path.join(unpacked, 'out/server', name));
    const packages = built.flatMap((file) => readImports(readFileSync(file, 'utf8')));
    expect(packages).toEqual(expect.arrayContaining(['fastify', '@electric-sql/pglite', '@node-rs/argon2']));
    expect(listMissing(packages, unpacked)).toEqual([]);
    const packed = archive.names.filter(
      (name) => /^(out\/server|node_modules)\//.test(name) && !archive.isUnpacked(name),
    );
    expect(packed).toEqual([]);
  });

  it('PKG-2 holds no sources, tests, maps, runtimes or data of the workshop', () => {
    const unwanted = archive.names.filter(
      (name) =>
        /^(src|test|build|docs|dist)(\/|$)/.test(name) ||
        /\.(map|ts|tsx)$/.test(name) ||
        /^node_modules\/(node-|electron\/|typescript|vite|react|rxdb|playwright)/.test(name) ||
        /^out\/(?!main|preload|renderer|server)./.test(name),
    );
    expect(unwanted).toEqual([]);
  });

  it('PKG-3 looks for new versions where the build was told, and opens outpost: links', () => {
    const update = readFileSync(path.join(packaged.resources, 'app-update.yml'), 'utf8');
    expect(update).toContain('provider: generic');
    expect(update).toContain(`url: ${updateFeed}`);
    const settings = readFileSync(path.join(root, 'electron-builder.yml'), 'utf8');
    const main = archive.readText('out/main/index.js');
    const scheme = /schemes: \[(\w+)\]/.exec(settings)?.[1] ?? 'none in electron-builder.yml';
    expect(main).toMatch(new RegExp(`LINK_SCHEME = "${scheme}"`));
  });

  it('D7 PKG-4 cannot be turned into a plain Node, nor made to load other code than its own', () => {
    const bytes = readFileSync(path.join(packaged.folder, 'outpost'));
    const wire = bytes.toString('latin1', bytes.indexOf(fuseMark) + fuseMark.length + 2);
    const isOn = (fuse: keyof typeof fuses): boolean => wire[fuses[fuse]] === '1';
    expect([isOn('runAsNode'), isOn('nodeOptions'), isOn('nodeInspect')]).toEqual([false, false, false]);
    expect([isOn('cookieEncryption'), isOn('onlyFromAsar'), isOn('asarIntegrity')]).toEqual([true, true, true]);
  });

  it.each(['http://updates.example.test/outpost', 'file:///updates', ''])(
    'D8 is not made to look for new versions at "%s", where anybody on the way can put one',
    (address) => {
      const run = spawnSync(process.execPath, [path.join(root, 'build/package.ts')], {
        encoding: 'utf8',
        env: { ...process.env, OUTPOST_UPDATE_URL: address },
      });
      expect([run.status, run.stderr]).toEqual([1, expect.stringContaining('https://') as string]);
    },
  );

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
