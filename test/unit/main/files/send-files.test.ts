import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createFileTransfers, type FileClient, type FileTransfers } from '#main/files/file-transfers.ts';
import { openProfileFiles, type FileNews, type ProfileFiles } from '#main/files/profile-files.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';

let directory: string;
let files: ProfileFiles;
let transfers: FileTransfers;
/** Files the server knows of. */
let announced: Set<string>;
let unsent: Set<string>;
let asked: string[];
let ids: number;

const nothing: FileNews = {
  held: new Map(),
  unsent: new Set(),
  deleted: new Set(),
  refused: new Map(),
  attached: new Set(),
  isComplete: true,
};

const open = (): ProfileFiles =>
  openProfileFiles({
    directory,
    key: new Uint8Array(32),
    clock: { now: () => 1_795_000_000_000 },
    createId: () => `file-${String((ids += 1))}`,
    sizeLimitMb: () => 10,
    onChanged: () => undefined,
    onRemoved: () => undefined,
  });

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'outpost-files-'));
  [announced, unsent, asked, ids] = [new Set(), new Set(), [], 0];
  files = open();
  const client = {
    readUpload: (_url: string, _token: string, id: string) => {
      asked.push(id);
      return announced.has(id)
        ? Promise.resolve({ received: [], isComplete: true })
        : Promise.reject(new OutpostError('not_visible', 'This record is not available to you.'));
    },
    completeUpload: () => Promise.resolve(),
  } as unknown as FileClient;
  transfers = createFileTransfers({
    profile: {
      account: { serverUrl: 'https://outpost.example' },
      access: { run: (work: (token: string) => Promise<unknown>) => work('token') },
    } as never,
    files,
    client,
    scheduler: { after: () => ({ cancel: () => undefined }) },
    isOnline: () => true,
    isUnsent: (id) => unsent.has(id),
    nextWanted: () => null,
    onChanged: () => undefined,
    onFetched: () => undefined,
    log: () => undefined,
  });
});
afterEach(() => {
  transfers.stop();
  files.close();
  rmSync(directory, { recursive: true, force: true });
});

async function handOver(isMadeAgain: boolean): Promise<string> {
  const { id } = files.begin('Re: Offer.eml', 3, { isMadeAgain });
  files.append(id, 0, new Uint8Array([1, 2, 3]));
  await files.finish(id);
  return id;
}

it('SYNC-47 EML-13 a copy that waits for its record is not offered to the server before, and is not called refused', async () => {
  const id = await handOver(true);
  transfers.wake();
  await new Promise((settle) => setImmediate(settle));
  expect(asked).toEqual([]);
  const operation = { kind: 'create', entity: 'file', recordId: id, changes: [{ to: { mailContentId: 'm1-t' } }] };
  unsent.add(id);
  files.noteOperations([operation as unknown as OperationDraft]);
  transfers.wake();
  await new Promise((settle) => setImmediate(settle));
  expect(asked).toEqual([]);
  announced.add(id);
  unsent.delete(id);
  transfers.wake();
  await vi.waitFor(() => expect(files.entry(id)?.stage).toBe('copy'));
  expect(asked).toEqual([id]);
  expect(files.refused()).toEqual([]);
});

it('EML-13 a copy of a mail that was not attached when Outpost ended is gone without a word, a file of a person is told of', async () => {
  const made = await handOver(true);
  const given = await handOver(false);
  files.follow(nothing);
  expect(files.refused()).toEqual([]);
  files.close();
  files = open();
  files.follow(nothing);
  expect(files.refused()).toMatchObject([{ id: given }]);
  expect(files.entry(made)).toBeUndefined();
});
