// One mailbox, followed as long as a profile is open: everything once, then the inbox by IDLE and the other folders every few
// minutes. One connection does all of it. What goes wrong is a state with a reason, and tried again with growing pauses; what
// only a person can mend waits for the person.
import type { ImapFlow, ListResponse } from 'imapflow';
import { shortenLine, type JobSentence } from '#shared/jobs/job-lines.ts';
import type { Clock, Scheduler } from '#shared/kernel/ports.ts';
import type { MailFailure } from '#shared/mail/mail-types.ts';
import { connectImap, type Connector } from '#main/mail/connect.ts';
import { needsPerson, toMailFailure } from '#main/mail/mail-failure.ts';
import type { StoredAccount } from '#main/mail/kept-accounts.ts';
import type { MailStore } from '#main/mail/mail-store.ts';
import type { StoredFolder } from '#main/mail/stored-mail.ts';
import { reasonOf, type WorkLine } from '#main/mail/work-line.ts';
import { syncFolder } from '#main/mail/sync-folder.ts';

const ROUND_MS = 120_000;
const THOROUGH_MS = 3_600_000;
const LINES_KEPT = 200;
const pausesMs = [5_000, 15_000, 60_000, 300_000];
/** Folders that are followed from the start. */
const followedUses = new Set(['\\Inbox', '\\Sent', '\\Archive']);

export interface RunnerDeps {
  readonly account: StoredAccount;
  readonly store: MailStore;
  readonly connector: Connector;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly isOnline: () => boolean;
  /** Somebody paused the fetching of mail. */
  readonly isHeld: () => boolean;
  readonly onChanged: () => void;
  readonly onArrived: () => void;
  readonly log: (message: string, error?: unknown) => void;
}

export interface RunnerState {
  readonly failure: MailFailure | null;
  readonly isSyncing: boolean;
  readonly progress: { readonly folder: string; readonly done: number; readonly total: number } | null;
  /** When it last began and ended to look, and when it looks next unless something happens before. */
  readonly beganAtMs: number;
  readonly endedAtMs: number | null;
  readonly nextAtMs: number | null;
  /** In vain, one after the other. */
  readonly attempts: number;
}

export interface AccountRunner {
  state(): RunnerState;
  /** What it told since the profile was opened; the last ones. */
  lines(): readonly WorkLine[];
  /** A line of its log. */
  note(text: JobSentence): void;
  /** Looks now. `thorough`: compares every number of these folders; all of them when none is named. */
  wake(thorough?: readonly number[] | 'all'): void;
  /** Runs with the open connection, one after the other. */
  withMailbox<Value>(work: (client: ImapFlow) => Promise<Value>): Promise<Value>;
  stop(): Promise<void>;
}

