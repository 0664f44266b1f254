// A notification in words, for a screen, a message of the desktop or a mail: the same sentences everywhere.
import type { Notification } from '#shared/notifications/notification.ts';
import type { Translate } from '#shared/words/names.ts';

export interface NotificationWords {
  readonly t: Translate;
  /** Name of a colleague; empty when there is none to be told. */
  readonly person: (id: string) => string;
  readonly money: (minorUnits: number, currency: string) => string;
  readonly percent: (value: number) => string;
  /** A day or an instant as its reader writes them. */
  readonly day: (day: string) => string;
  readonly time: (instant: string) => string;
}

export interface WordedNotification {
  /** The record, or what was said. */
  readonly title: string;
  /** What happened, as a sentence. */
  readonly text: string;
}

const textOr = (value: string | number | null | undefined): string =>
  value === null || value === undefined ? '' : String(value);

export function wordNotification(notification: Notification, words: NotificationWords): WordedNotification {
  const { t } = words;
  const { type, facts, actorId } = notification;
  const name = actorId === null ? '' : words.person(actorId);
  const who = name === '' ? t('notifications.somebody') : name;
  const says = (key: string, values: Readonly<Record<string, unknown>> = {}): string =>
    t(`notifications.says.${key}`, { who, ...values });
  const [dueDay, dueAt] = [textOr(facts['dueDate']), textOr(facts['dueAt'])];
  const due = [dueDay === '' ? '' : words.day(dueDay), dueAt === '' ? '' : words.time(dueAt)]
    .filter((part) => part !== '')
    .join(', ');
  const withDue = (key: string): string =>
    due === '' ? says(key) : t('notifications.says.withDue', { text: says(key), due });
  const title = notification.title === '' ? t(`notifications.types.${type}`) : notification.title;
  const worded = (text: string): WordedNotification => ({ title, text });
  const inOneGo = facts['inOneGo'];
  if (typeof inOneGo === 'number') return worded(says('inOneGo', { count: inOneGo }));
  switch (type) {
    case 'task.assigned':
      return worded(withDue('taskAssigned'));
    case 'task.completed':
      return worded(says('taskCompleted'));
    case 'task.updated':
      return worded(says('taskUpdated'));
    case 'task.reminder':
      return worded(withDue('taskReminder'));
    case 'task.due':
      return worded(due === '' ? says('taskDueNow') : says('taskDue', { due }));
    case 'comment.mention':
      return worded(
        textOr(facts['text']) === '' ? says('mention') : says('mentionSaying', { text: textOr(facts['text']) }),
      );
    case 'customer.reminder':
      return worded(
        facts['kind'] === 'meeting'
          ? says('meeting', { time: words.time(textOr(facts['when'])) })
          : textOr(facts['text']) === ''
            ? says('nextStepDue')
            : says('nextStep', { text: textOr(facts['text']) }),
      );
    case 'deal.assigned':
      return worded(says('dealAssigned'));
    case 'deal.stage': {
      const outcome = facts['outcome'];
      if (outcome === 'won' || outcome === 'lost') return worded(says(outcome === 'won' ? 'dealWon' : 'dealLost'));
      if (facts['from'] === null || facts['to'] === null) return worded(says('dealMoved'));
      return worded(says('dealStage', { from: textOr(facts['from']), to: textOr(facts['to']) }));
    }
    case 'deal.highValue': {
      const amount = facts['amount'];
      return worded(
        says('highValue', {
          amount: typeof amount === 'number' ? words.money(amount, textOr(facts['currency']) || 'EUR') : '',
        }),
      );
    }
    case 'deal.probability':
      return worded(
        says('probability', {
          before: words.percent(Number(facts['before'])),
          after: words.percent(Number(facts['after'])),
        }),
      );
    case 'deal.closing':
      return worded(says('closing', { day: words.day(textOr(facts['closeDate'])) }));
    case 'goal.achieved':
      return worded(says('goalAchieved'));
    case 'goal.milestone':
      return worded(says('goalMilestone', { percent: words.percent(Number(facts['percent'])) }));
    case 'performance.suggestion':
      return worded(says(`suggestion.${textOr(facts['kind'])}`, { count: facts['count'] }));
    case 'performance.ranking':
      return worded(
        says(Number(facts['place']) > 0 ? 'ranking' : 'rankingOfTeam', { place: facts['place'], of: facts['of'] }),
      );
    case 'system.import':
      return worded(
        says(facts['state'] === 'done' ? 'importDone' : 'importFailed', {
          created: facts['created'],
          updated: facts['updated'],
          failed: facts['failed'],
        }),
      );
    case 'team.alert':
      return worded(textOr(facts['text']) === '' ? says('teamAlert') : textOr(facts['text']));
    case 'system.maintenance':
    case 'system.feature':
    case 'system.security':
      return worded(textOr(facts['text']));
  }
}
