import { dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef, useState } from 'react';
import type { BoardCell, BoardResult, LocalRecord } from '#renderer/data/data-contract.ts';
import { BoardCardView, toDragged, type CardTools } from '#renderer/features/pipeline/board-card.tsx';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './board.module.css';
import type { Labels } from '#shared/query/live-answer.ts';

const CARD_HEIGHT = 96;
const OVERSCAN = 3;
/** Cards asked for around the visible ones, in steps, so that scrolling rarely asks. */
const RANGE_STEP = 20;

interface BoardColumnProps {
  readonly stage: BoardResult['stages'][number];
  readonly cellKey: string;
  readonly cell: BoardCell;
  readonly labels: Labels;
  readonly currency: string;
  readonly isLow: boolean;
  /** Cards say whose they are. */
  readonly hasOwners: boolean;
  /** The card of this column that was lifted by keyboard, and whether one of another column would be put down here. */
  readonly carriedId: string | null;
  readonly isTarget: boolean;
  readonly onRange: (cell: string, offset: number, limit: number) => void;
  readonly onDrop: (deal: LocalRecord, stageId: string) => void;
  readonly tools: CardTools;
}

/** Columns a change does not concern are not drawn anew; the functions are called in their newest form. */
export const BoardColumn = memo(
  DrawnColumn,
  (before, after) =>
    before.stage.id === after.stage.id &&
    before.stage.name === after.stage.name &&
    before.cellKey === after.cellKey &&
    before.cell === after.cell &&
    before.labels === after.labels &&
    before.currency === after.currency &&
    before.isLow === after.isLow &&
    before.hasOwners === after.hasOwners &&
    before.carriedId === after.carriedId &&
    before.isTarget === after.isTarget &&
    before.onRange === after.onRange &&
    before.onDrop === after.onDrop &&
    before.tools === after.tools,
);

function DrawnColumn(props: BoardColumnProps) {
  const { cell, stage, labels, tools } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [isOver, setOver] = useState(false);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    return dropTargetForElements({
      element,
      canDrop: ({ source }) => toDragged(source.data) !== null,
      onDragEnter: () => setOver(true),
      onDragLeave: () => setOver(false),
      onDrop: ({ source }) => {
        setOver(false);
        const deal = toDragged(source.data);
        if (deal !== null) latest.current.onDrop(deal, latest.current.stage.id);
      },
    });
  }, []);

  // The first drawing is of what is seen; what scrolling meets next is drawn when there is time.
  const [overscan, setOverscan] = useState(0);
  useEffect(() => {
    const idle = requestIdleCallback(() => setOverscan(OVERSCAN));
    return () => cancelIdleCallback(idle);
  }, []);

  const virtualizer = useVirtualizer({
    count: cell.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => CARD_HEIGHT,
    overscan,
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    const offset = Math.max(0, Math.floor(first / RANGE_STEP) * RANGE_STEP - RANGE_STEP);
    const end = Math.ceil((last + 1) / RANGE_STEP) * RANGE_STEP + RANGE_STEP;
    const isCovered = first >= cell.offset && last < cell.offset + cell.cards.length;
    if (!isCovered && cell.count > 0) latest.current.onRange(latest.current.cellKey, offset, end - offset);
  }, [first, last, cell.offset, cell.cards.length, cell.count]);

  return (
    <div
      ref={scroller}
      className={classes.column}
      data-over={isOver || props.isTarget}
      data-low={props.isLow}
      data-stage={stage.id}
      role="group"
      aria-label={tools.t('pipeline.column', { stage: stage.name, count: cell.count })}
      // A scrollable region must be reachable by keyboard even when it holds no card.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={cell.count === 0 ? undefined : 0}
    >
      <div style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
        {items.map((item) => {
          const card = cell.cards[item.index - cell.offset];
          return (
            <div
              // Not the virtualizer's key: it would measure a long column anew whenever its cards change.
              key={card?.record.id ?? item.index}
              className={classes.place}
              style={{ top: item.start }}
            >
              {card === undefined ? (
                <div className={classes.skeleton} aria-hidden />
              ) : (
                <BoardCardView
                  card={card}
                  account={labels[textOf(card.record['accountId'])]}
                  owner={props.hasOwners ? labels[card.record.ownerId ?? ''] : undefined}
                  currency={props.currency}
                  isCarried={props.carriedId === card.record.id}
                  tools={tools}
                />
              )}
            </div>
          );
        })}
      </div>
      {cell.count === 0 ? <p className={classes.empty}>{tools.t('pipeline.emptyColumn')}</p> : null}
    </div>
  );
}
