// Brings one folder of a mailbox here. A folder is only ever examined and bodies are only ever peeked at, so nothing in the
// mailbox changes. What is here is compared with what the server says it has: new mails by their numbers, flags by CONDSTORE
// where there is one, everything number by number when the sums differ or somebody asks.
import type { FetchMessageObject, FetchQueryObject, ImapFlow } from 'imapflow';
import { factsOf, momentOf } from '#main/mail/mail-facts.ts';
import type { StoredAccount } from '#main/mail/kept-accounts.ts';
import type { MailStore } from '#main/mail/mail-store.ts';
import type { NewMail, StoredFolder } from '#main/mail/stored-mail.ts';

/** Of one mail, kept for reading offline; the rest is fetched when somebody wants it. */
export const SOURCE_MOST_BYTES = 512 * 1024;
const BATCH = 500;
/** Numbers asked for in one command. */
const RANGE = 500;

export const headQuery: FetchQueryObject = {
  uid: true,
  flags: true,
  envelope: true,
  internalDate: true,
  size: true,
  bodyStructure: true,
};
export const fullQuery: FetchQueryObject = { ...headQuery, source: { maxLength: SOURCE_MOST_BYTES } };

export interface FolderSync {
  readonly client: ImapFlow;
  readonly store: MailStore;
  readonly account: StoredAccount;
  readonly folder: StoredFolder;
  /** Compares every number, whatever the sums say. */
  readonly isThorough: boolean;
  readonly nowMs: () => number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
  /** Mails that were not here before are here. */
  readonly onArrived: () => void;
}

/** The folder as it stands afterwards. @throws what imapflow throws; what was brought until then stays. */
export async function syncFolder(sync: FolderSync): Promise<StoredFolder> {
  const { client, store, folder: before } = sync;
  const lock = await client.getMailboxLock(before.path, { readOnly: true, maxLockHoldTime: false });
  try {
    const mailbox = client.mailbox;
    if (mailbox === false) throw new Error('The folder could not be opened.');
    const uidValidity = String(mailbox.uidValidity);
    let folder = before;
    if (folder.uidValidity !== uidValidity) {
      // Other numbers: what was noted under the old ones says nothing any more. The mails are recognised by their Message-ID.
      if (folder.uidValidity !== '') store.forgetPlaces(folder.id);
      folder = { ...folder, uidValidity, modseq: '' };
      store.writeFolder(folder);
    }
    await bring(sync, folder, await findMissing(sync, folder, mailbox.exists));
    const modseq = mailbox.noModseq === true ? '' : String(mailbox.highestModseq ?? '');
    await followFlags(sync, folder, modseq);
    // Only forgetting all numbers leaves mails without a place, and the modseq is empty from then until everything is here again.
    if (folder.modseq === '' && before.checkedAtMs !== null) store.dropHomeless(folder.accountId);
    const after = { ...folder, modseq, onServer: mailbox.exists, checkedAtMs: sync.nowMs(), failure: null };
    store.writeFolder(after);
    return after;
  } finally {
    lock.release();
  }
}

/** Numbers the server has and this computer has not, the newest first; what the server lost is forgotten. */
async function findMissing(sync: FolderSync, folder: StoredFolder, exists: number): Promise<readonly number[]> {
  const { client, store, isThorough } = sync;
  const here = store.uidsOf(folder.id);
  if (exists === 0) {
    store.removeUids(folder, [...here]);
    return [];
  }
  if (!isThorough && here.size > 0) {
    const newest = await search(client, `${String(store.lastUid(folder.id) + 1)}:*`);
    const fresh = newest.filter((uid) => !here.has(uid));
    if (here.size + fresh.length === exists) return fresh.toSorted((a, b) => b - a);
  }
  const there = new Set(await search(client, '1:*'));
  const gone = [...here].filter((uid) => !there.has(uid));
  if (gone.length > 0) store.removeUids(folder, gone);
  return [...there].filter((uid) => !here.has(uid)).toSorted((a, b) => b - a);
}

async function search(client: ImapFlow, uid: string): Promise<readonly number[]> {
  const found = await client.search({ uid }, { uid: true });
  return Array.isArray(found) ? found : [];
}

