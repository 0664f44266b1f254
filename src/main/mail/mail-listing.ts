// What screens list of the mailboxes on this computer: conversations of a folder, what nobody looked at, the mails of a conversation.
import type { SQLInputValue } from 'node:sqlite';
import type { StoredMail } from '#main/mail/stored-mail.ts';

export const MAIL_COLUMNS = 'm.id, m.account, m.at_ms, m.outbound, m.link, m.size, m.partial, m.sealed';

interface MailTables {
  readonly all: (sql: string, ...values: SQLInputValue[]) => readonly Record<string, unknown>[];
  readonly mailsOf: (rows: readonly unknown[]) => readonly StoredMail[];
  /** The fingerprint a text stands under. */
  readonly mark: (text: string) => Uint8Array;
  readonly inboxIds: () => readonly number[];
}

export function createMailListing({ all, mailsOf, mark, inboxIds }: MailTables) {
  return {
    /** Conversations that have a mail in the folder, the one with the newest mail first. */
    threads(
      folderId: number,
      offset: number,
      limit: number,
    ): { readonly total: number; readonly rows: readonly { readonly newestId: number; readonly isUnseen: boolean }[] } {
      const from = 'FROM place p JOIN mail m ON m.id = p.mail WHERE p.folder = ?';
      const [count] = all(`SELECT count(DISTINCT m.thread) AS n ${from}`, folderId);
      const rows = all(
        `SELECT m.thread AS thread, max(m.at_ms) AS at, min(max(p.seen, p.opened)) AS seen ${from} GROUP BY m.thread ORDER BY at DESC, m.thread LIMIT ? OFFSET ?`,
        folderId,
        limit,
        offset,
      );
      return {
        total: Number(count?.['n']),
        rows: rows.map(({ thread, seen }) => {
          const newest = `SELECT m.id AS id ${from} AND m.thread = ? ORDER BY m.at_ms DESC, m.id DESC LIMIT 1`;
          const [found] = all(newest, folderId, thread as Uint8Array);
          return { newestId: Number(found?.['id']), isUnseen: seen === 0 };
        }),
      };
    },
    /** In the inboxes, since then, what nobody looked at. */
    newest(
      sinceMs: number,
      limit: number,
    ): { readonly total: number; readonly rows: readonly { readonly id: number; readonly folder: number }[] } {
      const ids = inboxIds();
      const from = `FROM place p JOIN mail m ON m.id = p.mail WHERE p.folder IN (${ids.map(() => '?').join(', ')}) AND p.seen = 0 AND p.opened = 0 AND m.at_ms >= ?`;
      const [count] = all(`SELECT count(DISTINCT m.id) AS n ${from}`, ...ids, sinceMs);
      const rows = all(
        `SELECT m.id AS id, min(p.folder) AS folder ${from} GROUP BY m.id ORDER BY m.at_ms DESC, m.id DESC LIMIT ?`,
        ...ids,
        sinceMs,
        limit,
      );
      return {
        total: Number(count?.['n']),
        rows: rows.map(({ id, folder }) => ({ id: Number(id), folder: Number(folder) })),
      };
    },
    inFolder: (folderId: number): readonly StoredMail[] =>
      mailsOf(
        all(
          `SELECT ${MAIL_COLUMNS} FROM place p JOIN mail m ON m.id = p.mail WHERE p.folder = ? ORDER BY m.at_ms DESC`,
          folderId,
        ),
      ),
    /** All mails of a conversation, the oldest first. */
    thread: (accountId: string, thread: string): readonly StoredMail[] =>
      mailsOf(
        all(
          `SELECT ${MAIL_COLUMNS} FROM mail m WHERE m.account = ? AND m.thread = ? ORDER BY m.at_ms, m.id`,
          accountId,
          mark(thread),
        ),
      ),
  };
}
