// What happens while one looks: changes of colleagues in a sentence each, newest first. It is there only when there is
// something, and says nothing of a record that is not here.
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { peopleOfEvent, placeOfEvent, useEventSentence } from '#renderer/blocks/use-event-sentence.ts';
import { useTitles } from '#renderer/blocks/use-titles.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import type { LiveEvent } from '#shared/live/live-events.ts';
import classes from './home.module.css';

const SHOWN = 8;
/** Coming and going is shown where people are, not told one by one. */
const isTold = ({ type }: LiveEvent): boolean => type !== 'user.online' && type !== 'user.offline';

function useRecentEvents(): readonly LiveEvent[] {
  const [events, setEvents] = useState<readonly LiveEvent[]>([]);
  useEffect(() => {
    let isStopped = false;
    const stop = getBridge().on('events.changed', ({ recent }) => setEvents(recent));
    void invokeMain(getBridge(), 'events.recent', {}).then((recent) => {
      if (!isStopped) setEvents(recent);
    });
    return () => {
      isStopped = true;
      stop();
    };
  }, []);
  return events;
}

export function LiveFeed() {
  const { t } = useTranslation();
  const format = useFormat();
  const events = useRecentEvents().filter(isTold).slice(0, SHOWN);
  const titles = useTitles(events.flatMap((event) => [placeOfEvent(event) ?? [], ...peopleOfEvent(event)].flat()));
  const sentenceOf = useEventSentence();
  const lines = events.flatMap((event) => {
    const sentence = sentenceOf(event, titles);
    return sentence === null ? [] : [{ event, sentence }];
  });
  if (lines.length === 0) return null;
  return (
    <Panel title={t('events.title')} isFlush>
      <ul className={classes.list} data-testid="live-feed">
        {lines.map(({ event, sentence: { what, title, path, who } }) => (
          <li key={event.id} className={`${classes.row ?? ''} ${classes.told ?? ''}`} data-event={event.type}>
            <span className={classes.title}>
              {path === null ? title : <Link to={path}>{title}</Link>} {what}
            </span>
            <span className={classes.context}>
              {[who, format.ago(event.at)].filter((part) => part !== '').join(' · ')}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
