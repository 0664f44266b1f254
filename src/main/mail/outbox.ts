// What is to be sent, and what became of it. Each mail is handed over at most once: before every further attempt it is known that
// no earlier one was taken, or the folder of sent mail says so, or the person does.
import type { ImapFlow } from 'imapflow';
import { shortenLine, type JobSentence } from '#shared/jobs/job-lines.ts';
import { toInstant, toEpochMs } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { MailDraft, MailFailure, OutboxItem } from '#shared/mail/mail-types.ts';
import { cleanMessageId, referencesOfAnswer } from '#shared/mail/message-ids.ts';
import { composeMail } from '#main/mail/compose-mail.ts';
import type { Connector } from '#main/mail/connect.ts';
import { handOver } from '#main/mail/hand-over-mail.ts';
import { needsPerson } from '#main/mail/mail-failure.ts';
import type { StoredAccount } from '#main/mail/kept-accounts.ts';
import type { MailStore } from '#main/mail/mail-store.ts';
import type { OutboxStore, StoredOutgoing } from '#main/mail/outbox-store.ts';
import { reasonOf } from '#main/mail/work-line.ts';

const MINUTE_MS = 60_000;
/** What most mail servers take, before it is written in letters. */
const MOST_ATTACHED_BYTES = 25 * 1024 * 1024;
const DAY_MS = 86_400_000;
/** After the first, second … attempt; the last one for all further ones. */
const pausesMs = [30_000, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS, 60 * MINUTE_MS];
/** Providers put a copy into the folder of sent mail a moment after they took a mail. */
const LOOK_AFTER_MS = 20_000;
/** Sent ones stay in the list as long. */
const SENT_KEPT_MS = 14 * DAY_MS;
const LINES_KEPT = 50;

export interface OutboxDeps {
  readonly outbox: OutboxStore;
  readonly store: MailStore;
  readonly connector: Connector;
  readonly clock: Clock;
  readonly createId: () => string;
  readonly isOnline: () => boolean;
  /** Somebody paused the sending of letters. */
  readonly isHeld: () => boolean;
  /** Runs with an open connection to the mailbox. */
  readonly withMailbox: <Value>(account: StoredAccount, work: (client: ImapFlow) => Promise<Value>) => Promise<Value>;
  /** Another mail lies in the folder of sent mail. */
  readonly onSent: (account: StoredAccount) => void;
  /** Nobody answered in time. @throws when the task could not be made */
  readonly remind: (item: StoredOutgoing) => Promise<void>;
  readonly onChanged: () => void;
  readonly log: (message: string, error?: unknown) => void;
}

export type Outbox = ReturnType<typeof createOutbox>;

