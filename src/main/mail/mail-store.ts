// The mailboxes on this computer: what their folders hold, by the numbers the mail server gives, and every mail once, however many
// folders it lies in. Rows are sealed like those of the journal; what stands outside of the seal are numbers, times and
// fingerprints with a key. All of it can be fetched again: a damaged file is put aside and fills itself anew. The accounts lie
// beside it (`kept-accounts.ts`).
import { createHmac, createSecretKey, hkdfSync } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { MailAddress } from '#shared/mail/mail-types.ts';
import { createSealer, type Sealer } from '#main/journal/seal.ts';
import { openOwnFile, watchDamage } from '#main/kernel/own-file.ts';
import { openKeptAccounts, MAIL_FOLDER, type AccountToStore, type StoredAccount } from '#main/mail/kept-accounts.ts';
import { createMailListing, MAIL_COLUMNS } from '#main/mail/mail-listing.ts';
import type { LinkState, MailFacts, NewMail, StoredFolder, StoredMail } from '#main/mail/stored-mail.ts';

export const MAILBOX_FILE = 'mailbox.sqlite';
/** Mails that came just now are looked at next: that many need not be opened for it. */
const MOST_FRESH = 1_000;

const linkStates: readonly LinkState[] = ['new', 'none', 'kept', 'left', 'refused'];

interface MailRow {
  readonly id: number;
  readonly account: string;
  readonly at_ms: number;
  readonly outbound: number;
  readonly link: number;
  readonly size: number;
  readonly partial: number;
  readonly sealed: Uint8Array;
}

const tables = `
  CREATE TABLE IF NOT EXISTS folder (id INTEGER PRIMARY KEY, account TEXT NOT NULL, sealed BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS mail (id INTEGER PRIMARY KEY, account TEXT NOT NULL, mid BLOB NOT NULL, thread BLOB NOT NULL,
    at_ms INTEGER NOT NULL, outbound INTEGER NOT NULL, link INTEGER NOT NULL, size INTEGER NOT NULL, partial INTEGER NOT NULL,
    sealed BLOB NOT NULL, UNIQUE (account, mid));
  CREATE INDEX IF NOT EXISTS mail_thread ON mail (account, thread, at_ms);
  DROP INDEX IF EXISTS mail_link;
  CREATE INDEX IF NOT EXISTS mail_state ON mail (link);
  CREATE TABLE IF NOT EXISTS body (mail INTEGER PRIMARY KEY, sealed BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS place (folder INTEGER NOT NULL, uid INTEGER NOT NULL, mail INTEGER, seen INTEGER NOT NULL,
    opened INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (folder, uid)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS place_mail ON place (mail);`;

export type MailStore = ReturnType<typeof openMailStore>;

/** What both files of mail are opened with. */
export interface MailFileOptions {
  readonly nowMs: () => number;
  readonly log: (message: string, error?: unknown) => void;
  /** Damage was met in the middle of the work; the file has to be opened anew, with `isDamaged`. */
  readonly onDamage: () => void;
  readonly isDamaged?: boolean;
}

function setUp(db: DatabaseSync): void {
  // Bodies are most of it: larger pages are fewer pieces of each. Of a file that is there it changes nothing.
  db.exec('PRAGMA page_size = 16384');
  db.exec('PRAGMA journal_mode = WAL');
  db.exec('PRAGMA wal_autocheckpoint = 2000');
  db.exec('PRAGMA synchronous = NORMAL');
  db.exec('PRAGMA secure_delete = ON');
  db.exec('PRAGMA cell_size_check = ON');
  db.exec(tables);
  // Looking at every page would take seconds with every start: what is needed at once is read, the rest tells when it is.
  db.prepare('SELECT count(sealed) FROM folder').get();
}

