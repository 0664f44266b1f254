import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEventBus } from '#main/live/event-bus.ts';
import { hearHost } from '#main/live/hear-host.ts';
import { openKeptEvents } from '#main/live/kept-events.ts';
import { createLiveWatch } from '#main/live/live-watch.ts';
import type { HostRequest } from '#shared/ipc/host-request.ts';
import type { LiveEvent } from '#shared/live/live-events.ts';
import type { Maintenance } from '#shared/sync/maintenance.ts';

const at = '2026-11-21T09:00:00.000Z';
const taskDone = (taskId: string, rev = 1): LiveEvent => ({
  type: 'task.completed',
  id: `task.completed ${taskId} ${rev}`,
  at,
  actorId: 'colleague',
  taskId,
});
const conflictOf = (subjectId: string): LiveEvent => ({
  type: 'notification.new',
  id: `notification.new about ${subjectId}`,
  at,
  actorId: null,
  notificationId: `conflict about ${subjectId}`,
  subjectEntity: 'deal',
  subjectId,
});

function createBus() {
  const told: LiveEvent[][] = [];
  const timers: (() => void)[] = [];
  const bus = createEventBus({
    onChange: (_recent, fresh) => told.push([...fresh]),
    scheduler: {
      after(_delayMs, task) {
        timers.push(task);
        return { cancel: () => void timers.splice(timers.indexOf(task), 1) };
      },
    },
    log: (message, error) => {
      throw new Error(message, { cause: error });
    },
  });
  const passTime = (): void => {
    for (const task of timers.splice(0)) task();
  };
  return { bus, told, passTime, ids: () => bus.recent().map(({ id }) => id) };
}

describe('events over a restart', () => {
  let directory: string;
  const filesKey = new Uint8Array(32).fill(7);
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'outpost-events-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));
  const fileText = () => readFileSync(path.join(directory, 'events.sealed'));

  it('TSK-15 what was told before is there after a restart, quietly and once', () => {
    const first = createBus();
    first.bus.open(openKeptEvents({ directory, filesKey }));
    first.bus.raise([taskDone('a'), taskDone('b')]);
    first.bus.close();
    expect(first.ids()).toEqual([]);
    expect(fileText().includes('task')).toBe(false);
    const second = createBus();
    second.bus.open(openKeptEvents({ directory, filesKey }));
    expect(second.ids()).toEqual([taskDone('b').id, taskDone('a').id]);
    second.bus.raise([taskDone('a'), taskDone('c')]);
    expect(second.told).toEqual([[], [taskDone('c')]]);
    expect(openKeptEvents({ directory, filesKey: new Uint8Array(32) }).read()).toEqual([]);
  });

  it('TSK-15 a crash a moment later loses nothing that was told', () => {
    const { bus, passTime } = createBus();
    bus.open(openKeptEvents({ directory, filesKey }));
    bus.raise([taskDone('a')]);
    passTime();
    expect(openKeptEvents({ directory, filesKey }).read()).toEqual([taskDone('a')]);
  });

  it('SYNC-24 what is out of sight is off the disk before the page that took it is applied, and all of it before a purge', async () => {
    const { bus, passTime } = createBus();
    const kept = openKeptEvents({ directory, filesKey });
    bus.open(kept);
    bus.raise([taskDone('a'), taskDone('b')]);
    passTime();
    const seenByHost: number[] = [];
    const host = hearHost(
      {
        request() {
          seenByHost.push(kept.read().length);
          return Promise.resolve({ events: [] });
        },
        takeAnswer: () => undefined,
        noteReady: () => undefined,
        noteGone: () => undefined,
        isReady: () => true,
      },
      bus,
    );
    const page = { kind: 'applyPage', after: null, token: '', snapshotStart: false, caughtUp: true } as const;
    await host.request({ ...page, items: [{ t: 'remove', coll: 'tasks', id: 'a' }] });
    await host.request({ kind: 'purge', drop: { scopes: {}, fields: {} } });
    expect(seenByHost).toEqual([1, 0]);
  });
});

describe('the bus of events', () => {
  it('TSK-15 raises the same change once, however often a page comes', () => {
    const { bus, told } = createBus();
    bus.raise([taskDone('a'), taskDone('b')]);
    bus.raise([taskDone('a'), taskDone('b')]);
    bus.raise([taskDone('a', 2), taskDone('b')]);
    expect(told).toEqual([[taskDone('a'), taskDone('b')], [taskDone('a', 2)]]);
    expect(bus.recent()).toEqual([taskDone('a', 2), taskDone('b'), taskDone('a')]);
  });

  it('SYNC-24 forgets what is about a record that is gone, and everything when rights changed', () => {
    const { bus, ids } = createBus();
    bus.raise([taskDone('a'), taskDone('b'), conflictOf('deal-1')]);
    bus.forget(['b', 'deal-1']);
    expect(ids()).toEqual([taskDone('a').id]);
    bus.clear();
    expect(ids()).toEqual([]);
    // What was told before is not told again when it comes back.
    bus.raise([taskDone('a')]);
    expect(ids()).toEqual([]);
  });

  it('TSK-15 keeps a bounded number', () => {
    const { bus } = createBus();
    bus.raise(Array.from({ length: 500 }, (_, index) => taskDone(`t-${index}`)));
    expect(bus.recent()).toHaveLength(100);
    expect(bus.recent()[0]).toEqual(taskDone('t-499'));
  });
});

