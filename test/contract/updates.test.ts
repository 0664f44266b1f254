// New versions from a plain folder on a web server, through the application's own channel and electron-updater: what is
// told at each step, and that a file that is not what the feed promised never becomes an update.
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Device, waitFor } from '#test/support/device.ts';
import { buildIfNeeded } from '../../build/build-if-needed.ts';
import type { UpdateStatus } from '#shared/ipc/app-channels.ts';

interface Release {
  readonly version: string;
  readonly promised: Buffer;
  /** What lies there instead. */
  readonly served?: Buffer;
  /** The line breaks after so many bytes. */
  readonly cutAfter?: number;
  /** Further lines of the feed. */
  readonly notes?: readonly string[];
}

const content = randomBytes(200_000);
let feed: Server;
let release: Release | null = null;
let feedUrl = '';
let device: Device | null = null;
let cache = '';

const nameOf = ({ version }: Release): string => `Outpost-${version}.AppImage`;

function describeRelease(current: Release): string {
  const sha512 = createHash('sha512').update(current.promised).digest('base64');
  const { length } = current.promised;
  return [
    `version: ${current.version}`,
    'files:',
    `  - url: ${nameOf(current)}`,
    `    sha512: ${sha512}`,
    `    size: ${length}`,
    `path: ${nameOf(current)}`,
    `sha512: ${sha512}`,
    "releaseDate: '2026-11-21T09:00:00.000Z'",
    ...(current.notes ?? []),
  ].join('\n');
}

function sendFile({ served, promised, cutAfter }: Release, response: ServerResponse): void {
  const bytes = served ?? promised;
  if (cutAfter === undefined) {
    response.end(bytes);
    return;
  }
  response.writeHead(200, { 'content-length': bytes.length });
  response.write(bytes.subarray(0, cutAfter), () => response.destroy());
}

beforeAll(async () => {
  await buildIfNeeded();
  feed = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://feed');
    if (release !== null && pathname === '/u/latest-linux.yml') response.end(describeRelease(release));
    else if (release !== null && pathname === `/u/${nameOf(release)}`) sendFile(release, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => feed.listen(0, '127.0.0.1', resolve));
  feedUrl = `http://127.0.0.1:${(feed.address() as AddressInfo).port}/u/`;
}, 120_000);
afterEach(async () => {
  await device?.remove();
  device = null;
  rmSync(cache, { recursive: true, force: true });
});
afterAll(() => new Promise((resolve) => feed.close(resolve)));

/** The application as it runs from an AppImage, looking for new versions here; every status it tells is kept in the page. */
async function start(): Promise<Device> {
  cache = mkdtempSync(path.join(os.tmpdir(), 'outpost-updates-'));
  const image = path.join(cache, 'Outpost-0.1.0.AppImage');
  writeFileSync(image, 'the version that runs');
  const started = new Device({
    serverUrl: null,
    env: { OUTPOST_UPDATE_FEED: feedUrl, APPIMAGE: image, XDG_CACHE_HOME: path.join(cache, 'cache') },
  });
  device = started;
  const page = await started.start();
  await page.evaluate(() => {
    const told: UpdateStatus[] = [];
    Object.assign(globalThis, { told });
    window.outpost.on('update.changed', (status) => told.push(status));
  });
  return started;
}

const readTold = (from: Device): Promise<readonly UpdateStatus[]> =>
  from.page.evaluate(() => (globalThis as unknown as { told: readonly UpdateStatus[] }).told);

async function checkUntil(who: Device, end: UpdateStatus['state']): Promise<readonly UpdateStatus[]> {
  await who.invoke('update.check', {});
  await waitFor(`the update to be ${end}`, async () => (await readTold(who)).at(-1)?.state === end);
  return readTold(who);
}

function listDownloads(): readonly string[] {
  return readdirSync(cache, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.parentPath.includes('pending'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => file.endsWith('.AppImage'));
}

describe('updates', () => {
  it('UPD-1 a newer version is announced, fetched and ready, and installs only when asked', async () => {
    release = { version: '99.0.0', promised: content };
    const who = await start();
    const told = await checkUntil(who, 'ready');
    expect(told.map((status) => status.state)).toEqual(expect.arrayContaining(['checking', 'available', 'ready']));
    expect(told.at(-1)).toEqual({ state: 'ready', version: '99.0.0' });
    expect(await who.invoke('update.status', {})).toEqual({ state: 'ready', version: '99.0.0' });
    const [file = ''] = listDownloads();
    expect(readFileSync(file).equals(content)).toBe(true);
    await who.quit();
    expect(readFileSync(path.join(cache, 'Outpost-0.1.0.AppImage'), 'utf8')).toBe('the version that runs');
  });

  it('D8 UPD-2 a file that is not what the feed promised is thrown away, and the person is told why', async () => {
    const served = Buffer.from(content);
    served[1000] = (served[1000] ?? 0) ^ 1;
    release = { version: '99.0.1', promised: content, served };
    const who = await start();
    const told = await checkUntil(who, 'failed');
    expect(told.map((status) => status.state)).not.toContain('ready');
    expect(told.at(-1)).toMatchObject({ message: expect.stringContaining('not the file') as string });
    expect(listDownloads()).toEqual([]);
    await who.invoke('update.install', {});
    expect(await who.status()).toBeDefined();
    release = { version: '99.0.1', promised: content };
    expect((await checkUntil(who, 'ready')).at(-1)).toEqual({ state: 'ready', version: '99.0.1' });
  });

  it('D8 UPD-4 a download that breaks off brings nothing, notes of a release are never shown, and trying again helps', async () => {
    const notes = ['releaseName: <img src=x onerror=alert(1)>', 'releaseNotes: <script>alert(1)</script>'];
    release = { version: '99.0.2', promised: content, cutAfter: 50_000, notes };
    const who = await start();
    const before = readdirSync(who.userData).toSorted();
    const told = await checkUntil(who, 'failed');
    expect(told.map((status) => status.state)).not.toContain('ready');
    expect(listDownloads()).toEqual([]);
    expect(JSON.stringify(told)).not.toMatch(/script|onerror/);
    expect(readdirSync(who.userData).toSorted()).toEqual(expect.arrayContaining(before));
    release = { version: '99.0.2', promised: content, notes };
    expect((await checkUntil(who, 'ready')).at(-1)).toEqual({ state: 'ready', version: '99.0.2' });
    expect(await who.page.content()).not.toContain('alert(1)');
  });

  it('D8 UPD-3 the same or an older version is no update, and a feed that does not answer is told', async () => {
    release = { version: '0.0.9', promised: content };
    const who = await start();
    await checkUntil(who, 'none');
    release = null;
    const told = await checkUntil(who, 'failed');
    expect(told.at(-1)).toMatchObject({ message: expect.stringContaining('Try again later') as string });
    expect(listDownloads()).toEqual([]);
  });
});
