import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import type { Notification } from '#shared/notifications/notification.ts';
import { wordNotification, type WordedNotification } from '#shared/notifications/word-notification.ts';
import type { Labels } from '#shared/query/live-answer.ts';

/** Says what a notification means, with the names the reader may see now. */
export function useNotificationWords(labels: Labels): (notification: Notification) => WordedNotification {
  const { t } = useTranslation();
  const format = useFormat();
  return useMemo(() => {
    const words = {
      t: (key: string | string[], values?: Readonly<Record<string, unknown>>) => t(key, { ...values }),
      person: (id: string) => labels[id] ?? '',
      money: (minorUnits: number, currency: string) => format.money(minorUnits, currency),
      percent: (value: number) => format.percent(value),
      day: (day: string) => format.shortDay(day.slice(0, 10)),
      time: (instant: string) => format.time(instant),
    };
    return (notification) => wordNotification(notification, words);
  }, [t, format, labels]);
}
