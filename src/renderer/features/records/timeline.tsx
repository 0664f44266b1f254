import { Button } from '@mantine/core';
import {
  IconArrowRight,
  IconCalendarEvent,
  IconCheckbox,
  IconMail,
  IconNote,
  IconPhone,
  IconSparkles,
  IconArrowsSplit2,
  IconPaperclip,
  IconPencil,
} from '@tabler/icons-react';
import { createElement, useState, type ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import type { TimelineEntry } from '#renderer/data/data-contract.ts';
import { changeSentence } from '#renderer/features/records/change-sentence.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { isMoveEntry } from '#shared/entities/stage-change/changed-groups.ts';
import classes from './timeline.module.css';
import { textOf } from '#shared/kernel/text-of.ts';
import type { Labels } from '#shared/query/live-answer.ts';

const PAGE = 25;

const activityIcons: Readonly<Record<string, ComponentType<{ size?: number }>>> = {
  call: IconPhone,
  meeting: IconCalendarEvent,
  email: IconMail,
  note: IconNote,
};

export function Timeline(props: { readonly entity: EntityName; readonly id: string; readonly stageLabels: Labels }) {
  const { t } = useTranslation();
  const [limit, setLimit] = useState(PAGE);
  const { data } = useLive('timeline', { entity: props.entity, id: props.id, limit });
  const entries = data?.entries ?? [];
  return (
    <Panel title={t('timeline.title')}>
      {data !== undefined && entries.length === 0 ? (
        <EmptyState
          icon={<IconNote size={28} stroke={1.4} />}
          title={t('timeline.empty')}
          text={t('timeline.emptyText')}
        />
      ) : null}
      <ol className={classes.list}>
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} labels={{ ...props.stageLabels, ...data?.labels }} />
        ))}
      </ol>
      {entries.length >= limit ? (
        <Button variant="subtle" fullWidth onClick={() => setLimit(limit + PAGE)}>
          {t('timeline.more')}
        </Button>
      ) : null}
    </Panel>
  );
}

function iconOf(entry: TimelineEntry): ComponentType<{ size?: number }> {
  switch (entry.type) {
    case 'activity':
      return activityIcons[textOf(entry.record['activityType'])] ?? IconNote;
    case 'task':
      return IconCheckbox;
    case 'stage':
      return isMoveEntry(entry.record) ? IconArrowRight : IconPencil;
    case 'created':
      return IconSparkles;
    case 'conflict':
      return IconArrowsSplit2;
    case 'file':
      return IconPaperclip;
  }
}

function Entry(props: { readonly entry: TimelineEntry; readonly labels: Labels }) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const { entry, labels } = props;
  const { record } = entry;
  const stage = (id: unknown): string => (typeof id === 'string' ? (labels[id] ?? id) : '');
  // A move and a beginning are deeds: whoever did them stays named when the deal goes to somebody else.
  const isDeed = entry.type === 'stage' || entry.type === 'created';
  const people = isDeed ? [record.createdBy, record.ownerId] : [record.ownerId, record.createdBy];
  const person = people.map((id) => labels[id ?? '']).find((name) => name !== undefined) ?? '';

  function title() {
    switch (entry.type) {
      case 'stage':
        if (!isMoveEntry(record)) return changeSentence({ t, format, names, labels }, record);
        return record['fromStage'] === null || record['fromStage'] === undefined
          ? t('timeline.stageFirst', { to: stage(record['toStage']) })
          : t('timeline.stage', { from: stage(record['fromStage']), to: stage(record['toStage']) });
      case 'created':
        return t('timeline.created', { entity: names.entity(entities[record.kind]) });
      case 'task':
        return t(record['status'] === 'done' ? 'timeline.taskDone' : 'timeline.task', {
          subject: textOf(record['subject']),
        });
      case 'conflict':
        return t('timeline.conflict');
      case 'file':
        return t('timeline.file', { name: textOf(record['name']) });
      case 'activity':
        return (
          textOf(record['subject']) || names.option(entities.activity, 'activityType', textOf(record['activityType']))
        );
    }
  }
  const path = entry.type === 'activity' || entry.type === 'task' ? pathOfRecord(record.kind, record.id) : null;
  const body = entry.type === 'activity' ? record['body'] : undefined;
  const outcome =
    entry.type === 'activity' && typeof record['outcome'] === 'string'
      ? names.option(entities.activity, 'outcome', record['outcome'])
      : '';

  return (
    <li className={classes.entry} data-type={entry.type}>
      <span className={classes.icon} aria-hidden>
        {createElement(iconOf(entry), { size: 14 })}
      </span>
      <div className={classes.body}>
        <div className={classes.title}>
          {path === null ? title() : <Link to={path}>{title()}</Link>}
          <PendingMark pending={record.pending} />
        </div>
        {typeof body === 'string' && body !== '' ? <p className={classes.text}>{body}</p> : null}
        <div className={classes.meta}>
          {[person, outcome, format.instant(entry.at)].filter((part) => part !== '').join(' · ')}
        </div>
      </div>
    </li>
  );
}
