// When a report is sent, in words.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { nextDue, ruleOf } from '#shared/analytics/schedule-rule.ts';
import { isTimeZone } from '#shared/analytics/time-zone.ts';
import { toInstant } from '#shared/kernel/calendar.ts';

export interface ScheduleWords {
  weekdays: readonly string[];
  /** “every Monday at 07:00, Europe/Berlin”. */
  when(schedule: LocalRecord): string;
  /** The next time by the clock of this computer; null when it is paused. */
  next(schedule: LocalRecord): string | null;
}

export function useScheduleWords(): ScheduleWords {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  return useMemo(() => {
    const weekday = new Intl.DateTimeFormat(i18n.language, { weekday: 'long', timeZone: 'UTC' });
    // 1 January 2024 was a Monday.
    const weekdays = [1, 2, 3, 4, 5, 6, 7].map((day) => weekday.format(Date.UTC(2024, 0, day)));
    return {
      weekdays,
      when(schedule) {
        const { frequency, weekday: day, dayOfMonth, minutes, timeZone } = ruleOf(schedule);
        const pad = (part: number): string => String(part).padStart(2, '0');
        const time = `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
        const values = { time, weekday: weekdays[day - 1] ?? '', day: dayOfMonth };
        return `${t(`schedules.when.${frequency}`, values)}, ${timeZone}`;
      },
      next(schedule) {
        const rule = ruleOf(schedule);
        if (schedule['isActive'] === false || !isTimeZone(rule.timeZone)) return null;
        return format.instant(toInstant(nextDue(rule, Date.now())));
      },
    };
  }, [t, i18n.language, format]);
}
