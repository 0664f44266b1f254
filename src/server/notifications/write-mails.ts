// What the mails of notifications say. Each is made of what its recipient sees at this moment, in the recipient's language and
// time zone; one that would say nothing is not written.
import { addDays, toEpochMs } from '#shared/kernel/calendar.ts';
import { escapeHtml } from '#shared/mail/render-template.ts';
import { numberIn, textIn } from '#shared/notifications/notification.ts';
import { organizationMoneyOf } from '#shared/analytics/organization-money.ts';
import { entities } from '#shared/entities/registry.ts';
import type { InboxItem } from '#shared/notifications/inbox.ts';
import { createPlainWords } from '#shared/notifications/plain-words.ts';
import { routeOfNotification } from '#shared/notifications/notification-route.ts';
import { wordNotification } from '#shared/notifications/word-notification.ts';
import { mondayOf } from '#shared/notifications/sources/weekly-notices.ts';
import { titleOf } from '#shared/query/record-titles.ts';
import { createNames } from '#shared/words/names.ts';
import { fillTemplate } from '#server/notifications/email-templates.ts';
import type { Reader } from '#server/notifications/read-reader.ts';
import { openTexts } from '#server/words/open-texts.ts';

export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const MOST_LINES = 40;
const locales = { en: 'en-GB', de: 'de-DE' } as const;

async function wordsFor({ language, timeZone, source }: Reader) {
  const t = await openTexts(language);
  const person = (id: string): string => titleOf(source, 'user', id) ?? '';
  return createPlainWords({ locale: locales[language], t, person, timeZone });
}

interface Line {
  readonly title: string;
  readonly text: string;
  readonly link: string | null;
}

function letterOf(subject: string, lead: string, lines: readonly Line[], foot: string): Letter {
  const text = [
    lead,
    '',
    ...lines.flatMap(({ title, text: said }) => [`– ${title}${said === '' ? '' : `: ${said}`}`]),
    '',
    foot,
  ];
  const rows = lines.map(({ title, text: said, link }) => {
    const name =
      link === null
        ? escapeHtml(title)
        : `<a href="${escapeHtml(link)}" style="color:#394bb0">${escapeHtml(title)}</a>`;
    return `<tr><td style="padding:8px 0;border-top:1px solid #e2e5eb;font-size:14px;color:#1a1d24">${name}<br /><span style="font-size:13px;color:#5a6172">${escapeHtml(said)}</span></td></tr>`;
  });
  const html = `<!doctype html><html><head><meta charset="utf-8" /></head><body style="margin:0;padding:32px 16px;background:#f6f7f9;font-family:'Segoe UI',Helvetica,Arial,sans-serif"><table role="presentation" width="560" align="center" cellpadding="0" cellspacing="0" style="max-width:560px;width:100%;background:#ffffff;border:1px solid #e2e5eb;border-radius:10px;padding:24px 32px"><tr><td style="padding-bottom:12px;font-size:17px;font-weight:600;color:#1a1d24">${escapeHtml(lead)}</td></tr>${rows.join('')}<tr><td style="padding-top:16px;border-top:1px solid #e2e5eb;font-size:12px;color:#5a6172">${escapeHtml(foot)}</td></tr></table></body></html>`;
  return { subject, text: text.join('\n'), html };
}

/** A link the application opens. */
function linkOf(item: InboxItem): string {
  return `outpost:/${routeOfNotification(item)}`;
}

