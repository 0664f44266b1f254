import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CHUNK_BYTES } from '#shared/files/file-limits.ts';
import { openBlobStore, type BlobKey, type BlobStore } from '#main/files/blob-store.ts';
import { bytesOf, chunksOf } from '#test/support/file-operations.ts';

const content = bytesOf(2 * CHUNK_BYTES + 5);
let directory: string;
let blobs: BlobStore;
let place: BlobKey;

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'outpost-blobs-'));
  blobs = openBlobStore(directory);
  place = blobs.create('file-1', content.length);
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function writeAll(): void {
  for (const [index, { bytes }] of chunksOf(content).entries()) blobs.append(place, index, bytes);
}

test('D10 content lies sealed under a random name, and comes back chunk by chunk', () => {
  const canary = new TextEncoder().encode('canary-of-a-secret-offer');
  const own = blobs.create('secret-offer', canary.length);
  blobs.append(own, 0, canary);
  writeAll();
  expect(blobs.count(place)).toBe(3);
  const read = Buffer.concat([0, 1, 2].map((index) => blobs.read(place, index)));
  expect(Buffer.compare(read, Buffer.from(content))).toBe(0);
  const names = readdirSync(directory);
  expect(names.every((name) => /^[0-9a-f]{32}\.blob$/.test(name))).toBe(true);
  expect(names.some((name) => readFileSync(path.join(directory, name)).includes('canary'))).toBe(false);
});

test('D10 a chunk that was changed, moved, taken from another file or read with another key is noticed', () => {
  writeAll();
  const file = path.join(directory, place.blob);
  const sealed = readFileSync(file);
  const stride = CHUNK_BYTES + 28;
  const swapped = Buffer.concat([
    sealed.subarray(stride, 2 * stride),
    sealed.subarray(0, stride),
    sealed.subarray(2 * stride),
  ]);
  writeFileSync(file, swapped);
  expect(() => blobs.read(place, 0)).toThrow(/damaged/);
  writeFileSync(file, sealed);
  expect(() => blobs.read({ ...place, fileId: 'file-2' }, 0)).toThrow(/damaged/);
  expect(() => blobs.read({ ...place, key: Buffer.alloc(32).toString('base64') }, 0)).toThrow(/damaged/);
  sealed[100] = (sealed[100] ?? 0) ^ 1;
  writeFileSync(file, sealed);
  expect(() => blobs.read(place, 0)).toThrow(/damaged/);
  expect(blobs.read(place, 1)).toHaveLength(CHUNK_BYTES);
});

test('SYNC-54 half of a chunk that a crash left does not count, and is written over', () => {
  writeAll();
  truncateSync(path.join(directory, place.blob), CHUNK_BYTES + 28 + 1000);
  expect(blobs.count(place)).toBe(1);
  const chunks = chunksOf(content);
  for (const index of [1, 2]) blobs.append(place, index, chunks[index]?.bytes ?? content);
  expect(Buffer.from(blobs.read(place, 2))).toEqual(Buffer.from(content.subarray(2 * CHUNK_BYTES)));
});

test('D6 a name that is none of the store leads nowhere', () => {
  expect(() => blobs.count({ ...place, blob: '../../outside' })).toThrow(/damaged/);
});
