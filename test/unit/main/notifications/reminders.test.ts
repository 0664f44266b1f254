// Reminders from the records to the desktop: the bell of the data host finds them, the messenger of the main process tells them.
import { expect, test, vi } from 'vitest';
import { createMessenger, type Message } from '#main/notifications/messenger.ts';
import { createBell } from '#renderer/data/notification-bell.ts';
import { createTimeZone } from '#shared/analytics/time-zone.ts';
import { toEpochMs, toInstant } from '#shared/kernel/calendar.ts';
import { createWorld, NOW, recordOf, type NotificationWorld } from '#test/support/notification-world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
type Told = readonly (readonly [string, string])[];

interface Disk {
  told: Told;
}

/** A computer without a network and with no window in front; `disk` and the records outlive a restart. */
function createComputer(world: NotificationWorld, disk: Disk, startMs: number) {
  let nowMs = startMs;
  let timers: { readonly at: number; readonly task: () => void }[] = [];
  const shown: Message[] = [];
  let isHostGone = false;
  let longestOfHost = 0;
  const clock = { now: () => nowMs };
  const after = (delayMs: number, task: () => void) => {
    const timer = { at: nowMs + delayMs, task };
    timers.push(timer);
    return { cancel: () => void (timers = timers.filter((one) => one !== timer)) };
  };
  const messenger = createMessenger({
    clock,
    scheduler: { after },
    show(message) {
      shown.push(message);
      return { close: () => undefined };
    },
    setBadge: () => undefined,
    userId: () => 'me',
    isLocked: () => false,
    isInFront: () => false,
    isSettled: () => true,
    isExchanging: () => false,
    turn: () => 0.5,
    request(request) {
      if (isHostGone) return Promise.reject(new Error('the data host is gone'));
      if (request.kind === 'lookAtTime') bell.lookNow();
      if (request.kind !== 'execute' || request.command !== 'markNotifications') return Promise.resolve(null);
      const { act, keys, through } = request.input as { act: string; keys: readonly string[]; through: string };
      world.mark(act, keys, { through });
      return Promise.resolve(null);
    },
    openRoute: () => undefined,
    words: () => ({ many: (count) => `${String(count)} new`, hidden: 'something' }),
    log: () => undefined,
  });
  messenger.open({ read: () => disk.told, write: (told) => (disk.told = told) });
  const startBell = () =>
    createBell({
      inbox: world.inbox,
      source: world.source,
      userId: 'me',
      zone: () => createTimeZone('Europe/Berlin'),
      clock,
      after(delayMs, task) {
        longestOfHost = Math.max(longestOfHost, delayMs);
        after(delayMs, task);
      },
      onTime: () => undefined,
      language: () => Promise.resolve({ locale: 'en', t: ((key: string) => key) as never }),
      tell: (news) => Promise.resolve(messenger.take(news)),
    });
  let bell = startBell();
  const settle = () => vi.waitFor(() => Promise.resolve());
  return {
    shown,
    longestOfHost: () => longestOfHost,
    stop: () => bell.stop(),
    crashHost() {
      isHostGone = true;
      bell.stop();
    },
    restartHost() {
      isHostGone = false;
      bell = startBell();
    },
    /** Timers run as they end. */
    async pass(ms: number) {
      const until = nowMs + ms;
      for (;;) {
        const next = timers.toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined || next.at > until) break;
        nowMs = Math.max(nowMs, next.at);
        timers = timers.filter((one) => one !== next);
        next.task();
        await settle();
      }
      nowMs = until;
    },
    /** The clock goes on, and timers do not. */
    async sleepUnnoticed(ms: number) {
      nowMs += ms;
      timers = timers.map(({ at, task }) => ({ at: at + ms, task }));
      await this.pass(0);
    },
    async sleep(ms: number) {
      await this.sleepUnnoticed(ms);
      messenger.noteWake();
      await this.pass(0);
    },
  };
}

const start = toEpochMs(NOW);

