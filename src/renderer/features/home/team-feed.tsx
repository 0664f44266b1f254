// What colleagues did in the last days, as far as it is in sight: one line each, grouped by nothing, newest first.
import { IconUsers } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { PersonInitials } from '#renderer/blocks/person-initials.tsx';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import { useIsFirstSync } from '#renderer/blocks/use-first-sync.ts';
import { useLive } from '#renderer/data/use-data.ts';
import type { TeamFeedEntry } from '#renderer/data/data-contract.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { entities } from '#shared/entities/registry.ts';
import classes from './home.module.css';

const DAYS = 14;
const SHOWN = 10;

export function TeamFeed() {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const isFirstSync = useIsFirstSync();
  const { data } = useLive('teamFeed', { days: DAYS, limit: SHOWN });

  function whatOf({ type, detail, subject }: TeamFeedEntry): string {
    switch (type) {
      case 'activity':
        return t('teamFeed.activity', { type: names.option(entities.activity, 'activityType', detail) });
      case 'created':
        return t('teamFeed.created', { entity: names.entity(entities[subject.entity]) });
      case 'stage':
        return detail === '' ? t('teamFeed.moved') : t('teamFeed.stage', { stage: detail });
      case 'won':
      case 'lost':
      case 'task':
        return t(`teamFeed.${type}`);
    }
  }

  return (
    <Panel title={t('teamFeed.title')} isFlush>
      {data?.entries.length === 0 && !isFirstSync ? (
        <EmptyState
          icon={<IconUsers size={28} stroke={1.4} />}
          title={t('teamFeed.empty')}
          text={t('teamFeed.emptyText')}
        />
      ) : null}
      <ul className={classes.list} data-testid="team-feed">
        {(data?.entries ?? []).map((entry) => {
          const name = data?.labels[entry.actorId] ?? '';
          const path = pathOfRecord(entry.subject.entity, entry.subject.id);
          return (
            <li key={`${entry.type} ${entry.id}`} className={classes.row}>
              <PersonInitials userId={entry.actorId} name={name} size={20} />
              <span className={classes.title}>
                {path === null ? entry.title : <Link to={path}>{entry.title}</Link>}
              </span>
              <span className={classes.context}>{[whatOf(entry), format.ago(entry.at)].join(' · ')}</span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
