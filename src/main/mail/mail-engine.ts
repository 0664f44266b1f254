// The e-mail of whoever is signed in: mailboxes that are followed, mail that is kept with records, mail that is sent. It begins and
// ends with the profile.
import { OutpostError } from '#shared/kernel/errors.ts';
import { toDay, toInstant } from '#shared/kernel/calendar.ts';
import type { Clock, Scheduler } from '#shared/kernel/ports.ts';
import type { HostRequest } from '#shared/ipc/host-request.ts';
import type { MailboxState, MailDraft, MailTrial, OpenMail } from '#shared/mail/mail-types.ts';
import type { Files } from '#main/files/files.ts';
import { startAccountRunner, type AccountRunner } from '#main/mail/account-runner.ts';
import type { Credentials } from '#main/mail/credentials.ts';
import { assertKnownPlace, withoutSecret, withSecret, type MailboxInput } from '#main/mail/entered-account.ts';
import { erasedMailIn } from '#main/mail/erased-mail.ts';
import { createMailLinker, mailKeyOf, recordIdOf, type LinkScope } from '#main/mail/link-mail.ts';
import { accountIdsIn, type StoredAccount } from '#main/mail/kept-accounts.ts';
import { createMailFiles, type MailFiles } from '#main/mail/mail-files.ts';
import { openMailStore, type MailFileOptions, type MailStore } from '#main/mail/mail-store.ts';
import { FETCH_MAIL, fetchingId, fetchingOf, linesOf, SEND_MAIL, sendingId, sendingOf } from '#main/mail/mail-work.ts';
import { createMailReader, type MailReader } from '#main/mail/mail-reader.ts';
import type { OtherWork } from '#main/jobs/job-types.ts';
import { createOutbox, type Outbox } from '#main/mail/outbox.ts';
import { openOutboxStore, type OutboxStore } from '#main/mail/outbox-store.ts';
import { tryMailbox } from '#main/mail/try-mailbox.ts';
import type { ActiveProfile } from '#main/session/active-profile.ts';

const TELL_MS = 150;
const LOOK_MS = 15_000;
const LINK_MS = 120_000;

export interface MailEngineDeps {
  readonly credentials: Credentials;
  readonly ask: (request: HostRequest) => Promise<unknown>;
  readonly isHostReady: () => boolean;
  readonly files: MailFiles & Pick<Files, 'drop'>;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly createId: () => string;
  readonly isOnline: () => boolean;
  /** Of the window of background jobs: work of this kind begins nothing. */
  readonly isHeld: (kind: string) => boolean;
  readonly onChanged: () => void;
  /** How much wants to be seen by a person is different now. */
  readonly onAttention: () => void;
  readonly log: (message: string, error?: unknown) => void;
}

interface Opened {
  readonly profile: ActiveProfile;
  readonly store: MailStore;
  readonly outboxStore: OutboxStore;
  readonly outbox: Outbox;
  readonly reader: MailReader;
  readonly linker: ReturnType<typeof createMailLinker>;
  readonly runners: Map<string, AccountRunner>;
  linkedAtMs: number;
}

type Damaged = 'mailbox' | 'outbox';

export type MailEngine = ReturnType<typeof createMailEngine>;