async function bring(sync: FolderSync, folder: StoredFolder, missing: readonly number[]): Promise<void> {
  const { store, account, signal, onProgress } = sync;
  // What lies in a second folder is not fetched twice; in an empty mailbox nothing can be known.
  const query = store.isEmpty(account.id) ? fullQuery : { ...headQuery, headers: ['references'] };
  let done = 0;
  for (let start = 0; start < missing.length; start += RANGE) {
    signal.throwIfAborted();
    const wanted = missing.slice(start, start + RANGE);
    const found = await fetchRange(sync, folder, wanted, query);
    const lost = wanted.filter((uid) => !found.has(uid));
    if (lost.length > 0) await bringOneByOne(sync, folder, lost);
    done += wanted.length;
    onProgress(done, missing.length);
    sync.onArrived();
  }
}

/** Saved as it comes, batch by batch: a line that breaks costs no more than the last one. Numbers that came. */
async function fetchRange(
  { client, store, account, nowMs, signal }: FolderSync,
  folder: StoredFolder,
  uids: readonly number[],
  query: FetchQueryObject,
): Promise<ReadonlySet<number>> {
  const came = new Set<number>();
  const unknown: number[] = [];
  const isWithSource = query.source !== undefined;
  let batch: NewMail[] = [];
  const save = (): void => {
    store.addMails(folder, batch);
    batch = [];
  };
  for await (const message of client.fetch(toRange(uids), query, { uid: true })) {
    signal.throwIfAborted();
    came.add(message.uid);
    const mail = toNewMail(message, account, folder, nowMs());
    if (isWithSource || store.knows(account.id, mail.facts.messageId)) batch.push(mail);
    else unknown.push(message.uid);
    if (batch.length >= BATCH) save();
  }
  save();
  if (unknown.length === 0) return came;
  for await (const message of client.fetch(toRange(unknown), fullQuery, { uid: true })) {
    batch.push(toNewMail(message, account, folder, nowMs()));
    if (batch.length >= BATCH) save();
  }
  save();
  return came;
}

/** As ranges: a line with thousands of numbers is more than some servers take. */
export function toRange(uids: readonly number[]): string {
  const sorted = [...uids].sort((a, b) => a - b);
  const ranges: string[] = [];
  for (let index = 0; index < sorted.length;) {
    let end = index;
    while (sorted[end + 1] === (sorted[end] ?? 0) + 1) end += 1;
    const [first, last] = [String(sorted[index]), String(sorted[end])];
    ranges.push(first === last ? first : `${first}:${last}`);
    index = end + 1;
  }
  return ranges.join(',');
}

function toNewMail(message: FetchMessageObject, account: StoredAccount, folder: StoredFolder, nowMs: number): NewMail {
  const withHead = message.source === undefined ? { ...message, source: message.headers } : message;
  const facts = factsOf(withHead);
  const sizeBytes = message.size ?? message.source?.length ?? 0;
  const isOwn = facts.from.address.toLowerCase() === account.address.toLowerCase();
  return {
    uid: message.uid,
    isSeen: message.flags?.has('\\Seen') === true,
    facts,
    atMs: momentOf(message, nowMs),
    isOutbound: isOwn || folder.use === '\\Sent',
    sizeBytes,
    source: message.source ?? null,
    isPartial: message.source !== undefined && message.source.length < sizeBytes,
  };
}

/** What did not come with the others: asked for alone and without its structure; what still does not come is counted as such. */
async function bringOneByOne(
  { client, store, account, nowMs, signal }: FolderSync,
  folder: StoredFolder,
  uids: readonly number[],
) {
  const { bodyStructure: _structure, ...plain } = fullQuery;
  for (const uid of uids) {
    signal.throwIfAborted();
    const message = await client.fetchOne(String(uid), plain, { uid: true });
    if (message === false) store.addMails(folder, [], [uid]);
    else store.addMails(folder, [toNewMail(message, account, folder, nowMs())]);
  }
}

/** What was read or marked elsewhere. */
async function followFlags(
  { client, store, isThorough }: FolderSync,
  folder: StoredFolder,
  modseq: string,
): Promise<void> {
  if (folder.modseq === modseq && modseq !== '' && !isThorough) return;
  if (store.countsOf(folder.id).here === 0) return;
  const flags = new Map<number, boolean>();
  const since = folder.modseq === '' || isThorough ? {} : { changedSince: BigInt(folder.modseq) };
  // On the first look they came with the mails.
  if (folder.checkedAtMs === null) return;
  for await (const message of client.fetch('1:*', { uid: true, flags: true }, { uid: true, ...since }))
    flags.set(message.uid, message.flags?.has('\\Seen') === true);
  store.setSeen(folder.id, flags);
}
