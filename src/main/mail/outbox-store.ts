// What somebody wrote and what became of it: durable before anything says so, and apart from the copies of mailboxes, which may
// be lost. The finished mail lies beside its draft from the moment it is queued, so that every attempt sends the same bytes with
// the same Message-ID.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { MailDraft, MailFailure, OutboxDamage, OutboxState } from '#shared/mail/mail-types.ts';
import { createSealer, type Sealer } from '#main/journal/seal.ts';
import { checkWhole, DamagedFile, isDamage, openOwnFile, watchDamage } from '#main/kernel/own-file.ts';
import { MAIL_FOLDER } from '#main/mail/kept-accounts.ts';
import type { WorkLine } from '#main/mail/work-line.ts';
import type { MailFileOptions } from '#main/mail/mail-store.ts';

/**
 * How far an attempt came. `none`: nothing of the mail left. `handing`: its last byte may have, and the answer is not known.
 * `taken`: the mail server has it.
 */
export type Handed = 'none' | 'handing' | 'taken';

export interface StoredOutgoing {
  readonly id: string;
  readonly state: OutboxState;
  readonly draft: MailDraft;
  readonly messageId: string;
  readonly changedAtMs: number;
  readonly sentAtMs: number | null;
  readonly nextAtMs: number | null;
  readonly attempts: number;
  readonly failure: MailFailure | null;
  readonly handed: Handed;
  /** Lies in the folder of sent mail, or need not be put there. */
  readonly isFiled: boolean;
  readonly followUp: 'none' | 'waiting' | 'answered' | 'reminded';
  /** What became of it, step by step; none in letters of former versions. */
  readonly lines?: readonly WorkLine[];
}

export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

export type OutboxStore = ReturnType<typeof openOutboxStore>;

interface Letter {
  readonly item: StoredOutgoing;
  readonly raw: unknown;
  readonly envelope: unknown;
}

const place = (id: string): string => `outgoing ${id}`;

export function openOutboxStore(directory: string, key: Uint8Array, options: MailFileOptions) {
  mkdirSync(path.join(directory, MAIL_FOLDER), { recursive: true, mode: 0o700 });
  const sealer = createSealer(key, 'outbox');

  function setUp(opening: DatabaseSync): void {
    opening.exec('PRAGMA journal_mode = WAL');
    opening.exec('PRAGMA synchronous = FULL');
    opening.exec('PRAGMA secure_delete = ON');
    opening.exec('PRAGMA cell_size_check = ON');
    checkWhole(opening);
    opening.exec(
      'CREATE TABLE IF NOT EXISTS outgoing (id TEXT PRIMARY KEY, sealed BLOB NOT NULL, raw BLOB, envelope BLOB)',
    );
    opening.exec(
      'CREATE TABLE IF NOT EXISTS attached (id TEXT NOT NULL, n INTEGER NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY (id, n))',
    );
    opening.exec('CREATE TABLE IF NOT EXISTS damage (at_ms INTEGER NOT NULL, saved INTEGER NOT NULL)');
    for (const { id, sealed } of opening.prepare('SELECT id, sealed FROM outgoing').all())
      if (sealer.open(place(String(id)), sealed as Uint8Array) === undefined)
        throw new DamagedFile('a letter cannot be read');
  }
  const { db, setAsideAs } = openOwnFile({
    ...options,
    path: path.join(directory, MAIL_FOLDER, 'outbox.sqlite'),
    setUp,
  });
  if (setAsideAs !== null) carryOver(setAsideAs);

  /** What can still be read is here again; that something was not is told until somebody saw it. */
  function carryOver(damaged: string): void {
    const { letters, attached } = readDamaged(damaged, sealer);
    db.exec('BEGIN IMMEDIATE');
    for (const { item, raw, envelope } of letters) {
      const { id } = item;
      db.prepare('INSERT OR IGNORE INTO outgoing (id, sealed, raw, envelope) VALUES (?, ?, ?, ?)').run(
        id,
        sealer.seal(place(id), calmed(item)),
        raw as Uint8Array | null,
        envelope as Uint8Array | null,
      );
    }
    for (const { id, n, sealed } of attached)
      db.prepare('INSERT OR IGNORE INTO attached (id, n, sealed) VALUES (?, ?, ?)').run(
        String(id),
        Number(n),
        sealed as Uint8Array,
      );
    db.prepare('INSERT INTO damage (at_ms, saved) VALUES (?, ?)').run(options.nowMs(), letters.length);
    db.exec('COMMIT');
  }

  const open = (id: unknown, sealed: unknown): readonly StoredOutgoing[] => {
    const found = sealer.open(place(String(id)), sealed as Uint8Array) as StoredOutgoing | undefined;
    return found === undefined ? [] : [found];
  };
  const write = (item: StoredOutgoing): void => {
    db.prepare(
      'INSERT INTO outgoing (id, sealed) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed',
    ).run(item.id, sealer.seal(place(item.id), item));
  };

  const store = {
    /** When the file was damaged, and how many letters could be carried over; null once somebody saw it. */
    damage(): OutboxDamage | null {
      const row = db.prepare('SELECT max(at_ms) AS at, sum(saved) AS saved FROM damage').get();
      return typeof row?.['at'] === 'number' ? { at: toInstant(row['at']), saved: Number(row['saved']) } : null;
    },
    noteDamageSeen: (): void => db.exec('DELETE FROM damage'),
    all: (): readonly StoredOutgoing[] =>
      db
        .prepare('SELECT id, sealed FROM outgoing ORDER BY rowid')
        .all()
        .flatMap(({ id, sealed }) => open(id, sealed)),
    get(id: string): StoredOutgoing | undefined {
      const row = db.prepare('SELECT id, sealed FROM outgoing WHERE id = ?').get(id);
      return row === undefined ? undefined : open(row['id'], row['sealed'])[0];
    },
    /** On the disk when it returns. */
    write,
    change(id: string, change: Partial<StoredOutgoing>): StoredOutgoing | undefined {
      const before = this.get(id);
      if (before === undefined) return undefined;
      const after = { ...before, ...change };
      write(after);
      return after;
    },
    writeMail(id: string, raw: Uint8Array, envelope: Envelope): void {
      db.prepare('UPDATE outgoing SET raw = ?, envelope = ? WHERE id = ?').run(
        sealer.sealBytes(`raw ${id}`, raw),
        sealer.seal(`envelope ${id}`, envelope),
        id,
      );
    },
    readMail(id: string): { readonly raw: Uint8Array; readonly envelope: Envelope } | null {
      const row = db.prepare('SELECT raw, envelope FROM outgoing WHERE id = ? AND raw IS NOT NULL').get(id);
      if (row === undefined) return null;
      const raw = sealer.openBytes(`raw ${id}`, row['raw'] as Uint8Array);
      const envelope = sealer.open(`envelope ${id}`, row['envelope'] as Uint8Array) as Envelope | undefined;
      return raw === undefined || envelope === undefined ? null : { raw, envelope };
    },
    /** Of what was sent the bytes lie in the mailbox. */
    dropMail: (id: string): void => {
      db.prepare('UPDATE outgoing SET raw = NULL, envelope = NULL WHERE id = ?').run(id);
    },
    /** One more piece of a file that goes with a letter. */
    attach(id: string, bytes: Uint8Array): void {
      const n = Number(db.prepare('SELECT count(*) AS n FROM attached WHERE id = ?').get(id)?.['n']);
      db.prepare('INSERT INTO attached (id, n, sealed) VALUES (?, ?, ?)').run(
        id,
        n,
        sealer.sealBytes(`attached ${id} ${String(n)}`, bytes),
      );
    },
    /** Undefined when a piece of it cannot be read. */
    readAttached(id: string): Uint8Array | undefined {
      const parts = db
        .prepare('SELECT n, sealed FROM attached WHERE id = ? ORDER BY n')
        .all(id)
        .map(({ n, sealed }) => sealer.openBytes(`attached ${id} ${String(n)}`, sealed as Uint8Array));
      const whole = parts.flatMap((part) => part ?? []);
      return parts.length === 0 || whole.length < parts.length ? undefined : Buffer.concat(whole);
    },
    /** Files of letters that are not there any more. */
    dropAttached(kept: ReadonlySet<string>): void {
      for (const { id } of db.prepare('SELECT DISTINCT id FROM attached').all())
        if (!kept.has(String(id))) db.prepare('DELETE FROM attached WHERE id = ?').run(String(id));
    },
    remove: (id: string): void => {
      db.prepare('DELETE FROM outgoing WHERE id = ?').run(id);
    },
    close: () => db.close(),
  };
  return watchDamage(store, options.onDamage);
}

