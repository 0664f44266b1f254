// A tile with its head: what it is called, what its figure means, and, while the dashboard is arranged, the handles to move
// and resize it by mouse or by keyboard.
import { draggable } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { ActionIcon, Tooltip } from '@mantine/core';
import { IconArrowsDiagonal, IconGripVertical, IconInfoCircle, IconX } from '@tabler/icons-react';
import { useEffect, useId, useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Tile } from '#shared/entities/dashboard/tiles.ts';
import classes from './dashboards.module.css';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What arranging means for the grid around. */
export interface TileMoves {
  /** A drag began at this distance from the tile's corner. */
  readonly onDrag: (pointer: Point, grab: Point) => void;
  readonly onResize: (pointer: Point) => void;
  readonly onDrop: () => void;
  readonly onCancel: () => void;
  readonly onKey: (event: KeyboardEvent) => void;
  readonly onRemove: () => void;
}

export function TileFrame(props: {
  readonly tile: Tile;
  readonly title: string;
  /** What the figure means; one hover or focus away. */
  readonly definition: string | null;
  /** Null while the dashboard is only looked at. */
  readonly moves: TileMoves | null;
  readonly isCarried: boolean;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  const { tile, title, definition, moves, isCarried } = props;
  const titleId = useId();
  const frame = useRef<HTMLElement>(null);
  const { handle, resize } = useHandles(frame, moves);
  return (
    <section
      ref={frame}
      className={classes.tile}
      aria-labelledby={titleId}
      data-tile={tile.kind}
      data-carried={isCarried}
      style={{
        gridColumn: `${String(tile.x + 1)} / span ${String(tile.w)}`,
        gridRow: `${String(tile.y + 1)} / span ${String(tile.h)}`,
        ...({ '--rows': tile.h } as object),
      }}
      data-size={tile.kind === 'number' ? 'small' : 'large'}
    >
      <header className={classes.tileHead}>
        {moves === null ? null : (
          <ActionIcon
            ref={handle}
            size="sm"
            className={classes.handle}
            aria-label={t('dashboards.arrange.move', { title })}
            aria-pressed={isCarried}
            onKeyDown={moves.onKey}
            onBlur={isCarried ? moves.onDrop : undefined}
          >
            <IconGripVertical size={15} />
          </ActionIcon>
        )}
        <h2 className={classes.tileTitle} id={titleId}>
          {title}
        </h2>
        {definition === null ? null : (
          <Tooltip label={definition} multiline w={280} events={{ hover: true, focus: true, touch: true }}>
            <ActionIcon
              size="sm"
              aria-label={t('dashboards.definition', { title, definition })}
              className={classes.info}
            >
              <IconInfoCircle size={14} />
            </ActionIcon>
          </Tooltip>
        )}
        {moves === null ? null : (
          <ActionIcon size="sm" aria-label={t('dashboards.arrange.remove', { title })} onClick={moves.onRemove}>
            <IconX size={14} />
          </ActionIcon>
        )}
      </header>
      <div className={classes.tileBody}>{props.children}</div>
      {moves === null ? null : (
        <div ref={resize.ref} className={classes.resize} aria-hidden {...resize.events}>
          <IconArrowsDiagonal size={13} />
        </div>
      )}
    </section>
  );
}

/** Dragging by the handle (a native drag, its picture is the tile in its new place) and resizing by the corner. */
function useHandles(frame: React.RefObject<HTMLElement | null>, moves: TileMoves | null) {
  const handle = useRef<HTMLButtonElement>(null);
  const ref = useRef<HTMLDivElement>(null);
  const current = useRef(moves);
  useEffect(() => {
    current.current = moves;
  });
  const isArranging = moves !== null;
  useEffect(() => {
    const [element, dragHandle] = [frame.current, handle.current];
    if (!isArranging || element === null || dragHandle === null) return;
    let grab: Point = { x: 0, y: 0 };
    function moveTo({ clientX, clientY }: { readonly clientX: number; readonly clientY: number }): void {
      // The last event of a drag that ends outside has no place.
      if (clientX !== 0 || clientY !== 0) current.current?.onDrag({ x: clientX, y: clientY }, grab);
    }
    return draggable({
      element,
      dragHandle,
      getInitialData: () => ({ [TILE_KEY]: true }),
      onGenerateDragPreview({ location }) {
        const box = element.getBoundingClientRect();
        const { clientX, clientY } = location.current.input;
        grab = { x: clientX - box.left, y: clientY - box.top };
      },
      onDrag: ({ location }) => moveTo(location.current.input),
      onDrop({ location }) {
        if (location.current.dropTargets.length === 0) {
          current.current?.onCancel();
          return;
        }
        // Moves are told once a frame: where it is let go may not have been told.
        moveTo(location.current.input);
        current.current?.onDrop();
      },
    });
  }, [frame, isArranging]);

  const events = {
    onPointerDown(event: PointerEvent) {
      event.preventDefault();
      ref.current?.setPointerCapture(event.pointerId);
    },
    onPointerMove(event: PointerEvent) {
      if (ref.current?.hasPointerCapture(event.pointerId) === true)
        current.current?.onResize({ x: event.clientX, y: event.clientY });
    },
    onPointerUp(event: PointerEvent) {
      if (ref.current?.hasPointerCapture(event.pointerId) !== true) return;
      ref.current.releasePointerCapture(event.pointerId);
      current.current?.onDrop();
    },
    onPointerCancel: () => current.current?.onCancel(),
  };
  return { handle, resize: { ref, events } };
}

/** Marks what is dragged as a tile: other drags do not land on a dashboard. */
export const TILE_KEY = 'outpost-tile';
