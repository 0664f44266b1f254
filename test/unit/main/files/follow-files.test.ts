import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openProfileFiles, type FileNews, type ProfileFiles } from '#main/files/profile-files.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';

let directory: string;
let files: ProfileFiles;
let id: string;

beforeEach(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'outpost-files-'));
  files = openProfileFiles({
    directory,
    key: new Uint8Array(32),
    clock: { now: () => 1_795_000_000_000 },
    createId: () => 'file-1',
    sizeLimitMb: () => 10,
    onChanged: () => undefined,
    onRemoved: () => undefined,
  });
  ({ id } = files.begin('Offer.eml', 3));
  files.append(id, 0, new Uint8Array([1, 2, 3]));
  await files.finish(id);
  files.noteOperations([
    { kind: 'create', entity: 'file', recordId: id, changes: [{ to: { dealId: 'd1' } }] } as unknown as OperationDraft,
  ]);
});
afterEach(() => {
  files.close();
  rmSync(directory, { recursive: true, force: true });
});

const nothing: FileNews = {
  held: new Map(),
  unsent: new Set(),
  deleted: new Set(),
  refused: new Map(),
  attached: new Set(),
  isComplete: true,
};

it('SYNC-47 a file that was attached and sent while the data host was asked is not taken for one whose record is gone', () => {
  files.follow(nothing);
  expect(files.refused()).toEqual([]);
  files.follow({ ...nothing, attached: new Set([id]) });
  expect(files.refused()).toMatchObject([{ id, name: 'Offer.eml' }]);
});

it('SYNC-47 a file whose record is there again is sent', () => {
  files.follow({ ...nothing, attached: new Set([id]) });
  expect(files.refused()).toHaveLength(1);
  const seen = { id, sizeBytes: 3, sha256: '', isAvailable: false, isOwn: true } as never;
  files.follow({ ...nothing, attached: new Set([id]), held: new Map([[id, seen]]) });
  expect(files.refused()).toEqual([]);
  expect(files.entry(id)?.stage).toBe('waiting');
});
