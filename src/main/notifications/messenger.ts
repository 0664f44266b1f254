// Messages of the desktop, and the moment of the next one: the data host names it and is woken then, because a hidden window may be
// started anew, and a timer of it held up. Whatever the data host finds in the inbox comes here again and again; each is told once on this
// computer, in the order they came, also over a restart, and not at all when another computer of the person told it first. More than a few at once
// (a computer that slept, or was away) are one message. Works without a network. Under the cover a message says nothing.
import { toEpochMs, toInstant } from '#shared/kernel/calendar.ts';
import type { Clock, Scheduler } from '#shared/kernel/ports.ts';
import type { HostRequest, NotificationAlert, NotificationNews } from '#shared/ipc/host-request.ts';
import type { KeptAnnouncements } from '#main/notifications/kept-announcements.ts';

/** More at once are told as one. */
const MOST_SINGLE = 3;
const REMEMBERED = 2_000;
const SNOOZE_MS = 3_600_000;
/** What another computer read meanwhile is known by then. */
const FIRST_WAIT_MS = 15_000;
const LOOK_AGAIN_MS = 1_000;
/** Clocks are set, and timers stand still while a computer sleeps. */
const LONGEST_WAIT_MS = 60_000;
/** The data host is started anew, or busy. */
const WAKE_AGAIN_MS = 5_000;
/** Within it the computers of one person take their turn, so that the first one's mark reaches the others. */
const STAGGER_MS = 12_000;

export type MessageAction = 'complete' | 'snooze' | 'open';

export interface Message {
  readonly title: string;
  readonly body: string;
  readonly actions: readonly MessageAction[];
  readonly onAction: (action: MessageAction) => void;
}

export interface MessengerDeps {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** Shows it; answers how it is taken away. */
  readonly show: (message: Message) => { close(): void };
  /** At the dock, the task bar and the tray. */
  readonly setBadge: (unread: number) => void;
  readonly userId: () => string | null;
  readonly isLocked: () => boolean;
  /** Somebody sits at a window of the application. */
  readonly isInFront: () => boolean;
  /** What other computers did is known: exchanged a moment ago, or there is no network. */
  readonly isSettled: () => boolean;
  /** Other computers hear of a mark soon. */
  readonly isExchanging: () => boolean;
  /** Turn of this computer, 0 to 1. */
  readonly turn: () => number;
  readonly request: (request: HostRequest) => Promise<unknown>;
  readonly openRoute: (route: string) => void;
  readonly words: () => { readonly many: (count: number) => string; readonly hidden: string };
  readonly log: (message: string, error: unknown) => void;
}

export interface Messenger {
  open(kept: KeptAnnouncements): void;
  close(): void;
  take(news: NotificationNews): void;
  /** The computer slept: what became due meanwhile is asked for now. */
  noteWake(): void;
  /** The cover went up or down. */
  noteLock(): void;
}

interface Shown {
  readonly keys: readonly string[];
  readonly close: () => void;
}

