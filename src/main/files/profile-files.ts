// The files of an open profile: what is taken from a page, what is kept, and what goes. What somebody attached here stays until
// the server has all of it, or the person says otherwise, whatever happens to the record. A copy stays as long as the record it
// belongs to is held, and not a moment longer: its key goes first.
import { createHash } from 'node:crypto';
import type { RecordReference } from '#shared/access/parent-record.ts';
import type { FileState, FilesUsage, RefusedFile, SeenFile, TakenFile } from '#shared/ipc/file-state.ts';
import { fileParentFields } from '#shared/entities/file/file.ts';
import { cleanFileName } from '#shared/files/file-name.ts';
import { countChunks, toSizeLimitBytes } from '#shared/files/file-limits.ts';
import { sniffType } from '#shared/files/sniff-type.ts';
import { OutpostError, type ErrorData } from '#shared/kernel/errors.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';
import { openBlobStore, type BlobStore } from '#main/files/blob-store.ts';
import { openFileIndex, type FileEntry, type FileIndex } from '#main/files/file-index.ts';

/** How long something that was deleted before it was sent can be brought back. */
const DELETED_KEPT_MS = 86_400_000;

export interface ProfileFilesOptions {
  readonly directory: string;
  readonly key: Uint8Array;
  readonly clock: Clock;
  readonly createId: () => string;
  /** Largest file the organization takes; undefined when the server never said. */
  readonly sizeLimitMb: () => number | undefined;
  readonly onChanged: (ids: readonly string[]) => void;
  /** The content of these is gone, or about to go. */
  readonly onRemoved: (ids: readonly string[]) => void;
}

/** What is known about files beside what lies here. */
export interface FileNews {
  readonly held: ReadonlyMap<string, SeenFile>;
  /** Files about which something was not answered yet: that they were attached, deleted or brought back. */
  readonly unsent: ReadonlySet<string>;
  /** Not held, though the record they belonged to is. */
  readonly deleted: ReadonlySet<string>;
  /** Files whose announcement was refused. */
  readonly refused: ReadonlyMap<string, ErrorData>;
  /** Files that were attached to a record before the data host was asked what it holds. */
  readonly attached: ReadonlySet<string>;
  /** Everything was exchanged: what is not held is really gone. */
  readonly isComplete: boolean;
}

