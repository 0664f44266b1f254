import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { pathOfRecord } from '#renderer/blocks/record-paths.ts';
import { useStageLabels } from '#renderer/blocks/use-pipelines.ts';
import { keyOf, type Described, type Place } from '#renderer/blocks/use-titles.ts';
import { entities, entityOf } from '#shared/entities/registry.ts';
import type { LiveEvent, MaintenanceEvent } from '#shared/live/live-events.ts';

/** What an event says to this person. */
export interface EventSentence {
  /** What happened, without the record and the person. */
  readonly what: string;
  /** The record; empty for the server. */
  readonly title: string;
  readonly path: string | null;
  /** Who did it; empty when that is not known. */
  readonly who: string;
}

const inbox: Place['coll'] = 'inbox';

/** The record an event is shown with; null for one about a person or the server. */
export function placeOfEvent(event: LiveEvent): Place | null {
  if ('taskId' in event) return { coll: entities.task.collection, id: event.taskId };
  if ('dealId' in event) return { coll: entities.deal.collection, id: event.dealId };
  if (!('subjectId' in event)) return null;
  return { coll: entityOf(event.subjectEntity)?.collection ?? inbox, id: event.subjectId };
}

/** Everybody an event names, as places in the directory. */
export function peopleOfEvent(event: LiveEvent): readonly Place[] {
  const ids = [
    'actorId' in event ? event.actorId : null,
    'assigneeId' in event ? event.assigneeId : null,
    'ownerId' in event ? event.ownerId : null,
  ];
  return ids.flatMap((id) => (id === null ? [] : [{ coll: entities.user.collection, id }]));
}

/** Null for an event about something that is not here: nobody is told of it. */
export function useEventSentence(): (event: LiveEvent, titles: ReadonlyMap<string, Described>) => EventSentence | null {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useNames();
  const stages = useStageLabels();
  const viewerId = useAppSelector(({ device: { session } }) =>
    session?.status === 'signedIn' ? session.actor.userId : null,
  );
  return useCallback(
    (event, titles) => {
      const nameOf = (id: string | null): string =>
        id === null ? '' : (titles.get(keyOf({ coll: entities.user.collection, id }))?.title ?? '');
      const receiver = (id: string | null): string =>
        id === viewerId ? t('events.you') : nameOf(id) || t('common.notAvailable');

      function maintenanceText(event: MaintenanceEvent): string {
        switch (event.state) {
          case 'announced':
            return t('events.maintenanceAnnounced', {
              from: format.instant(event.from),
              until: format.instant(event.until),
              text: event.text,
            });
          case 'cancelled':
            return t('events.maintenanceCancelled');
          case 'started':
            return t('events.maintenanceStarted');
          case 'ended':
            return t('events.maintenanceEnded');
        }
      }

      function whatOf(): string {
        switch (event.type) {
          case 'task.assigned':
            return t('events.taskAssigned', { to: receiver(event.assigneeId) });
          case 'task.completed':
            return t('events.taskCompleted');
          case 'task.updated':
            return t('events.taskUpdated', {
              fields: event.fields.map((field) => names.field(entities.task, field)).join(', '),
            });
          case 'opportunity.stage_changed':
            return t('events.stageChanged', { stage: stages[event.toStageId] ?? '' });
          case 'opportunity.value_updated':
            return event.toAmount === null
              ? t('events.valueCleared')
              : t('events.valueUpdated', { amount: format.money(event.toAmount, event.currency ?? 'EUR') });
          case 'opportunity.assigned':
            return t('events.dealAssigned', { to: receiver(event.ownerId) });
          case 'notification.new':
            return t(event.subjectEntity === 'announcement' ? 'events.announced' : 'events.notificationNew');
          case 'notification.read':
            return t('events.notificationRead');
          case 'system.maintenance':
            return maintenanceText(event);
          case 'user.online':
            return t('presence.online');
          case 'user.offline':
            return t('presence.offline');
        }
      }

      const place = placeOfEvent(event);
      if (place === null) return { what: whatOf(), title: '', path: null, who: '' };
      // Of marks there is nothing to tell: the inbox shows what is read.
      if ('subjectEntity' in event && event.subjectEntity === 'notificationMark') return null;
      const record = titles.get(keyOf(place));
      if (record === undefined) return null;
      const isAnnounced = 'subjectEntity' in event && event.subjectEntity === 'announcement';
      const path = isAnnounced
        ? '/inbox'
        : event.type === 'notification.new'
          ? '/attention'
          : pathOfRecord(record.entity, record.id);
      return { what: whatOf(), title: record.title, path, who: 'actorId' in event ? nameOf(event.actorId) : '' };
    },
    [t, format, names, stages, viewerId],
  );
}