export function createMessenger(deps: MessengerDeps): Messenger {
  const { clock, scheduler } = deps;
  const told = new Map<string, string>();
  const readyAt = new Map<string, number>();
  let kept: KeptAnnouncements | null = null;
  let latest: NotificationNews | null = null;
  let shown: readonly Shown[] = [];
  let waiting: { cancel(): void } | null = null;
  let waking: { cancel(): void } | null = null;
  let openedAtMs = 0;
  let isFirst = true;

  function lookIn(delayMs: number): void {
    waiting?.cancel();
    waiting = scheduler.after(Math.max(0, delayMs), settle);
  }

  function wakeHost(): void {
    deps
      .request({ kind: 'lookAtTime' })
      .catch((error: unknown) => deps.log('what became due meanwhile is told a little later', error));
  }

  /** Until it told what is next after that. */
  function wakeAt(atMs: number | null, leastMs: number): void {
    waking?.cancel();
    waking = null;
    if (atMs === null) return;
    waking = scheduler.after(Math.min(LONGEST_WAIT_MS, Math.max(leastMs, atMs - clock.now())), () => {
      const isDue = clock.now() >= atMs;
      if (isDue) wakeHost();
      wakeAt(atMs, isDue ? WAKE_AGAIN_MS : 0);
    });
  }

  function remember(alerts: readonly NotificationAlert[]): void {
    for (const { key, cameAt } of alerts) {
      told.delete(key);
      told.set(key, cameAt);
      readyAt.delete(key);
    }
    for (const oldest of told.keys()) {
      if (told.size <= REMEMBERED) break;
      told.delete(oldest);
    }
    try {
      kept?.write([...told]);
    } catch (error) {
      // A disk that takes nothing costs a message that comes again, never the work.
      deps.log('what was told could not be kept', error);
    }
  }

  function run(command: 'markNotifications' | 'completeTask', input: unknown, route: string | null): void {
    deps.request({ kind: 'execute', command, input }).catch((error: unknown) => {
      deps.log('an action of a message could not be done', error);
      if (route !== null) deps.openRoute(route);
    });
  }

  function act(alert: NotificationAlert, action: MessageAction): void {
    const { key, cameAt, taskId, route } = alert;
    // Behind the cover nothing is done: the person at the computer may be somebody else.
    if (action === 'open' || deps.isLocked()) {
      deps.openRoute(route);
      if (!deps.isLocked()) run('markNotifications', { keys: [key], act: 'read', through: cameAt }, null);
      return;
    }
    if (action === 'snooze') {
      const until = toInstant(clock.now() + SNOOZE_MS);
      run('markNotifications', { keys: [key], act: 'snoozed', through: cameAt, until }, route);
      return;
    }
    if (taskId !== null) run('completeTask', { id: taskId }, route);
  }

  function put(keys: readonly string[], message: Message): void {
    const opened = deps.show(message);
    shown = [...shown, { keys, close: () => opened.close() }];
  }

  function tell(alerts: readonly NotificationAlert[]): void {
    const keys = alerts.map(({ key }) => key);
    if (deps.isLocked()) {
      closeAll();
      put(keys, { title: 'Outpost', body: deps.words().hidden, actions: [], onAction: () => deps.openRoute('/inbox') });
    } else if (alerts.length > MOST_SINGLE || (isFirst && alerts.length > 1)) {
      const body = deps.words().many(alerts.length);
      put(keys, { title: 'Outpost', body, actions: [], onAction: () => deps.openRoute('/inbox') });
    } else {
      for (const alert of alerts) {
        const actions: readonly MessageAction[] =
          alert.taskId === null ? ['snooze', 'open'] : ['complete', 'snooze', 'open'];
        put([alert.key], { title: alert.title, body: alert.text, actions, onAction: (action) => act(alert, action) });
      }
    }
    remember(alerts);
    const through = alerts.reduce((newest, { cameAt }) => (cameAt > newest ? cameAt : newest), '');
    run('markNotifications', { keys, act: 'shown', through }, null);
  }

  function closeAll(): void {
    const closing = shown;
    shown = [];
    for (const message of closing) message.close();
  }

  /** What was read, done or lost from sight leaves the desktop, too. */
  function closeGone({ alerts }: NotificationNews): void {
    const waits = new Set(alerts.map(({ key }) => key));
    const gone = shown.filter(({ keys }) => !keys.some((key) => waits.has(key)));
    shown = shown.filter((message) => !gone.includes(message));
    for (const message of gone) message.close();
  }

  /** Its turn among the computers of this person; at once where somebody looks, or where no other one would hear. */
  function isReady({ key }: NotificationAlert, nowMs: number): boolean {
    if (isFirst || deps.isInFront() || !deps.isExchanging()) return true;
    const at = readyAt.get(key) ?? nowMs + deps.turn() * STAGGER_MS;
    readyAt.set(key, at);
    return at <= nowMs;
  }

  function settle(): void {
    waiting = null;
    const news = latest;
    if (news === null || kept === null || news.userId !== deps.userId()) return;
    const nowMs = clock.now();
    if (isFirst && !deps.isSettled() && nowMs - openedAtMs < FIRST_WAIT_MS) {
      lookIn(LOOK_AGAIN_MS);
      return;
    }
    const fresh = news.alerts.filter(({ key, cameAt }) => (told.get(key) ?? '') < cameAt);
    // After it has been away, a computer says once how much is unread, whoever told it first.
    const elsewhere = isFirst ? [] : fresh.filter(({ isShown }) => isShown);
    if (elsewhere.length > 0) remember(elsewhere);
    const quietMs = news.quietUntil === null ? 0 : toEpochMs(news.quietUntil);
    const isQuiet = quietMs > nowMs;
    const own = fresh.filter((alert) => (isFirst || !alert.isShown) && (!isQuiet || alert.isUrgent));
    const ready = own
      .filter((alert) => isReady(alert, nowMs))
      .toSorted((a, b) => (a.cameAt < b.cameAt ? -1 : a.cameAt > b.cameAt ? 1 : 0));
    if (ready.length > 0) tell(ready);
    isFirst = false;
    const later = own.filter((alert) => !ready.includes(alert)).map(({ key }) => (readyAt.get(key) ?? nowMs) - nowMs);
    if (isQuiet) later.push(quietMs - nowMs);
    if (later.length > 0) lookIn(Math.min(...later));
  }

  return {
    open(opened) {
      kept = opened;
      openedAtMs = clock.now();
      isFirst = true;
      told.clear();
      for (const [key, cameAt] of opened.read()) told.set(key, cameAt);
    },
    close() {
      waiting?.cancel();
      waiting = null;
      wakeAt(null, 0);
      kept = null;
      latest = null;
      told.clear();
      readyAt.clear();
      closeAll();
      deps.setBadge(0);
    },
    take(news) {
      if (kept === null || news.userId !== deps.userId()) return;
      latest = news;
      wakeAt(news.nextAt === null ? null : toEpochMs(news.nextAt), 0);
      deps.setBadge(news.unread);
      closeGone(news);
      settle();
    },
    noteWake() {
      if (kept !== null) wakeHost();
    },
    noteLock() {
      if (deps.isLocked()) closeAll();
    },
  };
}
