// The files of whoever is signed in, as pages and the engine meet them. After everything that changes what is held, and before
// anything else happens, what lies here is brought into line with it.
import path from 'node:path';
import { toInstant } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { FilesSeen, FileState, FilesUsage, RefusedFile, SeenFile, TakenFile } from '#shared/ipc/file-state.ts';
import type { HostRequest } from '#shared/ipc/host-request.ts';
import type { SyncStatus } from '#shared/ipc/sync-status.ts';
import type { Clock, Scheduler } from '#shared/kernel/ports.ts';
import type { OperationDraft } from '#shared/sync/operation.ts';
import { createFileOpener, OPEN_FOLDER, type FileOpener } from '#main/files/file-opener.ts';
import { FILES_FOLDER } from '#main/files/file-index.ts';
import { createFileTransfers, type FileClient, type FileTransfers } from '#main/files/file-transfers.ts';
import { openProfileFiles, type ProfileFiles } from '#main/files/profile-files.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import type { HostLink } from '#main/sync/host-link.ts';

const DAY_MS = 86_400_000;
const MEGABYTE = 1024 * 1024;
/** Recent files looked at; more than any room holds. */
const MOST_RECENT = 2_000;
/** Windows are told of progress no more often than this. */
const TELL_INTERVAL_MS = 200;

export interface FilesDeps {
  readonly host: Pick<HostLink, 'request' | 'isReady'>;
  readonly client: FileClient;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly createId: () => string;
  readonly isOnline: () => boolean;
  /** Everything was exchanged. */
  readonly isUpToDate: () => boolean;
  readonly rules: () => { readonly keepFilesDays: number; readonly keepFilesMb: number };
  readonly openPath: (file: string) => Promise<string>;
  readonly onChanged: (ids: readonly string[]) => void;
  /** Another number of files waits for a decision. */
  readonly onRefused: () => void;
  readonly log: (message: string, error?: unknown) => void;
}

export interface Files {
  open(profile: ActiveProfile): void;
  close(): void;
  /** The host's link for the engine: what changes what is held settles when the files follow. */
  follow(host: HostLink): HostLink;
  /** The line, what is owed or the rules may have changed. */
  wake(): void;
  /** Whenever everything was exchanged it is time to look at what is to be here. */
  noteStatus(status: Pick<SyncStatus, 'phase' | 'upToDateAt'>): void;
  noteOperations(operations: readonly OperationDraft[]): void;
  begin: ProfileFiles['begin'];
  append(id: string, index: number, bytes: Uint8Array): void;
  finish(id: string): Promise<TakenFile>;
  discard(id: string): void;
  drop: ProfileFiles['drop'];
  states(ids: readonly string[]): readonly FileState[];
  refused(): readonly RefusedFile[];
  /** Refused files that have no item in the journal. */
  countRefused(): number;
  fetch(id: string): Promise<TakenFile>;
  read(id: string, index: number): Uint8Array;
  openOutside(id: string): Promise<void>;
  pin(id: string, on: boolean): Promise<void>;
  retry(id: string): void;
  usage(): FilesUsage;
}

interface Opened {
  readonly profile: ActiveProfile;
  readonly files: ProfileFiles;
  readonly transfers: FileTransfers;
  readonly opener: FileOpener;
  /** By rule, newest first; what was tried in vain is left out until the next look. */
  wanted: string[];
}

const changing = new Set<HostRequest['kind']>([
  'purge',
  'applyPage',
  'compareManifest',
  'applyManifest',
  'openProfile',
]);

