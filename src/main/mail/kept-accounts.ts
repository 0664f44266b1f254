// The accounts of mailboxes: the one thing about a mailbox that cannot be fetched again. Each is a sealed file of its own beside the
// copies, so that damage to those takes no account along. The names of the files are the ids; they are no secret.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { MailAccountInput } from '#shared/mail/mail-types.ts';
import type { Sealer } from '#main/journal/seal.ts';
import { writeFileAtomically } from '#main/secrets/write-file-atomically.ts';

export const MAIL_FOLDER = 'mail';
const ENDING = '.account';
/** Ids come from windows, too, and become names of files. */
const ID = /^[\w-]{1,64}$/;

type OAuth = NonNullable<MailAccountInput['oauth']>;

export interface StoredAccount extends Omit<MailAccountInput, 'oauth'> {
  readonly id: string;
  readonly oauth: (Omit<OAuth, 'clientSecret'> & { readonly clientSecret: string }) | null;
}

export type AccountToStore = Omit<StoredAccount, 'id'>;

/** Of a profile, open or not: they name the secrets elsewhere that have to go with it. */
export function accountIdsIn(profileDirectory: string): readonly string[] {
  const folder = path.join(profileDirectory, MAIL_FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(ENDING))
    .map((name) => name.slice(0, -ENDING.length))
    .sort();
}

export function openKeptAccounts(profileDirectory: string, sealer: Sealer) {
  const folder = path.join(profileDirectory, MAIL_FOLDER);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  function fileOf(id: string): string {
    if (!ID.test(id)) throw new OutpostError('invalid', 'This is no account.');
    return path.join(folder, `${id}${ENDING}`);
  }
  const place = (id: string): string => `account ${id}`;
  const known = new Map<string, StoredAccount>();
  for (const id of accountIdsIn(profileDirectory)) {
    const input = sealer.open(place(id), readFileSync(fileOf(id))) as AccountToStore | undefined;
    if (input !== undefined) known.set(id, { ...input, id });
  }
  return {
    all: (): readonly StoredAccount[] => [...known.values()],
    /** On the disk when it returns. */
    write(account: StoredAccount): void {
      const { id, ...input } = account;
      writeFileAtomically(fileOf(id), sealer.seal(place(id), input));
      known.set(id, account);
    },
    remove(id: string): void {
      rmSync(fileOf(id), { force: true });
      known.delete(id);
    },
  };
}