export interface ProfileFiles {
  readonly blobs: BlobStore;
  entry(id: string): FileEntry | undefined;
  entries(): readonly FileEntry[];
  /** `isMadeAgain`: whoever hands it over does so again should it not be attached, and nobody misses it. */
  begin(
    name: string,
    sizeBytes: number,
    more?: { readonly isMadeAgain: boolean },
  ): { readonly id: string; readonly name: string };
  append(id: string, index: number, bytes: Uint8Array): void;
  finish(id: string): Promise<TakenFile>;
  discard(id: string): void;
  /** An own file that is wanted nowhere any more. */
  drop(id: string): void;
  /** Operations that are in the journal now. */
  noteOperations(operations: readonly OperationDraft[]): void;
  /** Brings what lies here into line with what is known. */
  follow(news: FileNews): void;
  /** Makes room for a copy, or finds the one that is there. */
  openCopy(file: SeenFile): FileEntry;
  change(id: string, change: Partial<FileEntry>): void;
  /** Removes the least used copies that nobody pinned until the rest fits; `except` stays. */
  evict(mostBytes: number, except?: string): void;
  isWhole(id: string): boolean;
  /** Fingerprint of the whole as it lies here. */
  fingerprint(entry: FileEntry): Promise<string>;
  stateOf(id: string): Omit<FileState, 'transfer'>;
  refused(): readonly RefusedFile[];
  usage(): FilesUsage;
  close(): void;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function noSuchFile(): OutpostError {
  return new OutpostError('not_found', 'This file is not on this computer.');
}

export function openProfileFiles(options: ProfileFilesOptions): ProfileFiles {
  const { clock } = options;
  const blobs = openBlobStore(options.directory);
  const index: FileIndex = openFileIndex(options.directory, options.key);
  /** Being handed over by a page, and not on record yet. */
  const staged = new Map<string, FileEntry>();
  /** Durable, and their announcement is not in the journal yet. */
  const unannounced = new Set<string>();
  blobs.keepOnly(new Set([...index.entries.values()].map(({ blob }) => blob)));

  function change(id: string, next: Partial<FileEntry>): void {
    const entry = index.entries.get(id);
    if (entry === undefined) return;
    index.write({ ...entry, ...next });
    options.onChanged([id]);
  }

  /** The keys first, then the bytes. */
  function remove(entries: readonly FileEntry[]): void {
    if (entries.length === 0) return;
    const ids = entries.map(({ fileId }) => fileId);
    options.onRemoved(ids);
    index.delete(ids);
    for (const { blob } of entries) blobs.remove(blob);
    options.onChanged(ids);
  }

  async function fingerprint(entry: FileEntry): Promise<string> {
    const hash = createHash('sha256');
    for (let chunk = 0; chunk < countChunks(entry.sizeBytes); chunk += 1) {
      hash.update(blobs.read(entry, chunk));
      await nextTurn();
    }
    return hash.digest('hex');
  }

  const isWhole = (entry: FileEntry): boolean => blobs.count(entry) === countChunks(entry.sizeBytes);

  /** What an own file is, by what is known now; the same stage when nothing is. */
  function followOwed(entry: FileEntry, news: FileNews): void {
    const { fileId } = entry;
    const refusal = news.refused.get(fileId);
    const seen = news.held.get(fileId);
    if (unannounced.has(fileId)) return;
    // Handed over, and the application ended before it was attached to anything.
    if (entry.parent === null && !news.unsent.has(fileId)) {
      if (entry.isMadeAgain === true) remove([entry]);
      else if (entry.stage !== 'refused') change(fileId, { stage: 'refused', refusal: neverAttached });
      return;
    }
    if (news.unsent.has(fileId)) {
      if (entry.stage !== 'waiting') change(fileId, { stage: 'waiting', refusal: null });
    } else if (refusal !== undefined) {
      if (entry.stage !== 'refused') change(fileId, { stage: 'refused', refusal });
    } else if (seen?.isAvailable === true) change(fileId, { stage: 'copy', refusal: null });
    else if (seen === undefined && entry.deletedAtMs !== null) {
      if (news.isComplete && clock.now() - entry.deletedAtMs > DELETED_KEPT_MS) remove([entry]);
    } else if (seen === undefined && news.isComplete && entry.stage !== 'refused') {
      // Attached, sent and settled while the question was on its way: it is judged by the next look.
      if (news.attached.has(fileId)) change(fileId, { stage: 'refused', refusal: goneRefusal });
    } else if (seen !== undefined && entry.refusal?.message === goneRefusal.message) {
      // Its record is there again, and the server still waits for the content.
      change(fileId, { stage: 'waiting', refusal: null });
    }
  }

  function followCopy(entry: FileEntry, news: FileNews): void {
    const seen = news.held.get(entry.fileId);
    if (seen !== undefined) {
      // A server that was restored from a backup asks for it again.
      const isLost = !seen.isAvailable && seen.isOwn && isWhole(entry);
      if (isLost) change(entry.fileId, { stage: 'waiting', refusal: null });
      return;
    }
    // Deleted here a moment ago, and perhaps brought back in the next.
    if (news.unsent.has(entry.fileId) && news.deleted.has(entry.fileId)) return;
    if (!entry.isPinned || news.isComplete) {
      remove([entry]);
      return;
    }
    // Only the wish stays, until it is known that the file does not come back.
    if (blobs.count(entry) === 0 && entry.name === '') return;
    const { fileId, isPinned } = entry;
    remove([entry]);
    index.write({ ...emptyEntry(blobs.create(fileId, 0)), isPinned });
  }

  return {
    blobs,
    entry: (id) => index.entries.get(id),
    entries: () => [...index.entries.values()],
    begin(given, sizeBytes, { isMadeAgain } = { isMadeAgain: false }) {
      const name = cleanFileName(given);
      const limitMb = options.sizeLimitMb();
      if (sizeBytes === 0) throw new OutpostError('invalid', 'This file is empty.', { reason: 'emptyFile' });
      if (limitMb !== undefined && sizeBytes > toSizeLimitBytes(limitMb)) {
        throw new OutpostError('too_large', `Files may have at most ${String(limitMb)} MB.`, {
          reason: 'fileTooLarge',
          most: limitMb,
        });
      }
      const id = options.createId();
      staged.set(id, { ...emptyEntry(blobs.create(id, sizeBytes)), stage: 'staged', name, isMadeAgain });
      return { id, name };
    },
    append(id, chunk, bytes) {
      const entry = staged.get(id);
      if (entry === undefined) throw noSuchFile();
      blobs.append(entry, chunk, bytes);
    },
    async finish(id) {
      const entry = staged.get(id);
      if (entry === undefined || !isWhole(entry)) throw noSuchFile();
      blobs.flush(entry);
      const mediaType = sniffType(blobs.read(entry, 0));
      const sha256 = await fingerprint(entry);
      staged.delete(id);
      unannounced.add(id);
      index.write({ ...entry, stage: 'waiting', mediaType, sha256, usedAtMs: clock.now() });
      const { name, sizeBytes } = entry;
      return { id, name, sizeBytes, mediaType, sha256 };
    },
    discard(id) {
      const given = staged.get(id);
      if (given !== undefined) {
        staged.delete(id);
        blobs.remove(given.blob);
      }
      const entry = index.entries.get(id);
      if (entry !== undefined && (unannounced.delete(id) || entry.stage === 'refused')) remove([entry]);
    },
    drop(id) {
      const entry = index.entries.get(id);
      if (entry !== undefined && entry.stage !== 'copy') remove([entry]);
    },
    noteOperations(operations) {
      for (const operation of operations) {
        const { recordId: id, kind } = operation;
        if (operation.entity !== 'file' || !index.entries.has(id)) continue;
        if (kind === 'create') {
          unannounced.delete(id);
          change(id, { stage: 'waiting', refusal: null, parent: parentIn(operation) });
        }
        if (kind === 'delete') change(id, { deletedAtMs: clock.now() });
        if (kind === 'restore') change(id, { deletedAtMs: null });
      }
    },
    follow(news) {
      for (const entry of Array.from(index.entries.values())) {
        if (entry.stage === 'copy') followCopy(entry, news);
        else followOwed(entry, news);
      }
    },
    openCopy(file) {
      const known = index.entries.get(file.id);
      if (known !== undefined && known.sizeBytes === file.sizeBytes) return known;
      const entry: FileEntry = {
        ...emptyEntry(blobs.create(file.id, file.sizeBytes)),
        name: cleanFileName(file.name),
        mediaType: file.mediaType,
        sha256: file.sha256,
        parent: file.parent,
        isPinned: known?.isPinned ?? false,
        usedAtMs: clock.now(),
      };
      if (known !== undefined) blobs.remove(known.blob);
      index.write(entry);
      return entry;
    },
    change,
    evict(mostBytes, except) {
      const copies = [...index.entries.values()].filter(({ stage, sizeBytes }) => stage === 'copy' && sizeBytes > 0);
      let total = copies.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      const gone: FileEntry[] = [];
      for (const entry of copies.toSorted((a, b) => a.usedAtMs - b.usedAtMs)) {
        if (total <= mostBytes) break;
        if (entry.isPinned || entry.fileId === except) continue;
        gone.push(entry);
        total -= entry.sizeBytes;
      }
      remove(gone);
    },
    isWhole(id) {
      const entry = index.entries.get(id);
      return entry !== undefined && entry.sizeBytes > 0 && isWhole(entry);
    },
    fingerprint,
    stateOf(id) {
      const entry = index.entries.get(id);
      if (entry === undefined) return { id, place: 'absent', refusal: null, isPinned: false };
      const { stage, refusal, isPinned, sizeBytes } = entry;
      if (stage !== 'copy') return { id, place: stage === 'refused' ? 'refused' : 'waiting', refusal, isPinned };
      const count = sizeBytes === 0 ? 0 : blobs.count(entry);
      const place = count === 0 ? 'absent' : count === countChunks(sizeBytes) ? 'copy' : 'part';
      return { id, place, refusal, isPinned };
    },
    refused: () =>
      [...index.entries.values()].flatMap(({ fileId: id, stage, name, mediaType, sizeBytes, parent, refusal }) =>
        stage === 'refused' && refusal !== null ? [{ id, name, mediaType, sizeBytes, parent, refusal }] : [],
      ),
    usage() {
      const all = [...index.entries.values()].filter(({ sizeBytes }) => sizeBytes > 0);
      const copies = all.filter(({ stage }) => stage === 'copy');
      const owed = all.filter(({ stage }) => stage !== 'copy');
      const sum = (entries: readonly FileEntry[]): number =>
        entries.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
      return { copyBytes: sum(copies), copyCount: copies.length, owedBytes: sum(owed), owedCount: owed.length };
    },
    close: () => index.close(),
  };

  function emptyEntry(place: Pick<FileEntry, 'fileId' | 'blob' | 'key' | 'sizeBytes'>): FileEntry {
    return {
      ...place,
      stage: 'copy',
      name: '',
      mediaType: '',
      sha256: '',
      parent: null,
      refusal: null,
      isPinned: false,
      usedAtMs: clock.now(),
      deletedAtMs: null,
    };
  }
}

const neverAttached: ErrorData = {
  code: 'cancelled',
  message: 'Outpost ended before this file was attached to its record.',
  details: {},
};

const goneRefusal: ErrorData = {
  code: 'not_visible',
  message: 'The record this file was attached to is not available to you any more.',
  details: {},
};

/** The record a new file is announced for. */
function parentIn(operation: OperationDraft): RecordReference | null {
  const values: Readonly<Record<string, unknown>> = Object.assign({}, ...operation.changes.map(({ to }) => to));
  for (const [field, entity] of Object.entries(fileParentFields)) {
    const id = values[field];
    if (typeof id === 'string') return { entity, id };
  }
  return null;
}
