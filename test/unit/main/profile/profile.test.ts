import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockProfile } from '#main/profile/lock-file.ts';
import { openProfiles, profileIdOf, type ProfileState } from '#main/profile/profiles.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'outpost-profile-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('profiles on this computer', () => {
  it('SYNC-14 a second opener is refused, and a killed owner leaves no stale lock', async () => {
    const file = path.join(directory, 'lock');
    const lock = lockProfile(file);
    expect(() => lockProfile(file)).toThrow(expect.objectContaining({ code: 'directory_in_use' }));
    lock.release();
    const module = path.join(import.meta.dirname, '../../../../src/main/profile/lock-file.ts');
    const code = `import { lockProfile } from ${JSON.stringify(module)}; lockProfile(${JSON.stringify(file)}); console.log('held'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    try {
      expect(() => lockProfile(file)).toThrow(expect.objectContaining({ code: 'directory_in_use' }));
    } finally {
      const closed = once(child, 'close');
      child.kill('SIGKILL');
      await closed;
    }
    lockProfile(file).release();
  });

  it('D10 who was signed in is sealed, bound to the profile, and unreadable with another key', () => {
    const profiles = openProfiles(directory);
    const key = Buffer.alloc(32, 1);
    const actor = {
      tenantId: 't',
      userId: 'u',
      name: 'SECRET-CANARY',
      email: 'u@example.test',
      role: 'viewer',
      teamIds: [],
      permissions: [],
      epoch: 1,
    } as const;
    const state: ProfileState = { actor, tenantName: 'North', sessionId: 's', workOffline: false, upToDateAt: null };
    profiles.writeState('p1', key, state);
    expect(profiles.readState('p1', key)).toEqual(state);
    expect(profiles.readState('p1', Buffer.alloc(32, 2))).toBeNull();
    expect(readFileSync(path.join(profiles.directoryOf('p1'), 'profile.sealed'), 'latin1')).not.toContain(
      'SECRET-CANARY',
    );
    expect(profileIdOf('https://a', 't', 'u')).not.toBe(profileIdOf('https://b', 't', 'u'));
  });

  it('D12 an erased account is forgotten, the others stay; a damaged list only empties the form', () => {
    const profiles = openProfiles(directory);
    profiles.remember({ profileId: 'p1', serverUrl: 'https://a', email: 'One@example.test', deviceId: 'd1' }, true);
    profiles.remember({ profileId: 'p2', serverUrl: 'https://a', email: 'two@example.test', deviceId: 'd2' }, true);
    profiles.erase('p2');
    const again = openProfiles(directory);
    expect(again.current()).toBeNull();
    expect(again.find('https://a', 'one@EXAMPLE.test')?.deviceId).toBe('d1');
    expect(again.find('https://a', 'two@example.test')).toBeNull();
    writeFileSync(path.join(directory, 'profiles/accounts.json'), '{');
    expect(openProfiles(directory).current()).toBeNull();
  });

  it('D9 a list of accounts that was edited opens no other directory and does not stop the start', () => {
    const account = { profileId: 'p1', serverUrl: 'https://a', email: 'one@example.test', deviceId: 'd1' };
    const list = { accounts: [account], current: 'p1', isSignedIn: true };
    const file = path.join(directory, 'profiles/accounts.json');
    const readBack = (value: unknown): unknown => {
      openProfiles(directory);
      writeFileSync(file, JSON.stringify(value));
      return openProfiles(directory).current();
    };
    expect(readBack(list)).toEqual({ account, isSignedIn: true });
    for (const profileId of ['../../home', '/etc', '..', '', 'a/b', 7])
      expect(readBack({ ...list, accounts: [{ ...account, profileId }], current: profileId })).toBeNull();
    for (const value of [null, [], {}, 'p1', { ...list, accounts: {} }, { ...list, accounts: [null] }])
      expect(readBack(value)).toBeNull();
    expect(readBack({ ...list, current: 'p2' })).toBeNull();
  });

  it('START-1 accounts of a server that moved go with it, keep their profiles, and know where it was first', () => {
    const profiles = openProfiles(directory);
    const here = 'http://127.0.0.1:4001';
    profiles.remember({ profileId: 'p1', serverUrl: 'https://a', email: 'one@example.test', deviceId: 'd1' }, true);
    profiles.remember({ profileId: 'p2', serverUrl: here, email: 'two@example.test', deviceId: 'd2' }, true);
    profiles.moveServer(here, 'http://127.0.0.1:4002');
    profiles.moveServer('http://127.0.0.1:4002', 'http://127.0.0.1:4003');
    const again = openProfiles(directory);
    const account = {
      profileId: 'p2',
      serverUrl: 'http://127.0.0.1:4003',
      email: 'two@example.test',
      deviceId: 'd2',
      firstServerUrl: here,
    };
    expect(again.current()).toEqual({ account, isSignedIn: true });
    expect(again.find('https://a', 'one@example.test')?.firstServerUrl).toBeUndefined();
    expect(again.find(here, 'two@example.test')).toBeNull();
  });
});
