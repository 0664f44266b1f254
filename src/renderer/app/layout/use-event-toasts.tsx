// A word in the corner when somebody gives this person something to do. Everything else that happens is on Home for whoever
// wants to know.
import { notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { UnstyledButton } from '@mantine/core';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { peopleOfEvent, placeOfEvent, useEventSentence } from '#renderer/blocks/use-event-sentence.ts';
import { keyOf } from '#renderer/blocks/use-titles.ts';
import { getBridge } from '#renderer/data/bridge.ts';
import { useRequest } from '#renderer/data/use-data.ts';
import type { LiveEvent } from '#shared/live/live-events.ts';
import classes from './use-event-toasts.module.css';

/** More at once are found on Home: a pile of messages is read by nobody. */
const MOST_AT_ONCE = 3;

function isForMe(event: LiveEvent, viewerId: string): boolean {
  if (event.type === 'task.assigned') return event.assigneeId === viewerId && event.actorId !== viewerId;
  if (event.type === 'opportunity.assigned') return event.ownerId === viewerId && event.actorId !== viewerId;
  return event.type === 'system.maintenance';
}

export function useEventToasts(): void {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const request = useRequest();
  const sentenceOf = useEventSentence();
  const viewerId = useAppSelector(({ device: { session } }) =>
    session?.status === 'signedIn' ? session.actor.userId : '',
  );
  useEffect(() => {
    async function tell(event: LiveEvent): Promise<void> {
      const places = [placeOfEvent(event) ?? [], ...peopleOfEvent(event)].flat();
      const found = await request('describePlaces', { places });
      const sentence = sentenceOf(event, new Map(found.map((record) => [keyOf(record), record])));
      if (sentence === null) return;
      const { title, what, path, who } = sentence;
      const text = [title, what].filter((part) => part !== '').join(' ');
      notifications.show({
        title: who === '' ? undefined : who,
        message:
          path === null ? (
            text
          ) : (
            <UnstyledButton className={classes.link} onClick={() => void navigate(path)}>
              {text}
            </UnstyledButton>
          ),
        autoClose: 7000,
        closeButtonProps: { 'aria-label': t('common.close') },
      });
    }
    return getBridge().on('events.changed', ({ fresh }) => {
      const mine = fresh.filter((event) => isForMe(event, viewerId)).slice(-MOST_AT_ONCE);
      for (const event of mine) void tell(event);
    });
  }, [request, sentenceOf, navigate, t, viewerId]);
}