export function createMailEngine(deps: MailEngineDeps) {
  const { clock, scheduler, credentials } = deps;
  let opened: Opened | null = null;
  let wanted: ActiveProfile | null = null;
  let reopening: Promise<void> | null = null;
  let telling: { cancel(): void } | null = null;
  let looking: { cancel(): void } | null = null;
  const { readFile, takeFile } = createMailFiles(deps.files);

  /** Windows are told of what happens a few times a second, not of each mail. */
  function tell(): void {
    telling ??= scheduler.after(TELL_MS, () => {
      telling = null;
      deps.onChanged();
    });
  }

  /** The switch *Work offline* holds from the first moment of a start, before anything is exchanged. */
  const isOnline = (): boolean => deps.isOnline() && opened?.profile.state().workOffline !== true;

  function required(): Opened {
    if (opened === null) throw new OutpostError('not_signed_in', 'Sign in to continue.');
    return opened;
  }

  function accountOf(id: string): StoredAccount {
    const found = required()
      .store.accounts()
      .find((account) => account.id === id);
    if (found === undefined) throw new OutpostError('not_found', 'This account is gone.');
    return found;
  }

  function start(now: Opened, account: StoredAccount): void {
    now.runners.set(
      account.id,
      startAccountRunner({
        account,
        store: now.store,
        connector: credentials.connector,
        clock,
        scheduler,
        isOnline,
        isHeld: () => deps.isHeld(FETCH_MAIL),
        onChanged: tell,
        onArrived: () => {
          tell();
          link(now, 'arrived');
        },
        log: deps.log,
      }),
    );
  }

  function link(now: Opened, scope: LinkScope): void {
    if (opened !== now || !deps.isHostReady()) return;
    if (scope === 'all') now.linkedAtMs = clock.now();
    void now.linker.run(scope);
  }

  /** Mail of erased people goes without a card of its own: a line in the log of its mailbox. True when there was any. */
  function dropErased(): boolean {
    if (opened === null) return false;
    const { profile, linker, runners } = opened;
    const { journal } = profile;
    const { items, files, messages } = erasedMailIn(journal.attention(), journal.pending());
    if (items.length === 0) return false;
    for (const id of items) journal.discard(id);
    for (const id of files) deps.files.drop(id);
    for (const [accountId, count] of linker.noteRefused(messages))
      runners.get(accountId)?.note({ key: 'erasedNotKept', values: { count } });
    tell();
    return true;
  }

  /** What is due, again and again; nothing here depends on the exact moment. */
  function look(): void {
    const now = opened;
    if (now === null) return;
    void now.outbox.run();
    if (dropErased()) deps.onAttention();
    if (clock.now() - now.linkedAtMs >= LINK_MS) link(now, 'all');
    const nextMs = now.outbox.nextAtMs();
    const waitMs = nextMs === null ? LOOK_MS : Math.min(LOOK_MS, Math.max(250, nextMs - clock.now()));
    looking?.cancel();
    looking = scheduler.after(waitMs, look);
  }

  async function save({ id, account, password }: MailboxInput): Promise<string> {
    const now = required();
    const stored = withSecret(required().store.accounts(), id ?? deps.createId(), account);
    if (password !== null) await credentials.setPassword(stored.id, password);
    now.store.writeAccount(stored);
    await now.runners.get(stored.id)?.stop();
    if (opened === now) start(now, stored);
    tell();
    return stored.id;
  }

  /** A file that was found damaged while it was open is put aside, and everything goes on with a new one. */
  function reopen(profile: ActiveProfile, damaged: Damaged): void {
    if (reopening !== null || opened?.profile !== profile) return;
    reopening = (async () => {
      deps.log(`the file of the ${damaged} is damaged and is begun anew`);
      await shut();
      if (wanted === profile) begin(profile, damaged);
      deps.onAttention();
      tell();
    })()
      .catch((error: unknown) => deps.log('mail could not be opened again', error))
      .finally(() => {
        reopening = null;
      });
  }

  function begin(profile: ActiveProfile, damaged: Damaged | null): void {
    const { directory, filesKey } = profile;
    const optionsOf = (file: Damaged): MailFileOptions => ({
      nowMs: () => clock.now(),
      log: deps.log,
      onDamage: () => reopen(profile, file),
      isDamaged: damaged === file,
    });
    const store = openMailStore(directory, filesKey, optionsOf('mailbox'));
    const outboxStore = openOutboxStore(directory, filesKey, optionsOf('outbox'));
    const runners = new Map<string, AccountRunner>();
    const userId = (): string => profile.state().actor.userId;
    const runnerOf = (id: string): AccountRunner => {
      const runner = runners.get(id);
      if (runner === undefined) throw new OutpostError('not_found', 'This account is gone.');
      return runner;
    };
    const outbox = createOutbox({
      outbox: outboxStore,
      store,
      connector: credentials.connector,
      clock,
      createId: deps.createId,
      isOnline,
      isHeld: () => deps.isHeld(SEND_MAIL),
      withMailbox: (account, work) => runnerOf(account.id).withMailbox(work),
      onSent: ({ id }) => runners.get(id)?.wake(),
      remind: async (item) => {
        await deps.ask({
          kind: 'remindOfMail',
          id: `f${mailKeyOf(item.messageId)}`,
          subject: item.draft.subject.slice(0, 200),
          dueDate: toDay(clock.now()),
          messageId: recordIdOf(userId(), item.messageId),
        });
      },
      onChanged: tell,
      log: deps.log,
    });
    const linker = createMailLinker({
      store,
      userId,
      namedDeals: () => outbox.namedDeals(),
      ask: deps.ask,
      takeFile,
      discardFile: (id) => deps.files.discard(id),
      onLinked: tell,
      log: deps.log,
    });
    const reader = createMailReader({
      store,
      recordIdOf: (messageId) => recordIdOf(userId(), messageId),
      onOpened: tell,
      withMailbox: (accountId, work) => runnerOf(accountId).withMailbox(work),
    });
    opened = { profile, store, outboxStore, outbox, reader, linker, runners, linkedAtMs: 0 };
    for (const account of store.accounts()) start(opened, account);
    look();
  }

  async function shut(): Promise<void> {
    const last = opened;
    opened = null;
    looking?.cancel();
    if (last === null) return;
    await Promise.all([...last.runners.values()].map((runner) => runner.stop()));
    await last.outbox.settled();
    await last.linker.settled();
    last.store.close();
    last.outboxStore.close();
  }

  /** What is done about mailboxes and letters, for the window of background jobs. */
  const work: OtherWork = {
    kinds: [FETCH_MAIL, SEND_MAIL],
    list() {
      if (opened === null) return [];
      const { store, runners, outbox } = opened;
      const fetching = store.accounts().flatMap((account) => {
        const runner = runners.get(account.id);
        return runner === undefined ? [] : [fetchingOf(account, runner.state())];
      });
      return [...fetching, ...outbox.letters().flatMap((letter) => sendingOf(letter, clock.now()) ?? [])];
    },
    logOf(id) {
      const { runners, outbox } = required();
      for (const [accountId, runner] of runners) if (fetchingId(accountId) === id) return linesOf(runner.lines());
      return linesOf(outbox.letters().find((letter) => sendingId(letter.id) === id)?.lines ?? []);
    },
    retry(id) {
      const { runners, outbox } = required();
      for (const [accountId, runner] of runners) if (fetchingId(accountId) === id) runner.wake();
      for (const letter of outbox.letters()) if (sendingId(letter.id) === id) outbox.retry(letter.id);
      look();
    },
    cancel(id) {
      const { outbox } = required();
      for (const letter of outbox.letters()) if (sendingId(letter.id) === id) outbox.recall(letter.id);
    },
    noteHeld() {
      for (const runner of opened?.runners.values() ?? []) runner.wake();
      look();
      tell();
    },
  };

  return {
    work,
    open(profile: ActiveProfile): void {
      wanted = profile;
      try {
        begin(profile, null);
      } catch (error) {
        // Nobody is kept from everything else by their mail.
        deps.log('the mail of this profile could not be opened', error);
      }
    },
    async close(): Promise<void> {
      wanted = null;
      await reopening;
      await shut();
    },
    dropErased,
    /** Something about mail wants to be seen by a person. */
    attentionCount: (): number => (opened === null || opened.outboxStore.damage() === null ? 0 : 1),
    noteDamageSeen(): void {
      required().outboxStore.noteDamageSeen();
      deps.onAttention();
      tell();
    },
    /** Whoever leaves this computer leaves no password, whether or not the profile is open. */
    async forgetCredentials(profileId: string, directory: string): Promise<void> {
      for (const id of accountIdsIn(directory)) await credentials.forgetIn(profileId, id);
    },
    /** The line or the host may be back. */
    wake(): void {
      for (const runner of opened?.runners.values() ?? [])
        if (runner.state().failure?.kind === 'offline') runner.wake();
    },
    state(): MailboxState {
      const now = required();
      const accounts = now.store.accounts().map((account) => {
        const { failure = null, isSyncing = false, progress = null } = now.runners.get(account.id)?.state() ?? {};
        const folders = now.store.folders(account.id).map((folder) => {
          const { accountId: _account, uidValidity: _validity, modseq: _modseq, checkedAtMs, ...rest } = folder;
          const checkedAt = checkedAtMs === null ? null : toInstant(checkedAtMs);
          return { ...rest, ...now.store.countsOf(folder.id), checkedAt };
        });
        const oauth = account.oauth === null ? null : withoutSecret(account.oauth);
        const state = { failure, isSyncing, progress };
        return { ...account, oauth, ...state, folders, linkedCount: now.store.linkedCount(account.id) };
      });
      return { accounts, outbox: now.outbox.list(), outboxDamage: now.outboxStore.damage() };
    },
    async tryAccount(input: MailboxInput): Promise<MailTrial> {
      const known = required().store.accounts();
      assertKnownPlace(known, input);
      return tryMailbox(withSecret(known, input.id ?? 'trial', input.account), input.password, credentials.connector);
    },
    async save(input: MailboxInput): Promise<string> {
      assertKnownPlace(required().store.accounts(), input);
      return save(input);
    },
    async signIn(input: MailboxInput): Promise<string> {
      const stored = withSecret(required().store.accounts(), input.id ?? deps.createId(), input.account);
      await credentials.signIn(stored);
      return save({ id: stored.id, account: stored, password: null });
    },
    cancelSignIn: () => credentials.cancelSignIn(),
    async remove(id: string): Promise<void> {
      const now = required();
      await now.runners.get(id)?.stop();
      now.runners.delete(id);
      await credentials.forget(id);
      now.store.removeAccount(id);
      tell();
    },
    chooseFolder(folderId: number, isChosen: boolean): void {
      const { folder, runner } = folderOf(folderId);
      required().store.writeFolder({ ...folder, isChosen });
      runner?.wake();
      tell();
    },
    forgetFolder(folderId: number): void {
      required().store.removeFolder(folderOf(folderId).folder);
      tell();
    },
    sync(id: string, folderId: number | null, isThorough: boolean): void {
      accountOf(id);
      required()
        .runners.get(id)
        ?.wake(isThorough ? (folderId === null ? 'all' : [folderId]) : undefined);
      link(required(), 'all');
    },
    threads: (folder: number, offset: number, limit: number, search: string) =>
      required().reader.threads(folder, offset, limit, search),
    newest: (sinceMs: number, limit: number) => required().reader.newest(sinceMs, limit),
    thread: (id: number): Promise<readonly OpenMail[]> => required().reader.thread(id),
    async fetchWhole(id: number): Promise<void> {
      await required().reader.fetchWhole(id);
      tell();
    },
    async readKept(fileId: string): Promise<OpenMail['content']> {
      return required().reader.contentOf((await readFile(fileId)).bytes);
    },
    async attachment(mail: { readonly id: number } | { readonly fileId: string }, index: number) {
      const source = 'id' in mail ? null : (await readFile(mail.fileId)).bytes;
      return required().reader.attachment('id' in mail ? mail.id : (source ?? Buffer.alloc(0)), index);
    },
    attach: (id: string | null, sizeBytes: number, bytes: Uint8Array): string =>
      required().outbox.attach(id, sizeBytes, bytes),
    saveDraft: (id: string | null, draft: MailDraft): string => required().outbox.save(id, draft),
    async send(id: string): Promise<void> {
      await required().outbox.queue(id);
      look();
    },
    recall: (id: string): void => required().outbox.recall(id),
    retry(id: string): void {
      required().outbox.retry(id);
      look();
    },
    decide(id: string, was: 'sent' | 'notSent'): void {
      required().outbox.decide(id, was);
      look();
    },
    discard: (id: string): void => required().outbox.discard(id),
  };

  function folderOf(folderId: number) {
    const now = required();
    for (const account of now.store.accounts()) {
      const folder = now.store.folders(account.id).find(({ id }) => id === folderId);
      if (folder !== undefined) return { folder, runner: now.runners.get(account.id) };
    }
    throw new OutpostError('not_found', 'This folder is gone.');
  }
}
