// A data host that could not be told who is signed in is told again: nobody has to start the application anew.
import { describe, expect, it } from 'vitest';
import type { ActiveProfile } from '#main/session/active-profile.ts';
import type { Engine } from '#main/sync/engine.ts';
import type { HostLink } from '#main/sync/host-link.ts';
import { createProfileHost } from '#main/sync/profile-host.ts';
import { OutpostError } from '#shared/kernel/errors.ts';

function createWorld() {
  const told: string[] = [];
  const later: (() => void)[] = [];
  let isFull = true;
  const host: Pick<HostLink, 'isReady' | 'noteReady' | 'request'> = {
    isReady: () => true,
    noteReady: () => undefined,
    request({ kind }) {
      told.push(isFull ? 'full' : kind);
      return isFull ? Promise.reject(new OutpostError('disk_full', 'There is no space left.')) : Promise.resolve(null);
    },
  };
  const engine: Pick<Engine, 'begin' | 'attach' | 'detach'> = {
    begin: () => undefined,
    attach() {
      told.push('attached');
      return Promise.resolve();
    },
    detach: () => undefined,
  };
  const profile = { account: { profileId: 'p' }, storageKey: '', state: () => ({ actor: { userId: 'me' } }) };
  const profileHost = createProfileHost({
    host: host as HostLink,
    engine: engine as Engine,
    scheduler: {
      after(_delayMs, task) {
        later.push(task);
        return { cancel: () => undefined };
      },
    },
    restartHost: () => undefined,
    clearLocalDatabases: () => Promise.resolve(),
    log: () => undefined,
  });
  return {
    told,
    profileHost,
    open: () => profileHost.open(profile as unknown as ActiveProfile),
    makeSpace() {
      isFull = false;
    },
    passTime() {
      for (const task of later.splice(0)) task();
    },
  };
}

describe('profile host', () => {
  it('SYNC-7 a database that had no space when the profile was opened is opened as soon as there is some', async () => {
    const world = createWorld();
    await world.open();
    await expect.poll(() => world.told).toEqual(['full']);
    world.makeSpace();
    await expect
      .poll(() => {
        world.passTime();
        return world.told;
      })
      .toEqual(['full', 'openProfile', 'attached']);
  });

  it('SYNC-7 nobody is told again who has signed out meanwhile', async () => {
    const world = createWorld();
    await world.open();
    await expect.poll(() => world.told).toEqual(['full']);
    world.makeSpace();
    await world.profileHost.close();
    world.passTime();
    await world.profileHost.close();
    expect(world.told.filter((kind) => kind !== 'closeProfile')).toEqual(['full']);
  });
});