/** Ten tasks, due one hour after another, put down in another order. */
function createTasks(): NotificationWorld {
  const world = createWorld();
  for (const hour of [7, 2, 9, 4, 1, 10, 3, 8, 5, 6]) {
    const dueAt = toInstant(start + hour * HOUR_MS);
    world.put(
      recordOf('task', `task-${String(hour)}`, {
        subject: `Task ${String(hour)}`,
        status: 'open',
        dueAt,
        createdBy: 'me',
        updatedBy: 'me',
      }),
    );
  }
  return world;
}

const names = (shown: readonly Message[]): readonly string[] =>
  shown.map(({ title, body }) => /Task \d+/.exec(`${title} ${body}`)?.[0] ?? body);
const dueTasks = (disk: Disk): readonly string[] =>
  disk.told.map(([key]) => key).filter((key) => key.startsWith('task.due'));

test('TSK-08 without a network or a window ten reminders are told once each, in order, when they are due', async () => {
  const disk: Disk = { told: [] };
  const computer = createComputer(createTasks(), disk, start);
  await computer.pass(11 * HOUR_MS);
  expect(names(computer.shown)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((hour) => `Task ${String(hour)}`));
  await computer.pass(11 * HOUR_MS);
  expect(computer.shown).toHaveLength(10);
});

test('TSK-08 a computer that slept over ten reminders tells all of them at once when it wakes, and never again', async () => {
  const disk: Disk = { told: [] };
  const computer = createComputer(createTasks(), disk, start);
  await computer.pass(MINUTE_MS);
  await computer.sleep(11 * HOUR_MS);
  expect(names(computer.shown)).toEqual(['10 new']);
  expect(dueTasks(disk)).toEqual(
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((hour) => expect.stringContaining(`task-${String(hour)}.`)),
  );
  await computer.pass(HOUR_MS);
  expect(computer.shown).toHaveLength(1);
});

test('TSK-08 two that became due in a short sleep are told in the order they became due', async () => {
  const computer = createComputer(createTasks(), { told: [] }, start);
  await computer.pass(MINUTE_MS);
  await computer.sleep(2 * HOUR_MS);
  expect(names(computer.shown)).toEqual(['Task 1', 'Task 2']);
});

test('TSK-08 over a restart no reminder is lost and none is told twice', async () => {
  const disk: Disk = { told: [] };
  const world = createTasks();
  const first = createComputer(world, disk, start);
  await first.pass(3 * HOUR_MS + MINUTE_MS);
  expect(names(first.shown)).toEqual(['Task 1', 'Task 2', 'Task 3']);
  first.stop();
  // It was off while two more became due.
  const second = createComputer(world, disk, start + 5 * HOUR_MS + MINUTE_MS);
  await second.pass(6 * HOUR_MS);
  expect(names(second.shown)).toEqual(['2 new', 'Task 6', 'Task 7', 'Task 8', 'Task 9', 'Task 10']);
  expect(new Set(dueTasks(disk)).size).toBe(10);
});

test('TSK-08 no reminder hangs on a timer of the data host: it is woken at the time it named, and a restart of it loses and repeats none', async () => {
  const disk: Disk = { told: [] };
  const computer = createComputer(createTasks(), disk, start);
  await computer.pass(HOUR_MS + MINUTE_MS);
  expect(names(computer.shown)).toEqual(['Task 1']);
  computer.crashHost();
  // One became due without anybody who could tell it.
  await computer.pass(HOUR_MS);
  computer.restartHost();
  await computer.pass(9 * HOUR_MS);
  expect(names(computer.shown)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((hour) => `Task ${String(hour)}`));
  expect(new Set(dueTasks(disk)).size).toBe(10);
  expect(computer.longestOfHost()).toBeLessThan(5_000);
});

test('TSK-08 whoever slept without the system saying so is reminded within a minute', async () => {
  const computer = createComputer(createTasks(), { told: [] }, start);
  await computer.pass(MINUTE_MS);
  await computer.sleepUnnoticed(HOUR_MS);
  await computer.pass(MINUTE_MS);
  expect(names(computer.shown)).toEqual(['Task 1']);
});
