// The tiles of a dashboard in their places. While it is arranged, a tile that is dragged, resized or carried by keyboard
// makes room at once; nothing is saved before it is let go, and Escape leaves everything as it was.
import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { VisuallyHidden } from '@mantine/core';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive } from '#renderer/data/use-data.ts';
import { useMetricWords } from '#renderer/features/dashboards/metric-words.ts';
import { metricsQueryOf } from '#renderer/features/dashboards/metrics-query.ts';
import { TileContent } from '#renderer/features/dashboards/tile-content.tsx';
import { TILE_KEY, TileFrame, type Point, type TileMoves } from '#renderer/features/dashboards/tile-frame.tsx';
import { useTileTitle } from '#renderer/features/dashboards/use-tile-title.ts';
import { GRID_COLUMNS, placeTile, type Box } from '#shared/analytics/dashboard-layout.ts';
import type { Tile } from '#shared/entities/dashboard/tiles.ts';
import classes from './dashboards.module.css';
import type { MetricFilter } from '#shared/analytics/metrics/metric-question.ts';

const GAP = 12;
const ROW = 56;

export function useMetricsOf(tiles: readonly Tile[], filters: MetricFilter) {
  return useLive('metrics', metricsQueryOf(tiles, filters));
}

const steps: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

interface Carried {
  readonly id: string;
  readonly tiles: readonly Tile[];
  readonly isByKey: boolean;
}

export function DashboardGrid(props: {
  readonly tiles: readonly Tile[];
  readonly filters: MetricFilter;
  readonly isArranging: boolean;
  readonly onArrange: (tiles: readonly Tile[], kind: 'moved' | 'removed') => void;
}) {
  const { t } = useTranslation();
  const { tiles, filters, isArranging, onArrange } = props;
  const words = useMetricWords();
  const titleOf = useTileTitle(words);
  const { data } = useMetricsOf(tiles, filters);
  const [carried, drawCarried] = useState<Carried | null>(null);
  // A drop comes with the last move, before that is drawn: what is saved is where the tile was moved to, not where it was seen.
  const latest = useRef<Carried | null>(null);
  function setCarried(next: Carried | null): void {
    latest.current = next;
    drawCarried(next);
  }
  const [said, say] = useState('');
  const grid = useRef<HTMLDivElement>(null);
  const shown = carried?.tiles ?? tiles;

  useEffect(() => {
    const element = grid.current;
    if (element === null || !isArranging) return;
    return dropTargetForElements({ element, canDrop: ({ source }) => source.data[TILE_KEY] === true });
  }, [isArranging]);

  function toCell({ x, y }: Point): { readonly column: number; readonly row: number } {
    const box = grid.current?.getBoundingClientRect();
    if (box === undefined) return { column: 0, row: 0 };
    const width = (box.width + GAP) / GRID_COLUMNS;
    return { column: (x - box.left) / width, row: (y - box.top) / (ROW + GAP) };
  }

  function change(id: string, box: Partial<Box>, isByKey: boolean): void {
    // From where everything lay: a drag over half the board leaves no trail.
    const from = isByKey ? (latest.current?.tiles ?? tiles) : tiles;
    const next = placeTile(from, id, box);
    setCarried({ id, tiles: next, isByKey });
    const now = next.find((tile) => tile.id === id);
    if (isByKey && now !== undefined) {
      say(t('dashboards.arrange.at', { column: now.x + 1, row: now.y + 1, width: now.w, height: now.h }));
    }
  }

  function drop(): void {
    const dropped = latest.current;
    if (dropped === null) return;
    setCarried(null);
    if (dropped.tiles !== tiles) onArrange(dropped.tiles, 'moved');
  }

  function onKey(event: KeyboardEvent, tile: Tile): void {
    const isCarried = latest.current?.id === tile.id;
    if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault();
      if (isCarried) {
        say(t('dashboards.arrange.dropped'));
        drop();
      } else {
        setCarried({ id: tile.id, tiles, isByKey: true });
        say(t('dashboards.arrange.lifted'));
      }
      return;
    }
    if (!isCarried) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      setCarried(null);
      say(t('dashboards.arrange.cancelled'));
      return;
    }
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const [dx, dy] = step;
    const { x, y, w, h } = latest.current?.tiles.find(({ id }) => id === tile.id) ?? tile;
    change(tile.id, event.shiftKey ? { w: w + dx, h: h + dy } : { x: x + dx, y: y + dy }, true);
  }

  function movesOf(tile: Tile): TileMoves {
    return {
      onDrag(pointer, grab) {
        const { column, row } = toCell({ x: pointer.x - grab.x, y: pointer.y - grab.y });
        change(tile.id, { x: column, y: row }, false);
      },
      onResize(pointer) {
        const { column, row } = toCell(pointer);
        const { x, y } = tiles.find(({ id }) => id === tile.id) ?? tile;
        change(tile.id, { w: Math.min(column, GRID_COLUMNS) - x, h: row - y }, false);
      },
      onDrop: drop,
      onCancel: () => setCarried(null),
      onKey: (event) => onKey(event, tile),
      onRemove: () =>
        onArrange(
          tiles.filter(({ id }) => id !== tile.id),
          'removed',
        ),
    };
  }

  // In reading order for keyboard and ear, wherever they lie. The order stays while one is carried: an element that moves
  // within the page loses the focus and ends its drag.
  const ordered = useMemo(() => {
    const boxes = new Map(shown.map((tile) => [tile.id, tile]));
    return tiles.toSorted((a, b) => a.y - b.y || a.x - b.x).map((tile) => boxes.get(tile.id) ?? tile);
  }, [tiles, shown]);
  return (
    <div className={classes.container}>
      <VisuallyHidden role="status" aria-live="polite">
        {said}
      </VisuallyHidden>
      {data !== undefined && data.withoutRate > 0 ? (
        <p className={classes.notice}>
          {t('dashboards.withoutRate', { count: data.withoutRate, currency: data.currency })}
        </p>
      ) : null}
      <div ref={grid} className={classes.grid} data-testid="dashboard" data-arranging={isArranging}>
        {ordered.map((tile) => {
          const title = titleOf(tile);
          return (
            <TileFrame
              key={tile.id}
              tile={tile}
              title={title}
              definition={'metric' in tile ? words.definition(tile.metric) : null}
              moves={isArranging ? movesOf(tile) : null}
              isCarried={carried?.id === tile.id}
            >
              <TileContent tile={tile} title={title} filters={filters} result={data} words={words} />
            </TileFrame>
          );
        })}
      </div>
    </div>
  );
}
