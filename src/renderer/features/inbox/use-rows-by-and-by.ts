import { useEffect, useMemo, useRef, useState } from 'react';

interface Group<Item> {
  readonly key: string;
  readonly items: readonly Item[];
}

const AT_ONCE = 30;
/** So many rows stand below the chosen one. */
const AHEAD = 20;

function firstRows<Item, G extends Group<Item>>(groups: readonly G[], rows: number) {
  let left = rows;
  const visible: (G & { readonly count: number })[] = [];
  for (const group of groups) {
    if (left > 0) visible.push({ ...group, items: group.items.slice(0, left), count: group.items.length });
    left -= group.items.length;
  }
  return visible;
}

/**
 * The first rows of long groups, and more of them when the end is looked at or the keyboard comes near it. `count` is that of
 * the whole group; put `end` below the rows.
 */
export function useRowsByAndBy<Item, G extends Group<Item>>(groups: readonly G[], place: number) {
  const [limit, setLimit] = useState(AT_ONCE);
  const end = useRef<HTMLDivElement>(null);
  const rows = Math.max(limit, place + AHEAD);
  const total = groups.reduce((sum, { items }) => sum + items.length, 0);
  const hasMore = total > rows;
  useEffect(() => {
    if (!hasMore || end.current === null) return undefined;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting === true) setLimit(rows + AT_ONCE);
      },
      { rootMargin: '600px' },
    );
    observer.observe(end.current);
    return () => observer.disconnect();
  }, [hasMore, rows]);
  const visible = useMemo(() => firstRows(groups, rows), [groups, rows]);
  return { visible, end };
}