export function createFiles(deps: FilesDeps): Files {
  let opened: Opened | null = null;
  const changed = new Set<string>();
  let toldRefused = 0;
  let lastStatus = '';
  let telling: { cancel(): void } | null = null;
  let looking: Promise<void> = Promise.resolve();

  function tell(ids: readonly string[]): void {
    for (const id of ids) changed.add(id);
    telling ??= deps.scheduler.after(TELL_INTERVAL_MS, () => {
      telling = null;
      const all = [...changed];
      changed.clear();
      deps.onChanged(all);
      const refused = countRefused();
      if (refused !== toldRefused) deps.onRefused();
      toldRefused = refused;
    });
  }

  function countRefused(): number {
    if (opened === null) return 0;
    const { files, profile } = opened;
    const known = new Set(profile.journal.attention().map(({ operation }) => operation.recordId));
    return files.refused().filter(({ id }) => !known.has(id)).length;
  }

  function wake(): void {
    void lookInTurn().then(() => opened?.transfers.wake());
  }

  function requireOpened(): Opened {
    if (opened === null) throw new OutpostError('not_signed_in', 'Sign in to continue.');
    return opened;
  }

  const roomBytes = (): number => deps.rules().keepFilesMb * MEGABYTE;
  const unsentOf = ({ profile }: Opened): Set<string> =>
    new Set(profile.journal.pending().flatMap(({ entity, recordId }) => (entity === 'file' ? [recordId] : [])));

  /** Pinned files first, then recent ones as long as there is room. */
  function chooseWanted({ files }: Opened, { held, recent }: FilesSeen): string[] {
    const pinned = held.filter((file) => files.entry(file.id)?.isPinned === true);
    let left = roomBytes() - files.usage().copyBytes;
    const wanted: string[] = [];
    for (const file of [...pinned, ...recent]) {
      if (!file.isAvailable || files.isWhole(file.id) || wanted.includes(file.id)) continue;
      if ((files.entry(file.id)?.refusal ?? null) !== null) continue;
      const isPinned = pinned.includes(file);
      if (!isPinned && file.sizeBytes > left) continue;
      if (!isPinned) left -= file.sizeBytes;
      files.openCopy(file);
      wanted.push(file.id);
    }
    return wanted;
  }

  async function look(): Promise<void> {
    const now = opened;
    if (now === null || !deps.host.isReady()) return;
    const isComplete = deps.isUpToDate();
    const { keepFilesDays } = deps.rules();
    const files = now.files.entries().map(({ fileId, parent }) => ({ id: fileId, parent }));
    // By rule is for a quiet moment; what may not be here any more is for this one.
    const most = isComplete && keepFilesDays > 0 ? MOST_RECENT : 0;
    if (files.length === 0 && most === 0) return;
    const since = toInstant(deps.clock.now() - keepFilesDays * DAY_MS);
    const seen = (await deps.host.request({ kind: 'lookAtFiles', files, since, most })) as FilesSeen;
    if (opened !== now) return;
    const refused = new Map(
      now.profile.journal
        .attention()
        .flatMap(({ operation, code, message }) =>
          operation.entity === 'file' && operation.kind === 'create'
            ? [[operation.recordId, { code: code as OutpostError['code'], message, details: {} }] as const]
            : [],
        ),
    );
    now.files.follow({
      held: new Map(seen.held.map((file) => [file.id, file])),
      unsent: unsentOf(now),
      deleted: new Set(seen.deleted),
      refused,
      attached: new Set(files.flatMap(({ id, parent }) => (parent === null ? [] : [id]))),
      isComplete,
    });
    if (!isComplete) return;
    now.files.evict(roomBytes());
    now.wanted = chooseWanted(now, seen);
    now.transfers.wake();
  }

  /** One look after the other; what fails is tried at the next occasion. */
  function lookInTurn(): Promise<void> {
    looking = looking.then(look).catch((error: unknown) => deps.log('files could not be looked at', error));
    return looking;
  }

  async function seeOne(id: string): Promise<SeenFile> {
    const answer = await deps.host.request({ kind: 'lookAtFiles', files: [{ id, parent: null }], since: '', most: 0 });
    const [file] = (answer as FilesSeen).held;
    if (file === undefined) throw new OutpostError('not_visible', 'This record is not available to you.');
    return file;
  }

  async function fetch(id: string): Promise<TakenFile> {
    const { files, transfers } = requireOpened();
    if (!files.isWhole(id)) {
      const file = await seeOne(id);
      if (!file.isAvailable)
        throw new OutpostError('not_found', 'Its author has not sent it yet.', { reason: 'notSent' });
      files.change(files.openCopy(file).fileId, { refusal: null });
      await transfers.fetch(id);
      files.evict(roomBytes(), id);
    }
    files.change(id, { usedAtMs: deps.clock.now() });
    const entry = files.entry(id);
    if (entry === undefined) throw new OutpostError('not_found', 'This file is not on this computer.');
    const { name, sizeBytes, mediaType, sha256 } = entry;
    return { id, name, sizeBytes, mediaType, sha256 };
  }

  return {
    open(profile) {
      const opener = createFileOpener(path.join(profile.directory, OPEN_FOLDER), deps.openPath);
      const files = openProfileFiles({
        directory: path.join(profile.directory, FILES_FOLDER),
        key: profile.filesKey,
        clock: deps.clock,
        createId: deps.createId,
        sizeLimitMb: () => profile.state().fileSizeMb,
        onChanged: tell,
        onRemoved: (ids) => opener.forget(ids),
      });
      const transfers = createFileTransfers({
        profile,
        files,
        client: deps.client,
        scheduler: deps.scheduler,
        isOnline: deps.isOnline,
        isUnsent: (id) => opened !== null && unsentOf(opened).has(id),
        nextWanted: () => opened?.wanted.shift() ?? null,
        onChanged: tell,
        onFetched: (id) => tell([id]),
        log: deps.log,
      });
      opened = { profile, files, transfers, opener, wanted: [] };
    },
    close() {
      const last = opened;
      opened = null;
      if (last === null) return;
      last.transfers.stop();
      last.opener.forgetAll();
      last.files.close();
    },
    follow: (host) => ({
      ...host,
      async request(request) {
        const answer = await host.request(request);
        if (changing.has(request.kind)) await lookInTurn();
        // Answers to what was typed here take nothing out of sight that has content.
        else if (request.kind === 'applyVerdicts') void lookInTurn();
        return answer;
      },
    }),
    wake,
    noteStatus({ phase, upToDateAt }) {
      const now = phase === 'idle' ? `idle ${String(upToDateAt)}` : phase;
      if (phase === 'idle' && now !== lastStatus) wake();
      lastStatus = now;
    },
    noteOperations: (operations) => opened?.files.noteOperations(operations),
    begin: (...of) => requireOpened().files.begin(...of),
    append: (id, index, bytes) => requireOpened().files.append(id, index, bytes),
    finish: (id) => requireOpened().files.finish(id),
    discard: (id) => requireOpened().files.discard(id),
    drop: (id) => requireOpened().files.drop(id),
    states: (ids) => {
      const { files, transfers } = requireOpened();
      return ids.map((id) => ({ ...files.stateOf(id), transfer: transfers.transferOf(id) }));
    },
    refused: () => opened?.files.refused() ?? [],
    countRefused,
    fetch,
    read(id, index) {
      const { files } = requireOpened();
      const entry = files.entry(id);
      if (entry === undefined) throw new OutpostError('not_found', 'This file is not on this computer.');
      return files.blobs.read(entry, index);
    },
    async openOutside(id) {
      await fetch(id);
      const { files, opener } = requireOpened();
      const entry = files.entry(id);
      if (entry !== undefined) await opener.open(entry, files.blobs);
    },
    async pin(id, on) {
      const { files } = requireOpened();
      if (files.entry(id) === undefined) files.openCopy(await seeOne(id));
      files.change(id, { isPinned: on });
      await lookInTurn();
    },
    retry(id) {
      const { files, transfers } = requireOpened();
      const entry = files.entry(id);
      if (entry === undefined) return;
      files.change(id, { refusal: null, stage: entry.stage === 'refused' ? 'waiting' : entry.stage });
      transfers.wake();
    },
    usage: () => requireOpened().files.usage(),
  };
}