/**
 * How a letter goes on that comes from a damaged file. What was noted last about it may be lost: nothing is sent unasked, and what
 * may have left is looked for before anybody sends it again.
 */
function calmed(item: StoredOutgoing): StoredOutgoing {
  if (item.state === 'queued' || item.state === 'failed')
    return { ...item, state: 'draft', nextAtMs: null, failure: null, handed: 'none' };
  return item.state === 'sending' ? { ...item, handed: 'handing' } : item;
}

/** Rows from the beginning up to the damage, and from the end back to it. */
function rowsAround(db: DatabaseSync, columns: string, table: string): readonly Record<string, unknown>[] {
  const rows = new Map<unknown, Record<string, unknown>>();
  for (const direction of ['ASC', 'DESC']) {
    try {
      const asked = db.prepare(`SELECT rowid AS row, ${columns} FROM ${table} NOT INDEXED ORDER BY rowid ${direction}`);
      for (const row of asked.iterate()) rows.set(row['row'], row);
    } catch (error) {
      if (!isDamage(error)) throw error;
    }
  }
  return [...rows].sort(([one], [other]) => Number(one) - Number(other)).map(([, row]) => row);
}

function readDamaged(file: string, sealer: Sealer) {
  let db: DatabaseSync | null = null;
  try {
    db = new DatabaseSync(file);
    const letters = rowsAround(db, 'id, sealed, raw, envelope', 'outgoing').flatMap(
      ({ id, sealed, raw, envelope }): readonly Letter[] => {
        const item = sealer.open(place(String(id)), sealed as Uint8Array) as StoredOutgoing | undefined;
        return item === undefined ? [] : [{ item, raw, envelope }];
      },
    );
    return { letters, attached: rowsAround(db, 'id, n, sealed', 'attached') };
  } catch (error) {
    // Not even its head can be read: the file itself is kept, nothing of it can be carried over.
    if (!isDamage(error) && !(error instanceof Error && 'errcode' in error)) throw error;
    return { letters: [], attached: [] };
  } finally {
    db?.close();
  }
}