/** A mail about one notification; null for a kind that is not mailed. */
export async function writeNotice(reader: Reader, item: InboxItem): Promise<Letter | null> {
  const words = await wordsFor(reader);
  const { t } = words;
  const worded = wordNotification(item, words);
  if (item.type === 'task.assigned') {
    const names = createNames(t, entities);
    const priority = item.facts['priority'];
    const due = item.facts['dueDate'];
    return fillTemplate('task_assigned', reader.language, {
      task_title: worded.title,
      due_date: typeof due === 'string' ? words.day(due) : t('notifications.mail.noDue'),
      assigned_by: item.actorId === null ? t('notifications.somebody') : words.person(item.actorId),
      priority: typeof priority === 'string' ? names.option(entities.task, 'priority', priority) : '–',
    });
  }
  if (item.type === 'goal.achieved') {
    return fillTemplate('goal_achieved', reader.language, {
      goal_name: worded.title,
      achievement_date: words.day(String(item.facts['reachedOn'])),
      performance_data: words.percent(Number(item.facts['percent'])),
    });
  }
  if (item.type !== 'task.due' && item.type !== 'task.reminder') return null;
  const subject = t('notifications.mail.deadlineSubject', { title: worded.title });
  return letterOf(
    subject,
    t('notifications.mail.deadline'),
    [{ ...worded, link: linkOf(item) }],
    t('notifications.mail.foot'),
  );
}

/** What is unread since a day; null when nothing is. */
export async function writeDigest(reader: Reader, since: string): Promise<Letter | null> {
  const items = reader.waiting.filter(({ cameAt }) => cameAt >= since);
  if (items.length === 0) return null;
  const words = await wordsFor(reader);
  const { t } = words;
  const lines = items.slice(0, MOST_LINES).map((item) => ({ ...wordNotification(item, words), link: linkOf(item) }));
  const more = items.length - lines.length;
  const rest =
    more === 0 ? [] : [{ title: t('notifications.mail.more', { count: more }), text: '', link: 'outpost://inbox' }];
  const lead = t('notifications.mail.digest', { count: items.length });
  return letterOf(
    t('notifications.mail.digestSubject', { count: items.length }),
    lead,
    [...lines, ...rest],
    t('notifications.mail.foot'),
  );
}

/** What somebody did in the week before this day; null for a week without anything. */
export async function writeWeekly(reader: Reader, day: string): Promise<Letter | null> {
  const { source, actor, zone } = reader;
  const monday = mondayOf(day);
  const isInWeek = (at: string | null): boolean => {
    const on = at === null ? '' : zone.dayOf(toEpochMs(at));
    return on >= addDays(monday, -7) && on < monday;
  };
  const money = organizationMoneyOf(source);
  const sums = { won: 0, value: 0, tasks: 0, activities: 0 };
  for (const deal of source.all('deal').values()) {
    const closedAt = textIn(deal, 'closedAt');
    if (deal.ownerId !== actor.userId || deal['status'] !== 'won' || !isInWeek(closedAt)) continue;
    const amount = numberIn(deal, 'amount');
    sums.won += 1;
    sums.value +=
      amount === null ? 0 : (money.convert(amount, textIn(deal, 'currency'), (closedAt ?? '').slice(0, 10)) ?? 0);
  }
  for (const task of source.all('task').values())
    if (task['status'] === 'done' && task['completedBy'] === actor.userId && isInWeek(textIn(task, 'completedAt')))
      sums.tasks += 1;
  for (const activity of source.all('activity').values())
    if (activity.ownerId === actor.userId && isInWeek(textIn(activity, 'occurredAt'))) sums.activities += 1;
  if (sums.won + sums.tasks + sums.activities === 0) return null;
  const words = await wordsFor(reader);
  const { t } = words;
  const line = (title: string, text: string): Line => ({ title, text, link: null });
  const lines = [
    line(
      t('notifications.mail.won', { count: sums.won }),
      sums.value === 0 ? '' : words.money(sums.value, money.homeCurrency),
    ),
    line(t('notifications.mail.tasksDone', { count: sums.tasks }), ''),
    line(t('notifications.mail.logged', { count: sums.activities }), ''),
  ];
  return letterOf(
    t('notifications.mail.weeklySubject'),
    t('notifications.mail.weekly', { day: words.day(addDays(monday, -7)) }),
    lines,
    t('notifications.mail.foot'),
  );
}
