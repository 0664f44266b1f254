// Moves content between this computer and the server, one chunk after the other, while there is a connection: what is owed to
// the server first, then what is to be here by rule, and beside both what somebody waits for. What was moved stays moved: a broken
// line or a restart goes on after the last chunk that arrived. Every chunk and every whole is checked against its fingerprint.
import { createHash } from 'node:crypto';
import { countChunks } from '#shared/files/file-limits.ts';
import { OutpostError, toErrorData, toOutpostError } from '#shared/kernel/errors.ts';
import type { FileState } from '#shared/ipc/file-state.ts';
import type { Scheduler } from '#shared/kernel/ports.ts';
import type { FileEntry } from '#main/files/file-index.ts';
import type { ProfileFiles } from '#main/files/profile-files.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import type { ServerClient } from '#main/sync/server-client.ts';

const RETRY_BASE_MS = 2_000;
const RETRY_CAP_MS = 300_000;
/** So often content that arrives wrong is sent again before the person is told. */
const MOST_MISMATCHES = 3;

export type FileClient = Pick<ServerClient, 'readUpload' | 'sendChunk' | 'completeUpload' | 'fetchChunk'>;
type Transfer = NonNullable<FileState['transfer']>;

export interface TransferDeps {
  readonly profile: Pick<ActiveProfile, 'account' | 'access'>;
  readonly files: ProfileFiles;
  readonly client: FileClient;
  readonly scheduler: Scheduler;
  /** The network and the person allow it now. */
  readonly isOnline: () => boolean;
  /** The announcement of this file was not answered yet. */
  readonly isUnsent: (id: string) => boolean;
  /** What is to be here by rule, in order; asked again after each. */
  readonly nextWanted: () => string | null;
  readonly onChanged: (ids: readonly string[]) => void;
  readonly onFetched: (id: string) => void;
  readonly log: (message: string, error?: unknown) => void;
}

export interface FileTransfers {
  transferOf(id: string): Transfer | null;
  /** There may be something to do. */
  wake(): void;
  /** Fetches this one now, beside whatever goes on; its entry must exist. */
  fetch(id: string): Promise<void>;
  stop(): void;
}

interface Job {
  readonly id: string;
  readonly isUp: boolean;
}