describe('the host that is heard', () => {
  it('TSK-15 SYNC-24 raises what a page meant, and forgets what a page or a purge takes away', async () => {
    const { bus, ids } = createBus();
    let events: readonly LiveEvent[] = [taskDone('a'), taskDone('b')];
    const host = hearHost(
      {
        request: () => Promise.resolve({ events }),
        takeAnswer: () => undefined,
        noteReady: () => undefined,
        noteGone: () => undefined,
        isReady: () => true,
      },
      bus,
    );
    const page = {
      kind: 'applyPage',
      after: null,
      items: [],
      token: '',
      snapshotStart: false,
      caughtUp: true,
    } as const;
    await host.request(page);
    expect(ids()).toHaveLength(2);
    events = [];
    await host.request({ ...page, items: [{ t: 'remove', coll: 'tasks', id: 'a' }] });
    expect(ids()).toEqual([taskDone('b').id]);
    const purge: HostRequest = { kind: 'purge', drop: { scopes: {}, fields: {} } };
    await host.request(purge);
    expect(ids()).toEqual([]);
  });
});

function createWatch() {
  const timers: { dueMs: number; task: () => void; isOff: boolean }[] = [];
  let nowMs = 0;
  const raised: LiveEvent[] = [];
  const states: (readonly string[] | null)[] = [];
  let planned: Maintenance | null = null;
  const watch = createLiveWatch({
    clock: { now: () => Date.parse(at) + nowMs },
    scheduler: {
      after(delayMs, task) {
        const timer = { dueMs: nowMs + delayMs, task, isOff: false };
        timers.push(timer);
        return {
          cancel: () => {
            timer.isOff = true;
          },
        };
      },
    },
    viewerId: () => 'me',
    onPresence: (online) => states.push(online),
    onEvents: (events) => raised.push(...events),
    planned: () => planned,
    onPlanned: (next) => {
      planned = next;
    },
  });
  function pass(ms: number): void {
    nowMs += ms;
    for (const timer of timers) {
      if (timer.isOff || timer.dueMs > nowMs) continue;
      timer.isOff = true;
      timer.task();
    }
  }
  const told = (): string[] =>
    raised.map((event) => `${event.type} ${'userId' in event ? event.userId : 'state' in event ? event.state : ''}`);
  return { watch, pass, told, states, raised };
}

const presence = (on: string[], off: string[] = [], all?: true) =>
  ({ t: 'presence', on, off, ...(all === undefined ? {} : { all }) }) as const;

describe('what the live socket tells', () => {
  it('TSK-15 announced maintenance is told once, also after every reconnection, and told when it is taken back', () => {
    const { watch, told } = createWatch();
    const plan = { from: '2026-12-01T18:00:00.000Z', until: '2026-12-01T20:00:00.000Z', text: 'A new disk.' };
    watch.noteMaintenance({ t: 'maintenance', planned: null });
    watch.noteMaintenance({ t: 'maintenance', planned: plan });
    watch.noteMaintenance({ t: 'maintenance', planned: { ...plan } });
    expect(told()).toEqual(['system.maintenance announced']);
    watch.noteMaintenance({ t: 'maintenance', planned: { ...plan, text: 'Two of them.' } });
    watch.noteMaintenance({ t: 'maintenance', planned: null });
    expect(told().slice(1)).toEqual(['system.maintenance announced', 'system.maintenance cancelled']);
  });

  it('TSK-15 maintenance that is taken back while it goes on is over, not called off', () => {
    const { watch, told } = createWatch();
    const begun = { from: at, until: '2026-12-31T20:00:00.000Z', text: '' };
    watch.noteMaintenance({ t: 'maintenance', planned: begun });
    watch.noteMaintenance({ t: 'maintenance', planned: null });
    expect(told()).toEqual(['system.maintenance announced', 'system.maintenance ended']);
  });

  it('IDT-26 TSK-15 knows who is online, and raises who came and went, but not for a whole list and not for oneself', () => {
    const { watch, told } = createWatch();
    expect(watch.online()).toBeNull();
    watch.notePresence(presence(['me', 'ada'], [], true));
    expect(watch.online()).toEqual(['me', 'ada']);
    expect(told()).toEqual([]);
    watch.notePresence(presence(['rene', 'me']));
    watch.notePresence(presence(['rene']));
    watch.notePresence(presence([], ['ada', 'nobody']));
    expect(told()).toEqual(['user.online rene', 'user.offline ada']);
    expect(watch.online()?.toSorted()).toEqual(['me', 'rene']);
  });

  it('IDT-26 a socket that comes back soon was never away; later nobody can tell who is there', () => {
    const { watch, pass, states } = createWatch();
    watch.notePresence(presence(['ada'], [], true));
    watch.noteClosed(false);
    pass(10_000);
    watch.noteOpened();
    pass(60_000);
    expect(watch.online()).toEqual(['ada']);
    watch.noteClosed(false);
    pass(20_000);
    expect(watch.online()).toBeNull();
    watch.notePresence(presence(['ada'], [], true));
    watch.clear();
    expect(states.at(-1)).toBeNull();
  });

  it('OBS-16 TSK-15 tells maintenance when a server stopped in good order and is not back soon, and its end', () => {
    const { watch, pass, told } = createWatch();
    watch.noteClosed(true);
    pass(2_000);
    watch.noteOpened();
    pass(60_000);
    expect(told()).toEqual([]);
    watch.noteClosed(true);
    pass(6_000);
    watch.noteClosed(false);
    pass(60_000);
    watch.noteOpened();
    expect(told().map((text) => text.trim())).toEqual(['system.maintenance started', 'system.maintenance ended']);
    watch.noteClosed(false);
    pass(60_000);
    expect(told()).toHaveLength(2);
  });

  it('TSK-15 moments have ids of their own', () => {
    const { watch, raised } = createWatch();
    watch.notePresence(presence([], [], true));
    watch.notePresence(presence(['ada', 'rene']));
    watch.notePresence(presence([], ['ada']));
    watch.notePresence(presence(['ada']));
    expect(new Set(raised.map(({ id }) => id)).size).toBe(4);
  });
});
