import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { toLocalDay } from '#renderer/app/format/local-day.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import { useIsFirstSync } from '#renderer/blocks/use-first-sync.ts';
import { useOwnName } from '#renderer/blocks/use-own-name.ts';
import { recordTitle } from '#renderer/blocks/record-title.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { LiveFeed } from '#renderer/features/home/live-feed.tsx';
import { NewMail } from '#renderer/features/home/new-mail.tsx';
import { MyGoals } from '#renderer/features/home/my-goals.tsx';
import { MyDay } from '#renderer/features/home/my-day.tsx';
import { MyNumbers } from '#renderer/features/home/my-numbers.tsx';
import { TeamFeed } from '#renderer/features/home/team-feed.tsx';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Page } from '#renderer/ui/page.tsx';
import { Panel } from '#renderer/ui/panel.tsx';
import { Pill } from '#renderer/ui/pill.tsx';
import { entities } from '#shared/entities/registry.ts';
import classes from './home.module.css';

/** My day: what is due, what changed while I was away, where my pipeline stands. */
export function HomeScreen() {
  const { t } = useTranslation();
  const format = useFormat();
  const session = useAppSelector((state) => state.device.session);
  const ownName = useOwnName();
  const [today] = useState(() => toLocalDay(new Date()));
  if (session?.status !== 'signedIn') return null;
  const { actor } = session;
  return (
    <Page title={t('home.greeting', { name: ownName.split(' ')[0] })} subtitle={format.longDay(today)}>
      <MyNumbers actor={actor} />
      <div className={classes.columns}>
        <MyDay actor={actor} />
        <div className={classes.stack}>
          <MyGoals actor={actor} />
          <NewMail />
          <LiveFeed />
          <TeamFeed />
          <Changes />
        </div>
      </div>
    </Page>
  );
}

function Changes() {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const upToDateAt = useAppSelector((state) => state.device.sync?.upToDateAt ?? null);
  // The moment this window opened divides "then" from "now": the list must not shrink while it is being read.
  const [since] = useState(() => sinceOf(upToDateAt));
  const isFirstSync = useIsFirstSync();
  const { data } = useLive('changedSince', { since, limit: 12 });
  return (
    <Panel
      title={t('home.changes')}
      actions={<span className="op-muted">{t('home.changesSince', { when: format.ago(since) })}</span>}
      isFlush
    >
      {data?.rows.length === 0 && !isFirstSync ? (
        <EmptyState
          icon={<IconRefresh size={28} stroke={1.4} />}
          title={t('home.noChanges')}
          text={t('home.noChangesText')}
        />
      ) : null}
      <ul className={classes.list}>
        {(data?.rows ?? []).map((row) => {
          const definition = entities[row.kind];
          const path = pathOfRecord(row.kind, row.id);
          const title = recordTitle(row);
          const by = row.updatedBy === null ? '' : (data?.labels[row.updatedBy] ?? '');
          return (
            <li key={row.id} className={classes.row}>
              <Pill>{names.entity(definition)}</Pill>
              {path === null ? (
                <span className={classes.title}>{title}</span>
              ) : (
                <Link className={classes.title} to={path}>
                  {title}
                </Link>
              )}
              <span className={classes.context}>
                {[by, format.ago(row.updatedAt)].filter((part) => part !== '').join(' · ')}
              </span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

const LAST_SEEN_KEY = 'outpost.lastSeen';
const DAY_MS = 86_400_000;

/** End of the previous sitting at this computer, or yesterday on the first one. */
function sinceOf(upToDateAt: string | null): string {
  const stored =
    sessionStorage.getItem(LAST_SEEN_KEY) ??
    localStorage.getItem(LAST_SEEN_KEY) ??
    new Date(Date.now() - DAY_MS).toISOString();
  sessionStorage.setItem(LAST_SEEN_KEY, stored);
  localStorage.setItem(LAST_SEEN_KEY, upToDateAt ?? new Date().toISOString());
  return stored;
}
