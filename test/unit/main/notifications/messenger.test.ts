import { beforeEach, describe, expect, it } from 'vitest';
import type { HostRequest, NotificationAlert, NotificationNews } from '#shared/ipc/host-request.ts';
import { createMessenger, type Message, type Messenger } from '#main/notifications/messenger.ts';

const START = Date.parse('2026-11-27T09:00:00.000Z');
const CAME = '2026-11-27T08:59:00.000Z';

const alert = (key: string, values: Partial<NotificationAlert> = {}): NotificationAlert => ({
  key,
  cameAt: CAME,
  isShown: false,
  isUrgent: false,
  title: `Title ${key}`,
  text: 'secret text',
  route: `/tasks/${key}`,
  taskId: key,
  ...values,
});

/** A desktop with a clock in the hand; `kept` outlives a restart. */
function createDesktop(kept: { told: readonly (readonly [string, string])[] }) {
  let nowMs = START;
  const timers: { at: number; task: () => void }[] = [];
  const state = { isLocked: false, isInFront: true, isSettled: true, isExchanging: true, turn: 0, badge: -1 };
  const shown: (Message & { isClosed: boolean })[] = [];
  const requests: Extract<HostRequest, { kind: 'execute' }>[] = [];
  const routes: string[] = [];
  const messenger: Messenger = createMessenger({
    clock: { now: () => nowMs },
    scheduler: {
      after(delayMs, task) {
        const timer = { at: nowMs + delayMs, task };
        timers.push(timer);
        return { cancel: () => void timers.splice(timers.indexOf(timer), timers.includes(timer) ? 1 : 0) };
      },
    },
    show(message) {
      const one = { ...message, isClosed: false };
      shown.push(one);
      return {
        close: () => {
          one.isClosed = true;
        },
      };
    },
    setBadge: (unread) => {
      state.badge = unread;
    },
    userId: () => 'me',
    isLocked: () => state.isLocked,
    isInFront: () => state.isInFront,
    isSettled: () => state.isSettled,
    isExchanging: () => state.isExchanging,
    turn: () => state.turn,
    request: (request) => {
      if (request.kind === 'execute') requests.push(request);
      return Promise.resolve(null);
    },
    openRoute: (route) => routes.push(route),
    words: () => ({ many: (count) => `${String(count)} new`, hidden: 'something' }),
    log: () => undefined,
  });
  messenger.open({
    read: () => kept.told,
    write: (told) => {
      kept.told = told;
    },
  });
  return {
    messenger,
    shown,
    requests,
    routes,
    state,
    take(alerts: readonly NotificationAlert[], values: Partial<NotificationNews> = {}) {
      messenger.take({ userId: 'me', unread: alerts.length, quietUntil: null, nextAt: null, alerts, ...values });
    },
    pass(ms: number) {
      nowMs += ms;
      for (const timer of timers.filter(({ at }) => at <= nowMs)) {
        timers.splice(timers.indexOf(timer), 1);
        timer.task();
      }
    },
  };
}

