// The events of a timeline, drawn where they are in sight: a list of five thousand costs what a screenful does. It scrolls
// with the page it stands on.
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat, type Format } from '#renderer/app/format/format.ts';
import type { TimelineResult } from '#renderer/data/data-contract.ts';
import type { EventWords } from '#renderer/features/records/timeline/event-parts.ts';
import { EventRow } from '#renderer/features/records/timeline/event-row.tsx';
import { toLocalDay } from '#shared/kernel/local-day.ts';
import classes from './timeline.module.css';

const ROW_HEIGHT = 54;
const DAY_HEIGHT = 34;
const OVERSCAN = 8;
/** Events are asked for in such steps, so that scrolling a little asks nothing. */
export const STEP = 100;

type Row = { readonly day: string; readonly count: number } | { readonly place: number };

function toRows(days: TimelineResult['days']): readonly Row[] {
  const rows: Row[] = [];
  let place = 0;
  for (const { day, count } of days) {
    rows.push({ day, count });
    for (let index = 0; index < count; index += 1) rows.push({ place: place++ });
  }
  return rows;
}

function scrollerOf(element: HTMLElement | null): HTMLElement | null {
  for (let above = element?.parentElement ?? null; above !== null; above = above.parentElement)
    if (/auto|scroll/.test(getComputedStyle(above).overflowY)) return above;
  return null;
}

/** Where the list begins within what scrolls: panels above it come, go and grow. */
function useScroller() {
  const list = useRef<HTMLOListElement>(null);
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const [margin, setMargin] = useState(0);
  useLayoutEffect(() => {
    const found = scrollerOf(list.current);
    setScroller(found);
    if (found === null) return;
    const measure = (): void => {
      const [outer, inner] = [found.getBoundingClientRect(), list.current?.getBoundingClientRect()];
      if (inner !== undefined) setMargin(Math.round(inner.top - outer.top + found.scrollTop));
    };
    measure();
    const observer = new ResizeObserver(measure);
    for (const child of found.querySelectorAll('section, header')) observer.observe(child);
    if (found.firstElementChild !== null) observer.observe(found.firstElementChild);
    return () => observer.disconnect();
  }, []);
  return { list, scroller, margin };
}

function dayText(format: Format, words: { today: string; yesterday: string }, day: string): string {
  const now = new Date();
  if (day === toLocalDay(now)) return words.today;
  if (day === toLocalDay(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1))) return words.yesterday;
  return day.startsWith(String(now.getFullYear())) ? format.longDay(day) : format.day(day);
}

export function TimelineList(props: {
  readonly data: TimelineResult;
  readonly words: EventWords;
  readonly subjectId: string;
  readonly onRange: (offset: number) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, onRange } = props;
  const { list, scroller, margin } = useScroller();
  const rows = useMemo(() => toRows(data.days), [data.days]);
  // The first drawing is of what is seen; what scrolling meets next is drawn when there is time.
  const [overscan, setOverscan] = useState(0);
  useEffect(() => {
    const idle = requestIdleCallback(() => setOverscan(OVERSCAN));
    return () => cancelIdleCallback(idle);
  }, []);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller,
    estimateSize: (index) => (rows[index] !== undefined && 'day' in rows[index] ? DAY_HEIGHT : ROW_HEIGHT),
    scrollMargin: margin,
    overscan,
  });
  const items = virtualizer.getVirtualItems();
  const places = items.flatMap(({ index }) => {
    const row = rows[index];
    return row !== undefined && 'place' in row ? [row.place] : [];
  });
  const [first, last] = [places[0] ?? 0, places.at(-1) ?? 0];
  useEffect(() => {
    const isCovered = first >= data.offset && last < data.offset + data.events.length;
    if (!isCovered) onRange(Math.max(0, (Math.floor(first / STEP) - 1) * STEP));
  }, [first, last, data.offset, data.events.length, onRange]);
  const words = { today: t('timeline.today'), yesterday: t('timeline.yesterday') };

  return (
    <ol
      ref={list}
      className={classes.list}
      style={{ height: virtualizer.getTotalSize() }}
      aria-label={t('timeline.title')}
      data-total={data.total}
    >
      {items.map((item) => {
        const row = rows[item.index];
        if (row === undefined) return null;
        const event = 'place' in row ? data.events[row.place - data.offset] : undefined;
        return (
          <li
            key={event?.id ?? item.index}
            ref={virtualizer.measureElement}
            data-index={item.index}
            data-type={'day' in row ? undefined : (event?.kind ?? 'waiting')}
            data-day={'day' in row ? row.day : undefined}
            className={'day' in row ? classes.day : classes.entry}
            style={{ transform: `translateY(${String(item.start - margin)}px)` }}
          >
            {'day' in row ? (
              <h3 className={classes.dayName}>{dayText(format, words, row.day)}</h3>
            ) : event === undefined ? (
              <span className={classes.waiting} aria-hidden />
            ) : (
              <EventRow event={event} words={props.words} subjectId={props.subjectId} />
            )}
          </li>
        );
      })}
    </ol>
  );
}