export function openMailStore(directory: string, key: Uint8Array, options: MailFileOptions) {
  mkdirSync(path.join(directory, MAIL_FOLDER), { recursive: true, mode: 0o700 });
  const { db } = openOwnFile({ ...options, path: path.join(directory, MAIL_FOLDER, MAILBOX_FILE), setUp });
  const sealer: Sealer = createSealer(key, 'mailbox');
  const kept = openKeptAccounts(directory, sealer);
  // Former versions kept them among the copies.
  if (db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'account'").get() !== undefined) {
    for (const { id, sealed } of db.prepare('SELECT id, sealed FROM account ORDER BY rowid').all()) {
      const found = sealer.open(`account ${String(id)}`, sealed as Uint8Array) as AccountToStore | undefined;
      if (found !== undefined) kept.write({ ...found, id: String(id) });
    }
    db.exec('DROP TABLE account');
  }
  const marks = createSecretKey(Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'outpost/mail-marks', 32)));
  const mark = (text: string): Buffer => createHmac('sha256', marks).update(text).digest().subarray(0, 16);

  const all = (sql: string, ...values: SQLInputValue[]): readonly Record<string, unknown>[] =>
    db.prepare(sql).all(...values);
  const run = (sql: string, ...values: SQLInputValue[]): number => Number(db.prepare(sql).run(...values).changes);

  function transact<Value>(work: () => Value): Value {
    db.exec('BEGIN IMMEDIATE');
    try {
      const value = work();
      db.exec('COMMIT');
      return value;
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    }
  }

  /** By number, which a mail that goes gives back to be used anew. */
  const fresh = new Map<number, MailFacts>();

  function toMail(row: MailRow): StoredMail {
    const facts = fresh.get(row.id) ?? (sealer.open(`mail ${row.account}`, row.sealed) as MailFacts | undefined);
    return {
      ...(facts ?? unreadableFacts),
      id: row.id,
      accountId: row.account,
      atMs: row.at_ms,
      isOutbound: row.outbound === 1,
      link: linkStates[row.link] ?? 'none',
      sizeBytes: row.size,
      isPartial: row.partial === 1,
    };
  }
  const mailsOf = (rows: readonly unknown[]): readonly StoredMail[] => rows.map((row) => toMail(row as MailRow));

  const statements = {
    findMail: db.prepare('SELECT id FROM mail WHERE account = ? AND mid = ?'),
    addMail: db.prepare(
      'INSERT INTO mail (account, mid, thread, at_ms, outbound, link, size, partial, sealed) VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?)',
    ),
    setLink: db.prepare('UPDATE mail SET link = ? WHERE id = ?'),
    addBody: db.prepare('INSERT OR REPLACE INTO body (mail, sealed) VALUES (?, ?)'),
    // Marked as unread elsewhere, it is unread here, too.
    setSeen: db.prepare(
      'UPDATE place SET opened = CASE WHEN seen = 1 AND ? = 0 THEN 0 ELSE opened END, seen = ? WHERE folder = ? AND uid = ?',
    ),
    setOpened: db.prepare('UPDATE place SET opened = 1 WHERE mail = ? AND seen = 0 AND opened = 0'),
    addPlace: db.prepare('INSERT OR REPLACE INTO place (folder, uid, mail, seen) VALUES (?, ?, ?, ?)'),
  };

  function writeFolder(folder: StoredFolder): void {
    const { id, accountId, ...rest } = folder;
    const sealed = sealer.seal(`folder ${accountId}`, rest);
    run('INSERT OR REPLACE INTO folder (id, account, sealed) VALUES (?, ?, ?)', id, accountId, sealed);
  }

  /** A mail that lies in no folder any more goes, unless it is a record. */
  function dropHomeless(accountId: string): void {
    const homeless = 'account = ? AND id NOT IN (SELECT mail FROM place WHERE mail IS NOT NULL) AND link <> 2';
    run(`DELETE FROM body WHERE mail IN (SELECT id FROM mail WHERE ${homeless})`, accountId);
    run(`DELETE FROM mail WHERE ${homeless}`, accountId);
    fresh.clear();
  }

  const inboxIds = (): readonly number[] =>
    store.accounts().flatMap(({ id }) =>
      store
        .folders(id)
        .filter(({ use }) => use === '\\Inbox')
        .map((folder) => folder.id),
    );

  const store = {
    accounts: (): readonly StoredAccount[] => kept.all(),
    writeAccount: (account: StoredAccount): void => kept.write(account),
    removeAccount(id: string): void {
      transact(() => {
        run('DELETE FROM body WHERE mail IN (SELECT id FROM mail WHERE account = ?)', id);
        run('DELETE FROM place WHERE folder IN (SELECT id FROM folder WHERE account = ?)', id);
        for (const table of ['mail', 'folder']) run(`DELETE FROM ${table} WHERE account = ?`, id);
      });
      fresh.clear();
      kept.remove(id);
    },
    folders: (accountId: string): readonly StoredFolder[] =>
      all('SELECT id, sealed FROM folder WHERE account = ? ORDER BY id', accountId).flatMap(({ id, sealed }) => {
        const found = sealer.open(`folder ${accountId}`, sealed as Uint8Array) as Omit<
          StoredFolder,
          'id' | 'accountId'
        >;
        return found === undefined ? [] : [{ ...found, id: Number(id), accountId }];
      }),
    addFolder(folder: Omit<StoredFolder, 'id'>): void {
      const last = all('SELECT coalesce(max(id), 0) AS id FROM folder')[0]?.['id'];
      writeFolder({ ...folder, id: Number(last) + 1 });
    },
    writeFolder,
    removeFolder(folder: StoredFolder): void {
      transact(() => {
        run('DELETE FROM place WHERE folder = ?', folder.id);
        run('DELETE FROM folder WHERE id = ?', folder.id);
        dropHomeless(folder.accountId);
      });
    },
    countsOf(folderId: number): { readonly here: number; readonly unreadable: number; readonly unseen: number } {
      const [row] = all(
        'SELECT count(*) AS here, count(*) - count(mail) AS unreadable, coalesce(sum(seen = 0 AND opened = 0), 0) AS unseen FROM place WHERE folder = ?',
        folderId,
      );
      return { here: Number(row?.['here']), unreadable: Number(row?.['unreadable']), unseen: Number(row?.['unseen']) };
    },
    uidsOf: (folderId: number): ReadonlySet<number> =>
      new Set(all('SELECT uid FROM place WHERE folder = ?', folderId).map(({ uid }) => Number(uid))),
    lastUid: (folderId: number): number =>
      Number(all('SELECT coalesce(max(uid), 0) AS uid FROM place WHERE folder = ?', folderId)[0]?.['uid']),
    knows: (accountId: string, messageId: string): boolean =>
      statements.findMail.get(accountId, mark(messageId)) !== undefined,
    isEmpty: (accountId: string): boolean =>
      all('SELECT 1 FROM mail WHERE account = ? LIMIT 1', accountId).length === 0,
    /** All of it or nothing; a mail that is known gets one more place. */
    addMails(folder: StoredFolder, mails: readonly NewMail[], unreadable: readonly number[] = []): void {
      if (fresh.size + mails.length > MOST_FRESH) fresh.clear();
      const added = transact(() => {
        const news: [number, MailFacts][] = [];
        for (const { uid, isSeen, facts, atMs, isOutbound, sizeBytes, source, isPartial } of mails) {
          const mid = mark(facts.messageId);
          const known = statements.findMail.get(folder.accountId, mid);
          const id =
            known === undefined
              ? statements.addMail.run(
                  folder.accountId,
                  mid,
                  mark(facts.thread),
                  atMs,
                  isOutbound ? 1 : 0,
                  sizeBytes,
                  isPartial ? 1 : 0,
                  sealer.seal(`mail ${folder.accountId}`, facts),
                ).lastInsertRowid
              : Number(known['id']);
          if (known === undefined && source !== null)
            statements.addBody.run(id, sealer.sealBytes(`body ${String(id)}`, source));
          if (known === undefined) news.push([Number(id), facts]);
          statements.addPlace.run(folder.id, uid, id, isSeen ? 1 : 0);
        }
        for (const uid of unreadable) statements.addPlace.run(folder.id, uid, null, 1);
        return news;
      });
      for (const [id, facts] of added) fresh.set(id, facts);
    },
    setSeen(folderId: number, flags: ReadonlyMap<number, boolean>): void {
      transact(() => {
        for (const [uid, isSeen] of flags) statements.setSeen.run(isSeen ? 1 : 0, isSeen ? 1 : 0, folderId, uid);
      });
    },
    /** Somebody looked at these mails here. The mailbox is not told: its marks are its owner's. True when it was news. */
    noteOpened(ids: readonly number[]): boolean {
      return transact(() => ids.map((id) => Number(statements.setOpened.run(id).changes))).some((count) => count > 0);
    },
    removeUids(folder: StoredFolder, uids: readonly number[]): void {
      transact(() => {
        for (const uid of uids) run('DELETE FROM place WHERE folder = ? AND uid = ?', folder.id, uid);
        dropHomeless(folder.accountId);
      });
    },
    /** The numbers of a folder mean other mails now. The mails stay until it is known which of them are there. */
    forgetPlaces: (folderId: number): number => run('DELETE FROM place WHERE folder = ?', folderId),
    dropHomeless: (accountId: string): void => transact(() => dropHomeless(accountId)),
    writeFacts(mail: StoredMail, change: Partial<MailFacts>): void {
      const {
        id,
        accountId,
        atMs: _at,
        isOutbound: _out,
        link: _link,
        sizeBytes: _size,
        isPartial: _part,
        ...facts
      } = mail;
      fresh.delete(id);
      run('UPDATE mail SET sealed = ? WHERE id = ?', sealer.seal(`mail ${accountId}`, { ...facts, ...change }), id);
    },
    setLink: (id: number, link: LinkState): void => void statements.setLink.run(linkStates.indexOf(link), id),
    setLinks(ids: readonly number[], link: LinkState): void {
      transact(() => {
        for (const id of ids) statements.setLink.run(linkStates.indexOf(link), id);
      });
    },
    linkedCount: (accountId: string): number =>
      Number(all('SELECT count(*) AS n FROM mail WHERE account = ? AND link = 2', accountId)[0]?.['n']),
    /** Newest first, from a mail on. */
    withLink: (link: LinkState, most: number, before = Number.MAX_SAFE_INTEGER): readonly StoredMail[] =>
      mailsOf(
        all(
          `SELECT ${MAIL_COLUMNS} FROM mail m WHERE m.link = ? AND m.id < ? ORDER BY m.id DESC LIMIT ?`,
          linkStates.indexOf(link),
          before,
          most,
        ),
      ),
    mail(id: number): StoredMail | undefined {
      return mailsOf(all(`SELECT ${MAIL_COLUMNS} FROM mail m WHERE m.id = ?`, id))[0];
    },
    findMail(accountId: string, messageId: string): StoredMail | undefined {
      const found = statements.findMail.get(accountId, mark(messageId));
      return found === undefined ? undefined : this.mail(Number(found['id']));
    },
    body(id: number): Uint8Array | undefined {
      const [row] = all('SELECT sealed FROM body WHERE mail = ?', id);
      return row === undefined ? undefined : sealer.openBytes(`body ${String(id)}`, row['sealed'] as Uint8Array);
    },
    writeBody(id: number, source: Uint8Array): void {
      transact(() => {
        statements.addBody.run(id, sealer.sealBytes(`body ${String(id)}`, source));
        run('UPDATE mail SET partial = 0 WHERE id = ?', id);
      });
    },
    placesOf: (id: number): readonly { readonly folder: number; readonly uid: number; readonly isSeen: boolean }[] =>
      all('SELECT folder, uid, max(seen, opened) AS seen FROM place WHERE mail = ?', id).map(
        ({ folder, uid, seen }) => ({
          folder: Number(folder),
          uid: Number(uid),
          isSeen: seen === 1,
        }),
      ),
    ...createMailListing({ all, mailsOf, mark, inboxIds }),
    close: () => db.close(),
  };
  return watchDamage(store, options.onDamage);
}

const nobody: MailAddress = { name: '', address: '' };
const unreadableFacts: MailFacts = {
  messageId: '',
  references: [],
  thread: '',
  from: nobody,
  to: [],
  cc: [],
  subject: '',
  snippet: '',
  attachmentCount: 0,
};