export function startAccountRunner(deps: RunnerDeps): AccountRunner {
  const { account, store, clock } = deps;
  const stopping = new AbortController();
  let client: ImapFlow | null = null;
  let state: RunnerState = {
    failure: null,
    isSyncing: false,
    progress: null,
    beganAtMs: clock.now(),
    endedAtMs: null,
    nextAtMs: null,
    attempts: 0,
  };
  let lines: readonly WorkLine[] = [];
  let thoroughAtMs = clock.now() + THOROUGH_MS;
  const thorough = new Set<number>();
  let isAllThorough = false;
  let isWanted = true;
  let rouse: () => void = () => undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const isStopped = (): boolean => stopping.signal.aborted;

  function change(next: Partial<RunnerState>): void {
    state = { ...state, ...next };
    deps.onChanged();
  }

  function note(text: JobSentence): void {
    lines = [...lines, { atMs: clock.now(), text: shortenLine(text) }].slice(-LINES_KEPT);
  }

  /** One thing at a time on the connection. */
  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  }

  async function opened(): Promise<ImapFlow> {
    if (client?.usable === true) return client;
    client?.close();
    const fresh = await connectImap(account, deps.connector);
    fresh.on('exists', ({ count, prevCount }) => {
      if (count > prevCount) wake();
    });
    fresh.on('expunge', () => wake());
    fresh.on('close', () => {
      if (client === fresh) client = null;
      rouse();
    });
    client = fresh;
    return fresh;
  }

  /** Folders as the server has them; one that is gone keeps its mails and says so. */
  async function followFolders(open: ImapFlow): Promise<readonly StoredFolder[]> {
    const listed = (await open.list()).filter(({ flags }) => !flags.has('\\Noselect') && !flags.has('\\NonExistent'));
    const known = new Map(store.folders(account.id).map((folder) => [folder.path, folder]));
    for (const each of listed) {
      const before = known.get(each.path);
      const use = each.specialUse ?? '';
      if (before === undefined) store.addFolder(newFolder(each, use));
      else if (before.use !== use || before.failure?.kind === 'folderGone')
        store.writeFolder({ ...before, use, failure: null });
      known.delete(each.path);
    }
    for (const gone of known.values())
      if (gone.failure?.kind !== 'folderGone')
        store.writeFolder({ ...gone, onServer: null, failure: { kind: 'folderGone', detail: gone.path } });
    return store.folders(account.id);
  }

  function newFolder({ path, name }: ListResponse, use: string): Omit<StoredFolder, 'id'> {
    const isChosen = followedUses.has(use);
    const numbers = { uidValidity: '', modseq: '', onServer: null, checkedAtMs: null };
    return { accountId: account.id, path, name, use, isChosen, ...numbers, failure: null };
  }

  async function round(): Promise<void> {
    const open = await opened();
    change({ failure: null });
    if (clock.now() >= thoroughAtMs) {
      isAllThorough = true;
      thoroughAtMs = clock.now() + THOROUGH_MS;
    }
    const isThorough = isAllThorough;
    isAllThorough = false;
    const folders = (await followFolders(open)).filter((each) => each.isChosen && each.failure?.kind !== 'folderGone');
    // The inbox first: that is what somebody waits for.
    const inOrder = folders.toSorted((a, b) => Number(b.use === '\\Inbox') - Number(a.use === '\\Inbox'));
    for (const folder of inOrder) {
      const wasWanted = thorough.delete(folder.id);
      await syncFolder({
        client: open,
        store,
        account,
        folder,
        isThorough: isThorough || wasWanted,
        nowMs: () => clock.now(),
        signal: stopping.signal,
        onProgress(done, total) {
          change({ progress: { folder: folder.name, done, total } });
          if (done === total) note({ key: 'newMessages', values: { folder: folder.name, count: total } });
        },
        onArrived: deps.onArrived,
      }).catch((error: unknown) => noteFolderFailure(folder, error, open));
      change({ progress: null });
    }
    if (state.attempts > 0 || state.endedAtMs === null || isThorough)
      note({ key: isThorough ? 'foldersCompared' : 'foldersSeen', values: { count: inOrder.length } });
    change({ attempts: 0 });
  }

  /** A folder may go while others work; a line that broke is the whole account's business. */
  function noteFolderFailure(folder: StoredFolder, error: unknown, open: ImapFlow): void {
    if (isStopped() || !open.usable) throw error;
    const failure = toMailFailure(error);
    deps.log(`a folder of a mailbox could not be read: ${failure.kind}`);
    note({ key: 'folderFailed', values: { folder: folder.name }, reason: reasonOf(failure) });
    store.writeFolder({ ...folder, failure });
  }

  /** Until something happens: in the inbox, to the line, on the clock, or because somebody asked. */
  async function rest(untilMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const tell = (error: unknown): void => {
      if (!isStopped()) deps.log('the inbox cannot be watched and is looked at by the clock', error);
    };
    rouse = resolve;
    if (isWanted || isStopped()) resolve();
    const timer = deps.scheduler.after(Math.max(0, untilMs - clock.now()), resolve);
    if (client?.usable === true && state.failure === null) {
      const inbox = store.folders(account.id).find(({ use }) => use === '\\Inbox');
      const open = client;
      if (inbox !== undefined)
        await inTurn(async () => {
          await open.mailboxOpen(inbox.path, { readOnly: true });
          // What came while other folders were open.
          if (open.mailbox !== false && open.mailbox.exists !== inbox.onServer) resolve();
          open.idle().catch(tell);
        }).catch(tell);
    }
    await promise;
    timer.cancel();
  }

  async function follow(): Promise<void> {
    while (!isStopped()) {
      isWanted = false;
      let nextMs = clock.now() + ROUND_MS;
      const isHeld = deps.isHeld();
      if (!isHeld && deps.isOnline()) {
        // From here on, not only once there is a connection: who pauses it now knows that this look is still made.
        change({ isSyncing: true, beganAtMs: clock.now(), nextAtMs: null });
        try {
          await inTurn(round);
        } catch (error) {
          if (isStopped()) return;
          const failure = toMailFailure(error);
          client?.close();
          client = null;
          const pauseMs = pausesMs[Math.min(state.attempts, pausesMs.length - 1)] ?? ROUND_MS;
          nextMs = clock.now() + (needsPerson(failure) ? THOROUGH_MS : pauseMs);
          change({ failure, attempts: state.attempts + 1 });
          note({ key: 'mailFailed', reason: reasonOf(failure) });
        }
      } else if (!isHeld) change({ failure: { kind: 'offline', detail: '' } });
      change({ isSyncing: false, progress: null, endedAtMs: clock.now(), nextAtMs: isHeld ? null : nextMs });
      await rest(nextMs);
    }
  }

  function wake(which?: readonly number[] | 'all'): void {
    if (which === 'all') isAllThorough = true;
    else for (const id of which ?? []) thorough.add(id);
    isWanted = true;
    rouse();
  }

  const following = follow().catch((error: unknown) => deps.log('a mailbox could not be followed', error));

  return {
    state: () => state,
    lines: () => lines,
    note,
    wake,
    withMailbox: (work) => inTurn(async () => work(await opened())).finally(() => wake()),
    async stop() {
      stopping.abort();
      rouse();
      client?.close();
      await following;
    },
  };
}
