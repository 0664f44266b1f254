import {
  IconArrowRight,
  IconArrowsSplit2,
  IconCalendarEvent,
  IconCheckbox,
  IconCircleCheck,
  IconMail,
  IconMailbox,
  IconMessage,
  IconNote,
  IconPaperclip,
  IconPencil,
  IconPhone,
  IconPresentation,
  IconSparkles,
  IconTransform,
} from '@tabler/icons-react';
import { createElement, memo, type ComponentType } from 'react';
import { Link } from 'react-router';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import {
  betweenWhom,
  changedFieldsOf,
  eventTitle,
  type EventWords,
} from '#renderer/features/records/timeline/event-parts.ts';
import { MailEvent } from '#renderer/features/records/timeline/mail-event.tsx';
import { senderOf } from '#renderer/features/records/timeline/mail-parts.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { EventKind, TimelineEvent } from '#shared/timeline/timeline-event.ts';
import classes from './timeline.module.css';

const icons: Readonly<Record<EventKind, ComponentType<{ size?: number }>>> = {
  call: IconPhone,
  meeting: IconCalendarEvent,
  email: IconMail,
  note: IconNote,
  comment: IconMessage,
  task: IconCheckbox,
  stage: IconArrowRight,
  change: IconPencil,
  file: IconPaperclip,
  created: IconSparkles,
  conversion: IconTransform,
  conflict: IconArrowsSplit2,
};

function iconOf({ kind, record }: TimelineEvent): ComponentType<{ size?: number }> {
  if (record['activityType'] === 'demo') return IconPresentation;
  if (record['activityType'] === 'letter') return IconMailbox;
  return kind === 'task' && record['status'] === 'done' ? IconCircleCheck : icons[kind];
}

/** How long something took, as people say it. */
function durationText({ t }: EventWords, minutes: unknown): string {
  if (typeof minutes !== 'number' || minutes <= 0) return '';
  if (minutes < 60) return t('timeline.minutes', { count: minutes });
  const rest = minutes % 60;
  const hours = Math.floor(minutes / 60);
  return rest === 0 ? t('timeline.hours', { count: hours }) : t('timeline.hoursMinutes', { hours, minutes: rest });
}

function factsOf(words: EventWords, event: TimelineEvent<LocalRecord>): readonly string[] {
  const { t, names, labels, definitions, format } = words;
  const { record } = event;
  const facts = [labels[event.actorId ?? ''] ?? '', format.time(event.at)];
  if (record.kind === 'activity') {
    const outcome = textOf(record['outcome']);
    if (outcome !== '') facts.push(names.option(definitions.activity, 'outcome', outcome));
    facts.push(durationText(words, record['durationMinutes']));
    const guests = Array.isArray(record['participantIds']) ? record['participantIds'] : [];
    const named = guests.flatMap((id) => labels[String(id)] ?? []);
    if (named.length > 0) facts.push(t('timeline.with', { names: named.join(', ') }));
  }
  if (record.kind === 'mailMessage') {
    const count = record['attachmentCount'];
    facts.unshift(betweenWhom(words, event));
    if (typeof count === 'number' && count > 0) facts.push(t('timeline.mailAttachments', { count }));
    if (event.content === undefined) facts.push(t('timeline.mailUnread'));
  }
  if (event.source !== 'user' && event.kind !== 'conflict') facts.push(t(`timeline.sources.${event.source}`));
  return facts.filter((fact) => fact !== '');
}

export const EventRow = memo(function EventRow(props: {
  readonly event: TimelineEvent<LocalRecord>;
  readonly words: EventWords;
  /** The record whose page this is. */
  readonly subjectId: string;
}) {
  const { event, words } = props;
  const { record, about } = event;
  const path = record.kind === 'activity' || record.kind === 'task' ? pathOfRecord(record.kind, record.id) : null;
  const body = record.kind === 'activity' || record.kind === 'comment' ? textOf(record['body']) : '';
  // An entry of a deal's history says it all in its title.
  const changed = event.kind === 'change' && record.kind !== 'stageChange' ? changedFieldsOf(words, event) : [];
  const aboutName = about.id === props.subjectId ? undefined : words.labels[about.id];
  const aboutPath = pathOfRecord(about.entity, about.id);
  const title = eventTitle(words, event);
  return (
    <>
      <span className={classes.icon} aria-hidden>
        {createElement(iconOf(event), { size: 14 })}
      </span>
      <div className={classes.body}>
        <div className={classes.title}>
          {path === null ? <span>{title}</span> : <Link to={path}>{title}</Link>}
          <PendingMark pending={record.pending} />
        </div>
        {body === '' ? null : <p className={classes.text}>{body}</p>}
        {event.content === undefined ? null : <MailEvent content={event.content} from={senderOf(record)} />}
        {changed.length > 1 ? (
          <dl className={classes.changes}>
            {changed.map(({ label, from, to }) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>
                  <span className={classes.before}>{from}</span> → {to}
                </dd>
              </div>
            ))}
          </dl>
        ) : null}
        <div className={classes.meta}>
          {factsOf(words, event).join(' · ')}
          {aboutName === undefined ? null : (
            <>
              {' · '}
              {aboutPath === null ? aboutName : <Link to={aboutPath}>{aboutName}</Link>}
            </>
          )}
        </div>
      </div>
    </>
  );
});