/** What the server says about this file, not about the line or the session. */
const verdicts = new Set(['not_visible', 'action_forbidden', 'too_large', 'limit', 'invalid', 'not_found']);

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export function createFileTransfers(deps: TransferDeps): FileTransfers {
  const { files, client } = deps;
  const { account, access } = deps.profile;
  const underWay = new Map<string, Promise<void>>();
  const running = new Map<string, Transfer>();
  const mismatches = new Map<string, number>();
  let isBusy = false;
  let isStopped = false;
  let failures = 0;
  let retry: { cancel(): void } | null = null;

  function note(id: string, transfer: Transfer | null): void {
    if (transfer === null) running.delete(id);
    else running.set(id, transfer);
    deps.onChanged([id]);
  }

  function assertGoing(id: string): FileEntry {
    const entry = files.entry(id);
    if (isStopped || entry === undefined) throw new OutpostError('cancelled', 'This is not wanted any more.');
    if (!deps.isOnline()) throw new OutpostError('server_unreachable', 'There is no connection now.');
    return entry;
  }

  async function send(id: string): Promise<void> {
    const total = countChunks(assertGoing(id).sizeBytes);
    const { received, isComplete } = await access.run((token) => client.readUpload(account.serverUrl, token, id));
    const there = new Set(received);
    note(id, { direction: 'up', done: there.size, total });
    const missing = isComplete
      ? []
      : Array.from({ length: total }, (_, index) => index).filter((index) => !there.has(index));
    for (const index of missing) {
      const bytes = files.blobs.read(assertGoing(id), index);
      const chunk = { bytes, sha256: hashOf(bytes) };
      await access.run((token) => client.sendChunk(account.serverUrl, token, { fileId: id, index }, chunk));
      there.add(index);
      note(id, { direction: 'up', done: there.size, total });
    }
    await access.run((token) => client.completeUpload(account.serverUrl, token, id));
    files.change(id, { stage: 'copy', refusal: null });
  }

  async function receive(id: string): Promise<void> {
    const total = countChunks(assertGoing(id).sizeBytes);
    for (let index = files.blobs.count(assertGoing(id)); index < total; index += 1) {
      note(id, { direction: 'down', done: index, total });
      const chunk = await access.run((token) => client.fetchChunk(account.serverUrl, token, { fileId: id, index }));
      // It may have been purged while the answer was on its way.
      const entry = assertGoing(id);
      if (hashOf(chunk.bytes) !== chunk.sha256) throw new OutpostError('server_unreachable', 'A part arrived damaged.');
      files.blobs.append(entry, index, chunk.bytes);
    }
    const entry = assertGoing(id);
    if ((await files.fingerprint(entry)) !== entry.sha256) {
      files.blobs.remove(entry.blob);
      throw new OutpostError('invalid', 'What the server has is not the file that was attached.');
    }
    deps.onFetched(id);
  }

  function noteMismatch(id: string): boolean {
    const count = (mismatches.get(id) ?? 0) + 1;
    mismatches.set(id, count);
    return count < MOST_MISMATCHES;
  }

  /** True when the next one can be tried. */
  function noteFailure(id: string, cause: unknown): boolean {
    const error = toOutpostError(cause);
    const entry = files.entry(id);
    if (error.code === 'cancelled' || entry === undefined) return true;
    if (error.code === 'duplicate' && entry.stage === 'waiting') {
      files.change(id, { stage: 'copy', refusal: null });
      return true;
    }
    if (!verdicts.has(error.code)) {
      if (error.code === 'internal') deps.log('a file could not be moved', cause);
      return false;
    }
    if (error.code === 'invalid' && entry.stage === 'waiting' && noteMismatch(id)) return true;
    const stage = entry.stage === 'waiting' ? 'refused' : entry.stage;
    files.change(id, { stage, refusal: toErrorData(error) });
    return true;
  }

  function nextInBackground(): Job | null {
    // What belongs to no record yet is nothing the server knows: asked about it, it would say that there is none.
    const owed = files
      .entries()
      .find(
        ({ stage, parent, deletedAtMs, fileId }) =>
          stage === 'waiting' && parent !== null && deletedAtMs === null && !deps.isUnsent(fileId),
      );
    if (owed !== undefined) return { id: owed.fileId, isUp: true };
    const wanted = deps.nextWanted();
    return wanted === null ? null : { id: wanted, isUp: false };
  }

  const isGoing = (): boolean => !isStopped && deps.isOnline();

  /** A file that somebody waits for may be on its way already. */
  function move({ id, isUp }: Job): Promise<void> {
    const known = underWay.get(id);
    if (known !== undefined) return known;
    const work = (isUp ? send(id) : files.isWhole(id) ? Promise.resolve() : receive(id)).finally(() => {
      underWay.delete(id);
      note(id, null);
    });
    underWay.set(id, work);
    return work;
  }

  async function workInBackground(): Promise<void> {
    for (;;) {
      const job = isGoing() ? nextInBackground() : null;
      if (job === null) return;
      try {
        await move(job);
        failures = 0;
      } catch (error) {
        if (noteFailure(job.id, error)) continue;
        retryLater();
        return;
      }
    }
  }

  function retryLater(): void {
    const delayMs = Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** Math.min(failures, 10));
    failures += 1;
    retry?.cancel();
    retry = deps.scheduler.after(delayMs, wake);
  }

  function wake(): void {
    if (isBusy || isStopped) return;
    isBusy = true;
    void workInBackground()
      .catch((error: unknown) => deps.log('files could not be moved', error))
      .finally(() => {
        isBusy = false;
      });
  }

  /** Does not wait for what goes on in the background. */
  async function fetch(id: string): Promise<void> {
    try {
      await move({ id, isUp: false });
    } catch (error) {
      noteFailure(id, error);
      throw error;
    }
  }

  return {
    transferOf: (id) => running.get(id) ?? null,
    wake,
    fetch,
    stop() {
      isStopped = true;
      retry?.cancel();
    },
  };
}