export function createOutbox(deps: OutboxDeps) {
  const { outbox, store, clock } = deps;
  let running: Promise<void> | null = null;
  let isWanted = false;

  outbox.dropAttached(new Set(outbox.all().flatMap(({ draft }) => draft.attachments.map((file) => file.id))));
  // What was under way when the application ended: either nothing left, or it is not known.
  for (const item of outbox.all())
    if (item.state === 'sending')
      outbox.change(
        item.id,
        item.handed === 'none' ? { state: 'queued' } : { state: 'unknown', nextAtMs: clock.now() },
      );

  const accountOf = ({ draft }: StoredOutgoing): StoredAccount | undefined =>
    store.accounts().find(({ id }) => id === draft.accountId);

  function change(id: string, next: Partial<StoredOutgoing>, line: JobSentence): void {
    const atMs = clock.now();
    const lines = [...(outbox.get(id)?.lines ?? []), { atMs, text: shortenLine(line) }].slice(-LINES_KEPT);
    outbox.change(id, { ...next, changedAtMs: atMs, lines });
    deps.onChanged();
  }

  function newItem(id: string, draft: MailDraft): StoredOutgoing {
    return {
      id,
      state: 'draft',
      draft,
      messageId: '',
      changedAtMs: clock.now(),
      sentAtMs: null,
      nextAtMs: null,
      attempts: 0,
      failure: null,
      handed: 'none',
      isFiled: false,
      followUp: 'none',
    };
  }

  function readAttached(id: string): Uint8Array {
    const bytes = outbox.readAttached(id);
    if (bytes === undefined)
      throw new OutpostError('not_found', 'A file of this letter is not here any more. Attach it again.');
    return bytes;
  }

  /** @throws OutpostError `invalid`, `not_found` */
  async function queue(id: string): Promise<void> {
    const item = outbox.get(id);
    if (item === undefined) throw new OutpostError('not_found', 'This draft is gone.');
    if (item.state !== 'draft' && item.state !== 'failed') return;
    const account = accountOf(item);
    if (account === undefined) throw new OutpostError('not_found', 'The account it is sent from is gone.');
    const { draft } = item;
    const answered = draft.answers === null ? undefined : store.mail(draft.answers);
    const messageId =
      item.messageId === '' ? `${deps.createId()}@${account.address.split('@')[1] ?? 'localhost'}` : item.messageId;
    const nowMs = clock.now();
    const dueMs = draft.sendAt === null ? nowMs : Math.max(nowMs, toEpochMs(draft.sendAt));
    const files = draft.attachments.map(({ id: fileId, name, mediaType }) => ({
      name,
      mediaType,
      bytes: readAttached(fileId),
    }));
    const composed = await composeMail({
      account,
      draft,
      messageId,
      at: new Date(dueMs),
      inReplyTo: answered?.messageId ?? '',
      references: answered === undefined ? [] : referencesOfAnswer(answered),
      files,
    });
    outbox.change(id, { messageId });
    outbox.writeMail(id, composed.raw, composed.envelope);
    change(
      id,
      { state: 'queued', nextAtMs: dueMs, attempts: 0, failure: null, handed: 'none' },
      { key: 'letterQueued' },
    );
  }

  async function send(item: StoredOutgoing, account: StoredAccount): Promise<void> {
    const mail = outbox.readMail(item.id);
    if (mail === null) {
      const failure: MailFailure = { kind: 'broken', detail: 'The mail cannot be read any more.' };
      change(
        item.id,
        { state: 'failed', nextAtMs: null, failure },
        { key: 'letterRefused', reason: reasonOf(failure) },
      );
      return;
    }
    const attempts = item.attempts + 1;
    change(
      item.id,
      { state: 'sending', handed: 'none', attempts, nextAtMs: null },
      { key: 'letterAttempt', values: { attempt: attempts } },
    );
    const outcome = await handOver(account, deps.connector, mail, () => {
      outbox.change(item.id, { handed: 'handing' });
    });
    if (outcome.kind === 'sent') {
      noteSent(item.id, { key: 'letterTaken' }, outcome.failure);
      return;
    }
    const { failure } = outcome;
    if (outcome.kind === 'unknown')
      change(
        item.id,
        { state: 'unknown', failure, nextAtMs: clock.now() + LOOK_AFTER_MS },
        { key: 'letterBroke', reason: reasonOf(failure) },
      );
    else if (outcome.kind === 'refused')
      change(
        item.id,
        { state: 'failed', failure, nextAtMs: null, handed: 'none' },
        { key: 'letterRefused', reason: reasonOf(failure) },
      );
    else {
      const pauseMs = pausesMs[Math.min(attempts, pausesMs.length) - 1] ?? MINUTE_MS;
      const nextAtMs = needsPerson(failure) ? null : clock.now() + pauseMs;
      const state = needsPerson(failure) ? 'failed' : 'queued';
      change(item.id, { state, failure, nextAtMs, handed: 'none' }, { key: 'letterStayed', reason: reasonOf(failure) });
    }
  }

  function noteSent(id: string, line: JobSentence, failure: MailFailure | null = null): void {
    const item = outbox.get(id);
    if (item === undefined) return;
    const { followUpDays } = item.draft;
    const sentAtMs = item.sentAtMs ?? clock.now();
    const followUp = followUpDays === null ? 'none' : 'waiting';
    change(id, { state: 'sent', handed: 'taken', failure, sentAtMs, nextAtMs: null, followUp }, line);
  }

  /** Mail servers of these providers keep what they send by themselves. */
  const keepsSent = ({ preset }: StoredAccount): boolean => preset !== 'other';

  async function findInSent(client: ImapFlow, account: StoredAccount, messageId: string): Promise<boolean> {
    const sent = store.folders(account.id).find(({ use }) => use === '\\Sent');
    if (sent === undefined) return false;
    const lock = await client.getMailboxLock(sent.path, { readOnly: true });
    try {
      const found = await client.search({ header: { 'message-id': `<${messageId}>` } }, { uid: true });
      return Array.isArray(found) && found.length > 0;
    } finally {
      lock.release();
    }
  }

  /**
   * What became of a mail whose answer never came. Found in the folder of sent mail: it was sent. Not found, and the provider
   * puts every mail it takes there: it was not, and is tried again. Otherwise nobody can know, and the person decides.
   */
  async function findOut(item: StoredOutgoing, account: StoredAccount): Promise<void> {
    const isThere = await deps.withMailbox(account, (client) => findInSent(client, account, item.messageId));
    if (isThere) {
      outbox.change(item.id, { isFiled: true });
      noteSent(item.id, { key: 'letterFound' });
    } else if (keepsSent(account))
      change(item.id, { state: 'queued', handed: 'none', nextAtMs: clock.now() }, { key: 'letterNotFound' });
    else change(item.id, { nextAtMs: null }, { key: 'letterUnknown' });
  }

  /** Puts a copy into the folder of sent mail, as every mail program does. Once: it is looked for before. */
  async function file(item: StoredOutgoing, account: StoredAccount): Promise<void> {
    const sent = store.folders(account.id).find(({ use }) => use === '\\Sent');
    const mail = outbox.readMail(item.id);
    if (keepsSent(account) || sent === undefined || mail === null) {
      if (keepsSent(account) || mail === null) done();
      return;
    }
    await deps.withMailbox(account, async (client) => {
      if (await findInSent(client, account, item.messageId)) return;
      await client.append(sent.path, Buffer.from(mail.raw), ['\\Seen'], new Date(item.sentAtMs ?? clock.now()));
    });
    done();
    function done(): void {
      change(item.id, { isFiled: true }, { key: 'letterFiled' });
      outbox.dropMail(item.id);
    }
    deps.onSent(account);
  }

  async function followUp(item: StoredOutgoing): Promise<void> {
    const sentAtMs = item.sentAtMs ?? clock.now();
    const own = store.findMail(item.draft.accountId, item.messageId);
    const isAnswered =
      own !== undefined &&
      store.thread(item.draft.accountId, own.thread).some((mail) => !mail.isOutbound && mail.atMs > sentAtMs);
    if (isAnswered) change(item.id, { followUp: 'answered' }, { key: 'letterAnswered' });
    else if (clock.now() >= sentAtMs + (item.draft.followUpDays ?? 0) * DAY_MS) {
      await deps.remind(item);
      change(item.id, { followUp: 'reminded' }, { key: 'letterReminded' });
    }
  }

  async function attend(item: StoredOutgoing): Promise<void> {
    const account = accountOf(item);
    const isDue = item.nextAtMs !== null && item.nextAtMs <= clock.now();
    if (item.state === 'sent' && item.followUp === 'waiting') await followUp(item);
    if (item.state === 'sent' && item.followUp !== 'waiting' && (item.sentAtMs ?? 0) < clock.now() - SENT_KEPT_MS)
      outbox.remove(item.id);
    if (account === undefined || !deps.isOnline() || deps.isHeld()) return;
    if (item.state === 'queued' && isDue) await send(item, account);
    else if (item.state === 'unknown' && isDue) await findOut(item, account);
    const now = outbox.get(item.id);
    if (now?.state === 'sent' && !now.isFiled) await file(now, account);
  }

  async function attendToAll(): Promise<void> {
    do {
      isWanted = false;
      for (const { id } of outbox.all()) {
        const item = outbox.get(id);
        if (item === undefined) continue;
        // The next occasion comes; the state says what is known.
        await attend(item).catch((error: unknown) => deps.log('a mail could not be attended to', error));
      }
    } while (isWanted);
  }

  return {
    /** One look at everything; the same mail is never in two hands. */
    run(): Promise<void> {
      if (running !== null) {
        isWanted = true;
        return running;
      }
      running = attendToAll().finally(() => {
        running = null;
      });
      return running;
    },
    /** Nothing is under way any more. */
    settled: (): Promise<void> => running ?? Promise.resolve(),
    /** When something is due next; null when nothing is. */
    nextAtMs(): number | null {
      const times = outbox
        .all()
        .flatMap(({ state, nextAtMs }) => (state !== 'draft' && nextAtMs !== null ? [nextAtMs] : []));
      return times.length === 0 ? null : Math.min(...times);
    },
    list: (): readonly OutboxItem[] => outbox.all().map(toItem),
    /** By the Message-ID of what was written about a deal. */
    namedDeals: (): ReadonlyMap<string, string> =>
      new Map(
        outbox
          .all()
          .flatMap(({ messageId, draft: { dealId } }) =>
            messageId === '' || dealId === undefined || dealId === null
              ? []
              : [[cleanMessageId(messageId), dealId] as const],
          ),
      ),
    letters: (): readonly StoredOutgoing[] => outbox.all(),
    save(id: string | null, draft: MailDraft): string {
      const before = id === null ? undefined : outbox.get(id);
      if (before !== undefined && before.state !== 'draft' && before.state !== 'failed')
        throw new OutpostError('invalid', 'This mail is on its way.', { reason: 'onItsWay' });
      const item =
        before === undefined ? newItem(id ?? deps.createId(), draft) : { ...before, draft, changedAtMs: clock.now() };
      outbox.write({ ...item, state: 'draft', nextAtMs: null });
      deps.onChanged();
      return item.id;
    },
    queue,
    /** A piece of a file that is to go with a letter; the first piece is given without an id. */
    attach(id: string | null, sizeBytes: number, bytes: Uint8Array): string {
      if (sizeBytes > MOST_ATTACHED_BYTES)
        throw new OutpostError('too_large', 'This is more than mail servers take.', {
          reason: 'mailTooLarge',
          most: 25,
        });
      const attachedId = id ?? deps.createId();
      outbox.attach(attachedId, bytes);
      return attachedId;
    },
    /** Back to a draft, as long as nothing of it left. */
    recall(id: string): void {
      const item = outbox.get(id);
      if (item?.state !== 'queued' && item?.state !== 'failed')
        throw new OutpostError('invalid', 'This mail is on its way.', { reason: 'onItsWay' });
      change(id, { state: 'draft', nextAtMs: null, failure: null }, { key: 'letterRecalled' });
    },
    retry(id: string): void {
      const state = outbox.get(id)?.state;
      const nextAtMs = clock.now();
      if (state === 'failed') change(id, { state: 'queued', nextAtMs, handed: 'none' }, { key: 'letterRetried' });
      // Of an unknown one this is one more look into the folder of sent mail.
      else if (state === 'queued' || state === 'unknown') change(id, { nextAtMs }, { key: 'letterHastened' });
    },
    /** The person says what became of a mail nobody else can tell about. */
    decide(id: string, was: 'sent' | 'notSent'): void {
      if (outbox.get(id)?.state !== 'unknown') return;
      if (was === 'sent') noteSent(id, { key: 'letterSaidSent' });
      else change(id, { state: 'queued', nextAtMs: clock.now(), handed: 'none' }, { key: 'letterSaidNotSent' });
    },
    discard(id: string): void {
      const state = outbox.get(id)?.state;
      if (state === 'sending' || state === 'unknown')
        throw new OutpostError('invalid', 'This mail is on its way.', { reason: 'onItsWay' });
      outbox.remove(id);
      deps.onChanged();
    },
  };
}

function toItem(item: StoredOutgoing): OutboxItem {
  return {
    id: item.id,
    state: item.state,
    draft: item.draft,
    changedAt: toInstant(item.changedAtMs),
    sentAt: item.sentAtMs === null ? null : toInstant(item.sentAtMs),
    nextAt: item.nextAtMs === null ? null : toInstant(item.nextAtMs),
    attempts: item.attempts,
    failure: item.failure,
    followUp: item.followUp,
  };
}