describe('messages of the desktop', () => {
  let kept: { told: readonly (readonly [string, string])[] };
  let desktop: ReturnType<typeof createDesktop>;
  beforeEach(() => {
    kept = { told: [] };
    desktop = createDesktop(kept);
    desktop.take([]);
  });
  const bodies = () => desktop.shown.map(({ title, body }) => [title, body]);

  it('TSK-08 each is told once, also after a restart, with its buttons, and marked for the other computers', () => {
    desktop.take([alert('a')]);
    desktop.take([alert('a')]);
    expect(desktop.shown).toMatchObject([{ title: 'Title a', actions: ['complete', 'snooze', 'open'] }]);
    expect(desktop.requests).toMatchObject([
      { command: 'markNotifications', input: { keys: ['a'], act: 'shown', through: CAME } },
    ]);
    expect(desktop.state.badge).toBe(1);
    const again = createDesktop(kept);
    again.take([alert('a')]);
    expect(again.shown).toEqual([]);
  });

  it('TSK-08 what comes back from being snoozed is told again', () => {
    desktop.take([alert('a')]);
    desktop.take([]);
    desktop.take([alert('a', { cameAt: '2026-11-27T09:30:00.000Z' })]);
    expect(desktop.shown).toHaveLength(2);
  });

  it('TSK-08 many at once, after a sleep, are one message', () => {
    desktop.take(Array.from({ length: 10 }, (_, index) => alert(`r${String(index)}`)));
    expect(bodies()).toEqual([['Outpost', '10 new']]);
    desktop.shown[0]?.onAction('open');
    expect(desktop.routes).toEqual(['/inbox']);
  });

  it('TSK-08 a computer that was away says once what is still unread, and only after it has heard of the others', () => {
    const away = createDesktop({ told: [] });
    away.state.isSettled = false;
    away.take([alert('a', { isShown: true }), alert('b', { isShown: true }), alert('c')]);
    expect(away.shown).toEqual([]);
    away.take([alert('b', { isShown: true }), alert('c')]);
    away.state.isSettled = true;
    away.pass(1_000);
    expect(away.shown.map(({ body }) => body)).toEqual(['2 new']);
    away.take([alert('b', { isShown: true }), alert('c')]);
    expect(away.shown).toHaveLength(1);
  });

  it('TSK-08 two computers take turns: what the first one told the other one does not', () => {
    desktop.state.isInFront = false;
    desktop.state.turn = 0.5;
    desktop.take([alert('a')]);
    expect(desktop.shown).toEqual([]);
    desktop.take([alert('a', { isShown: true })]);
    desktop.pass(60_000);
    expect(desktop.shown).toEqual([]);
    desktop.take([alert('b')]);
    desktop.pass(6_000);
    expect(desktop.shown).toHaveLength(1);
  });

  it('TSK-08 without a network nobody waits for others', () => {
    Object.assign(desktop.state, { isInFront: false, isExchanging: false, turn: 1 });
    desktop.take([alert('a')]);
    expect(desktop.shown).toHaveLength(1);
  });

  it('D14 under the cover a message says nothing, and what said something is taken away', () => {
    desktop.take([alert('a')]);
    desktop.state.isLocked = true;
    desktop.messenger.noteLock();
    expect(desktop.shown[0]?.isClosed).toBe(true);
    desktop.take([alert('a'), alert('b')]);
    expect(desktop.shown[1]).toMatchObject({ title: 'Outpost', body: 'something', actions: [] });
    expect(JSON.stringify(desktop.shown[1])).not.toContain('secret');
  });

  it('D14 a button of an older message does nothing under the cover but ask for the password', () => {
    desktop.take([alert('a')]);
    desktop.requests.length = 0;
    desktop.state.isLocked = true;
    desktop.shown[0]?.onAction('complete');
    expect(desktop.requests).toEqual([]);
    expect(desktop.routes).toEqual(['/tasks/a']);
  });

  it('TSK-14 quiet hours hold messages back until they are over; what is urgent does not wait', () => {
    const quietUntil = new Date(START + 3_600_000).toISOString();
    desktop.take([alert('a'), alert('b', { isUrgent: true })], { quietUntil });
    expect(desktop.shown.map(({ title }) => title)).toEqual(['Title b']);
    desktop.pass(3_600_000);
    expect(desktop.shown.map(({ title }) => title)).toEqual(['Title b', 'Title a']);
  });

  it('TSK-08 buttons complete and snooze with the commands of a click; what was read elsewhere leaves the desktop', () => {
    desktop.take([alert('a')]);
    desktop.shown[0]?.onAction('complete');
    desktop.shown[0]?.onAction('snooze');
    expect(desktop.requests.slice(1)).toMatchObject([
      { command: 'completeTask', input: { id: 'a' } },
      { command: 'markNotifications', input: { act: 'snoozed', until: new Date(START + 3_600_000).toISOString() } },
    ]);
    desktop.take([]);
    expect(desktop.shown[0]?.isClosed).toBe(true);
  });

  it('D15 a clock that is set back and forth brings nothing twice', () => {
    desktop.take([alert('a')]);
    desktop.take([]);
    desktop.take([alert('a')]);
    expect(desktop.shown).toHaveLength(1);
  });
});
