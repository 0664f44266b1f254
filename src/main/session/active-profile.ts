// A signed-in person's open profile: lock, key, journal and access. Opening gives all of it or nothing.
import { hkdfSync, randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Actor } from '#shared/access/actor.ts';
import { toEpochMs } from '#shared/kernel/calendar.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { SessionGrant } from '#shared/sync/messages.ts';
import { openJournal, type Journal } from '#main/journal/journal.ts';
import { lockProfile } from '#main/profile/lock-file.ts';
import type { Account, Profiles, ProfileState } from '#main/profile/profiles.ts';
import type { SecretStore } from '#main/secrets/secret-store.ts';
import type { ServerClient } from '#main/sync/server-client.ts';
import { createAccess, type Access } from '#main/session/access.ts';
import { createIdleLock, noIdleLock, type IdleLock } from '#main/session/idle-lock.ts';
import { placesOf } from '#main/upkeep/backup-places.ts';
import { rescueFromBackup } from '#main/upkeep/rescue.ts';
import { createLeaseKeeper, type LeaseKeeper } from '#main/session/lease-keeper.ts';

export interface ActiveProfile {
  readonly account: Account;
  readonly journal: Journal;
  /** For the local database of the windows, as base64; not the profile key itself. */
  readonly storageKey: string;
  /** Seals the files of this profile; not the profile key itself. */
  readonly filesKey: Uint8Array;
  /** Seals the jobs of this profile; not the profile key itself. */
  readonly jobsKey: Uint8Array;
  /** Where the profile lies. */
  readonly directory: string;
  readonly access: Access;
  readonly lease: LeaseKeeper;
  readonly idle: IdleLock;
  readonly state: () => ProfileState;
  /** Remembered for the next start. */
  update(change: Partial<ProfileState>): void;
  close(): void;
}

export interface ProfileDeps {
  readonly profiles: Profiles;
  readonly client: ServerClient;
  readonly clock: Clock;
  /** Milliseconds since the computer started. */
  readonly uptimeMs: () => number;
  readonly createId: () => string;
}

interface OpenOptions {
  readonly account: Account;
  readonly secrets: SecretStore;
  /** From the sign-in that just happened; null on a start. */
  readonly grant: SessionGrant | null;
  readonly onChange: () => void;
}

function toActor(actor: SessionGrant['actor']): Actor {
  const { tenantName: _tenantName, ...rest } = actor;
  // Names of roles and rights the server knows and this version does not are carried along; nothing here grants by them.
  return rest as Actor;
}

/** The address to sign in with is the one the server knows now. */
function withAddress(account: Account, email: string): Account {
  const isSame = email === '' || email.toLowerCase() === account.email.toLowerCase();
  return isSame ? account : { ...account, email };
}

/** A profile is one person of one organization for good: a server that answers with another one is not listened to. */
function ofSamePerson({ tenantId, userId }: Actor, grant: SessionGrant): SessionGrant {
  if (grant.actor.tenantId === tenantId && grant.actor.userId === userId) return grant;
  throw new OutpostError('wrong_answer', 'The server answered with another person.');
}

async function readKey(secrets: SecretStore, profileId: string, mayCreate: boolean): Promise<Uint8Array> {
  const stored = await secrets.get(`profile-key:${profileId}`);
  if (stored !== null) return Buffer.from(stored, 'base64');
  if (!mayCreate) throw new OutpostError('not_signed_in', 'Sign in to continue.');
  const key = randomBytes(32);
  await secrets.set(`profile-key:${profileId}`, key.toString('base64'));
  return key;
}

/** Throws `directory_in_use`, `not_signed_in` when a start finds no key or state, and what the journal throws. */
export async function openActiveProfile(deps: ProfileDeps, options: OpenOptions): Promise<ActiveProfile> {
  const { secrets, grant } = options;
  let { account } = options;
  const { profileId, deviceId } = account;
  const directory = deps.profiles.directoryOf(profileId);
  const lock = lockProfile(path.join(directory, 'lock'));
  try {
    const key = await readKey(secrets, profileId, grant !== null);
    let state = deps.profiles.readState(profileId, key);
    const write = (next: ProfileState): void => {
      state = next;
      deps.profiles.writeState(profileId, key, next);
    };
    const takeGrant = (next: SessionGrant): void => {
      const kept = { workOffline: state?.workOffline ?? false, upToDateAt: state?.upToDateAt ?? null };
      account = withAddress(account, next.actor.email);
      write({
        ...state,
        ...kept,
        actor: toActor(next.actor),
        tenantName: next.actor.tenantName,
        sessionId: next.sessionId,
        ...(next.fileSizeMb === undefined ? {} : { fileSizeMb: next.fileSizeMb }),
        ...(next.features === undefined ? {} : { features: next.features }),
      });
    };
    if (grant !== null) takeGrant(grant);
    const current = (): ProfileState => {
      if (state === null) throw new OutpostError('not_signed_in', 'Sign in to continue.');
      return state;
    };
    current();
    const lease = createLeaseKeeper({
      clock: deps.clock,
      uptimeMs: deps.uptimeMs,
      kept: current().lease ?? null,
      keep: (next) => write({ ...current(), lease: next }),
    });
    const idle = createIdleLock({
      clock: deps.clock,
      uptimeMs: deps.uptimeMs,
      kept: () => current().idleLock ?? noIdleLock,
      keep: (next) => write({ ...current(), idleLock: next }),
    });
    const noteGrant = (next: SessionGrant): void => {
      if (next.idleLockMinutes !== undefined) idle.setMinutes(next.idleLockMinutes);
      lease.noteContact(
        next.serverTime === undefined ? deps.clock.now() : toEpochMs(next.serverTime),
        next.offlineLeaseDays,
      );
    };
    if (grant !== null) noteGrant(grant);
    const jobsKey = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'outpost/jobs', 32));
    const journal = openJournal({
      path: path.join(directory, 'journal.sqlite'),
      key,
      deviceId,
      clock: deps.clock,
      createId: deps.createId,
    });
    if (journal.damage.isNumberingLost) {
      const { inside, outside } = placesOf(current(), directory, jobsKey);
      rescueFromBackup(journal, outside === null ? [inside] : [inside, outside]);
    }
    const access = createAccess({
      serverUrl: account.serverUrl,
      deviceId,
      secretName: `refresh-token:${profileId}`,
      secrets,
      client: {
        refresh: async (serverUrl, body) => ofSamePerson(current().actor, await deps.client.refresh(serverUrl, body)),
      },
      clock: deps.clock,
      grant,
      onGrant: (next) => {
        takeGrant(next);
        noteGrant(next);
        options.onChange();
      },
    });
    return {
      get account() {
        return account;
      },
      journal,
      storageKey: Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'outpost/local-database', 32)).toString(
        'base64',
      ),
      filesKey: Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), 'outpost/files', 32)),
      jobsKey,
      directory,
      access,
      lease,
      idle,
      state: current,
      update: (change) => write({ ...current(), ...change }),
      close() {
        journal.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}
