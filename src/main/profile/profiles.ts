// Where a person's data lives on this computer: one directory per server, tenant and user, named by a hash; a list of
// known accounts to fill in the sign-in screen; and a sealed file with who was signed in, so that a start without a
// network opens at once. A profile keeps its device id as long as it keeps its journal, because numbers belong to both.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Type, type Static } from 'typebox';
import { Value } from 'typebox/value';
import type { Actor } from '#shared/access/actor.ts';
import type { AuditAnchor } from '#shared/sync/audit-messages.ts';
import type { Maintenance } from '#shared/sync/maintenance.ts';
import type { Lease } from '#shared/sync/lease.ts';
import { createSealer } from '#main/journal/seal.ts';
import type { KeptIdleLock } from '#main/session/idle-lock.ts';
import type { SecretStore } from '#main/secrets/secret-store.ts';
import type { Recovery } from '#main/upkeep/backup-format.ts';
import { writeFileAtomically } from '#main/secrets/write-file-atomically.ts';

const AccountSchema = Type.Object({
  /** Names a directory. */
  profileId: Type.String({ pattern: '^[0-9A-Za-z][0-9A-Za-z_-]{0,63}$' }),
  serverUrl: Type.String(),
  email: Type.String(),
  deviceId: Type.String(),
  /** Where the server was when the profile got its id, when it has moved since. */
  firstServerUrl: Type.Optional(Type.String()),
  /** The place its keys are in. */
  keysIn: Type.Optional(
    Type.Enum(['keychain', 'safeStorage', 'passphrase'] as const satisfies SecretStore['backend'][]),
  ),
});
export type Account = Readonly<Static<typeof AccountSchema>>;

const AccountsFileSchema = Type.Object({
  accounts: Type.Array(AccountSchema),
  /** The account signed in, or the one to sign in again. */
  current: Type.Union([Type.String(), Type.Null()]),
  isSignedIn: Type.Boolean(),
});
type AccountsFile = Readonly<Static<typeof AccountsFileSchema>>;

export interface KeptBackupSettings {
  /** Where a copy of each lies; null: nowhere. */
  readonly folder: string | null;
  /** How many are kept in each place. */
  readonly keep: number;
  /** The key of the backups under a passphrase of its person, for another computer. */
  readonly recovery: Recovery | null;
  /** Since when the folder cannot be reached; null while it can. */
  readonly lostAt: string | null;
}

/** What a start without network needs. */
export interface ProfileState {
  readonly actor: Actor;
  readonly tenantName: string;
  readonly sessionId: string;
  readonly workOffline: boolean;
  readonly upToDateAt: string | null;
  /** Absent in profiles of older versions: it begins with the next start. */
  readonly lease?: Lease;
  /** The last head of the audit that an administrator verified here. */
  readonly auditHead?: AuditAnchor & { readonly at: string };
  /** Maintenance that was announced. */
  readonly maintenance?: Maintenance | null;
  /** Largest file the organization takes, as the server said last. */
  readonly fileSizeMb?: number;
  /** Absent in profiles of older versions: nothing locks before the server says so. */
  readonly idleLock?: KeptIdleLock;
  /** What its person decided about backups. Absent: they lie in the profile only. */
  readonly backups?: KeptBackupSettings;
  /** Rules of features, as the server said last. */
  readonly features?: Readonly<Record<string, unknown>>;
}

export interface Profiles {
  readonly current: () => { readonly account: Account; readonly isSignedIn: boolean } | null;
  find(serverUrl: string, email: string): Account | null;
  /** The place the keys of this computer's accounts are in; null when there is no account. */
  readonly keysIn: () => SecretStore['backend'] | null;
  /** Remembers the account and makes it the current one. */
  remember(account: Account, isSignedIn: boolean): void;
  /** The account keeps its data and is not signed in. */
  markSignedOut(): void;
  /** The same server has another address now: its accounts keep their profiles. */
  moveServer(from: string, to: string): void;
  /** Removes directory and account. */
  erase(profileId: string): void;
  directoryOf(profileId: string): string;
  readState(profileId: string, key: Uint8Array): ProfileState | null;
  writeState(profileId: string, key: Uint8Array, state: ProfileState): void;
}

/** The same person on the same server is the same profile, whatever the address looked like when it was typed. */
export function profileIdOf(serverUrl: string, tenantId: string, userId: string): string {
  return createHash('sha256').update([serverUrl, tenantId, userId].join('\n')).digest('hex').slice(0, 32);
}

const nobody: AccountsFile = { accounts: [], current: null, isSignedIn: false };

export function openProfiles(userData: string): Profiles {
  const root = path.join(userData, 'profiles');
  const file = path.join(root, 'accounts.json');
  const directoryOf = (profileId: string): string => path.join(root, profileId);
  const stateFile = (profileId: string): string => path.join(directoryOf(profileId), 'profile.sealed');
  mkdirSync(root, { recursive: true, mode: 0o700 });
  let known = read();

  function read(): AccountsFile {
    if (!existsSync(file)) return nobody;
    // The list only fills in a form: without it the person signs in again and finds the profile by its hash.
    try {
      const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
      return Value.Check(AccountsFileSchema, value) ? value : nobody;
    } catch {
      return nobody;
    }
  }
  function write(next: AccountsFile): void {
    known = next;
    writeFileAtomically(file, JSON.stringify(next));
  }

  return {
    current() {
      const account = known.accounts.find((entry) => entry.profileId === known.current);
      return account === undefined ? null : { account, isSignedIn: known.isSignedIn };
    },
    find: (serverUrl, email) =>
      known.accounts.find(
        (entry) => entry.serverUrl === serverUrl && entry.email.toLowerCase() === email.toLowerCase(),
      ) ?? null,
    keysIn: () => known.accounts.at(-1)?.keysIn ?? null,
    remember(account, isSignedIn) {
      const others = known.accounts.filter((entry) => entry.profileId !== account.profileId);
      write({ accounts: [...others, account], current: account.profileId, isSignedIn });
    },
    moveServer(from, to) {
      const move = (account: Account): Account =>
        account.serverUrl === from
          ? { ...account, serverUrl: to, firstServerUrl: account.firstServerUrl ?? from }
          : account;
      write({ ...known, accounts: known.accounts.map(move) });
    },
    markSignedOut: () => write({ ...known, isSignedIn: false }),
    erase(profileId) {
      rmSync(directoryOf(profileId), { recursive: true, force: true });
      const accounts = known.accounts.filter((entry) => entry.profileId !== profileId);
      write({
        accounts,
        current: known.current === profileId ? null : known.current,
        isSignedIn: known.current !== profileId && known.isSignedIn,
      });
    },
    directoryOf,
    readState(profileId, key) {
      if (!existsSync(stateFile(profileId))) return null;
      const state = createSealer(key, 'profile').open(profileId, readFileSync(stateFile(profileId)));
      return (state as ProfileState | undefined) ?? null;
    },
    writeState: (profileId, key, state) =>
      writeFileAtomically(stateFile(profileId), createSealer(key, 'profile').seal(profileId, state)),
  };
}
