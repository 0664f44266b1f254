// Tells the main process what is to be told outside the windows: whatever of the inbox came, is unread and was not looked at
// anywhere. It looks when records change and when the main process wakes it at the moment it named, with or without a network; what the
// main process has told already it knows itself, so telling it the same again costs nothing.
import type { TimeZone } from '#shared/analytics/time-zone.ts';
import type { NotificationNews } from '#shared/ipc/host-request.ts';
import type { Inbox, InboxItem } from '#shared/notifications/inbox.ts';
import { ruleOf } from '#shared/notifications/notification-types.ts';
import { wordNotification } from '#shared/notifications/word-notification.ts';
import { createPlainWords } from '#shared/notifications/plain-words.ts';
import { routeOfNotification } from '#shared/notifications/notification-route.ts';
import { quietUntil } from '#shared/notifications/quiet-hours.ts';
import { titleOf } from '#shared/query/record-titles.ts';
import type { RecordSource } from '#shared/query/record-source.ts';
import { toInstant } from '#shared/kernel/calendar.ts';
import type { Translate } from '#shared/words/names.ts';
import type { Clock } from '#shared/kernel/ports.ts';

/** More are one line in any case. */
const MOST_TOLD = 50;
/** Changes come in bursts. */
const SETTLE_MS = 400;
/** The start of the application has better things to do. */
const FIRST_LOOK_MS = 1_500;

export interface Language {
  readonly locale: string;
  readonly t: Translate;
}

export interface BellDeps {
  readonly inbox: Inbox;
  readonly source: RecordSource;
  readonly userId: string;
  /** Of the person, where the profile names one; otherwise that of this computer. */
  readonly zone: () => TimeZone;
  readonly clock: Clock;
  readonly after: (delayMs: number, task: () => void) => void;
  /** Answers that rest on the time are worked out again. */
  readonly onTime: () => void;
  readonly language: () => Promise<Language>;
  readonly tell: (news: NotificationNews) => Promise<unknown>;
}

export interface Bell {
  /** Something may be due by now. */
  lookNow(): void;
  stop(): void;
}

export function createBell(deps: BellDeps): Bell {
  const { inbox, source, clock } = deps;
  let isStopped = false;
  let plannedMs: number | null = null;
  let round = 0;
  let lastTold = '';

  function plan(delayMs: number): void {
    const atMs = clock.now() + delayMs;
    if (isStopped || (plannedMs !== null && plannedMs <= atMs && plannedMs > clock.now())) return;
    plannedMs = atMs;
    round += 1;
    const mine = round;
    deps.after(delayMs, () => {
      if (isStopped || mine !== round) return;
      plannedMs = null;
      void look();
    });
  }

  const waits = ({ isRead, isArchived, snoozedUntil }: InboxItem): boolean =>
    !isRead && !isArchived && snoozedUntil === null;

  async function look(): Promise<void> {
    const nowMs = clock.now();
    const unread = inbox.items(nowMs).filter(waits);
    const quietMs = quietUntil(inbox.preferences().quietHours, nowMs, deps.zone());
    const words = createPlainWords({ ...(await deps.language()), person: (id) => titleOf(source, 'user', id) ?? '' });
    const nextMs = inbox.nextMs(nowMs);
    const news: NotificationNews = {
      userId: deps.userId,
      unread: unread.length,
      quietUntil: quietMs === null ? null : toInstant(quietMs),
      nextAt: nextMs === null ? null : toInstant(nextMs),
      alerts: unread
        .filter(({ type }) => ruleOf(type).native !== 'never')
        .slice(0, MOST_TOLD)
        .map((item) => ({
          key: item.key,
          cameAt: item.cameAt,
          isShown: item.isShown,
          isUrgent: ruleOf(item.type).native === 'now' || item.facts['urgent'] === 1,
          ...wordNotification(item, words),
          route: routeOfNotification(item),
          taskId: item.subject?.entity === 'task' && item.type !== 'task.completed' ? item.subject.id : null,
        })),
    };
    const told = JSON.stringify(news);
    if (isStopped) return;
    if (told === lastTold) return;
    lastTold = told;
    deps.onTime();
    await deps.tell(news);
  }

  const stopListening = source.subscribe((changes) => {
    if (changes.some(({ entity }) => inbox.entities.has(entity))) plan(SETTLE_MS);
  });
  plan(FIRST_LOOK_MS);
  return {
    lookNow: () => plan(0),
    stop() {
      isStopped = true;
      stopListening();
    },
  };
}
