import { draggable } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import type { TFunction } from 'i18next';
import { memo, useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { Format } from '#renderer/app/format/format.ts';
import { MaskedText } from '#renderer/blocks/masked-text.tsx';
import { PersonInitials } from '#renderer/blocks/person-initials.tsx';
import { recordTitle } from '#renderer/blocks/record-title.ts';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import type { BoardCard, LocalRecord } from '#renderer/data/data-contract.ts';
import { maskedTextOf } from '#shared/access/field-policy.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import classes from './board.module.css';

const DRAG_KEY = 'outpost-deal';

/** The deal of a drag that began on this board, null for anything else. */
export function toDragged(data: Readonly<Record<string | symbol, unknown>>): LocalRecord | null {
  return (data[DRAG_KEY] as LocalRecord | undefined) ?? null;
}

export interface StaleTexts {
  readonly short: string;
  readonly hint: string;
  readonly spoken: string;
}

/** What all cards of a board share: the same object at every drawing until language or rights change. */
export interface CardTools {
  readonly t: TFunction;
  readonly format: Format;
  /** What screen readers call a card that may be moved, and one that may not. */
  readonly roles: { readonly movable: string; readonly fixed: string };
  readonly staleTexts: (stageDays: number) => StaleTexts;
  readonly isMovable: (deal: LocalRecord) => boolean;
  readonly onOpen: (deal: LocalRecord) => void;
  readonly onCarry: (deal: LocalRecord, key: string) => void;
}

interface BoardCardProps {
  readonly card: BoardCard;
  readonly tools: CardTools;
  readonly account: string | undefined;
  /** Shown only when it tells cards apart. */
  readonly owner: string | undefined;
  /** Currency of deals that name none. */
  readonly currency: string;
  readonly isCarried: boolean;
}

/** Every answer of the data host brings new objects; a card is drawn anew only when it says something else. */
export const BoardCardView = memo(
  DrawnCard,
  (before, after) =>
    before.isCarried === after.isCarried &&
    before.account === after.account &&
    before.owner === after.owner &&
    before.currency === after.currency &&
    before.tools === after.tools &&
    isJsonEqual(before.card, after.card),
);

function DrawnCard(props: BoardCardProps) {
  const { t, format, onOpen, onCarry } = props.tools;
  const element = useRef<HTMLDivElement>(null);
  const [isDragging, setDragging] = useState(false);
  const { record } = props.card;
  const isMovable = props.tools.isMovable(record);
  const latest = useRef(record);
  latest.current = record;
  const { account, owner, isCarried } = props;

  useEffect(() => {
    if (element.current === null || !isMovable) return;
    return draggable({
      element: element.current,
      getInitialData: () => ({ [DRAG_KEY]: latest.current }),
      onDragStart: () => setDragging(true),
      onDrop: () => setDragging(false),
    });
  }, [isMovable]);

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    if (event.key === ' ' && !isMovable) {
      event.preventDefault();
      return;
    }
    if (isCarried ? ['ArrowLeft', 'ArrowRight', 'Escape', ' ', 'Enter'].includes(event.key) : event.key === ' ') {
      event.preventDefault();
      event.stopPropagation();
      onCarry(record, event.key);
      return;
    }
    if (event.key === 'Enter') onOpen(record);
    else if (event.key.startsWith('Arrow')) {
      event.preventDefault();
      focusNeighbour(event.currentTarget, event.key);
    }
  }

  const maskedAmount = maskedTextOf(record['amount']);
  const money = format.money(
    typeof record['amount'] === 'number' ? record['amount'] : null,
    typeof record['currency'] === 'string' ? record['currency'] : props.currency,
  );
  const amount = maskedAmount ?? money;
  const spokenAmount = maskedAmount === null ? money : t('masked.label');
  const name = recordTitle(record);
  const stale = props.card.stale ? props.tools.staleTexts(props.card.stageDays) : null;
  return (
    <div
      ref={element}
      className={classes.card}
      role="button"
      tabIndex={0}
      data-card={record.id}
      data-dragging={isDragging}
      data-carried={isCarried}
      aria-roledescription={isMovable ? props.tools.roles.movable : props.tools.roles.fixed}
      aria-label={[name, account, spokenAmount, stale?.spoken]
        .filter((part) => part !== undefined && part !== '')
        .join(', ')}
      onClick={() => onOpen(record)}
      onKeyDown={onKeyDown}
    >
      <div className={classes.cardTitle}>
        <span className={classes.cardName} title={name}>
          {name}
        </span>
        <PendingMark pending={record.pending} />
      </div>
      <div className={classes.cardMiddle}>
        <span className={classes.cardAccount}>{account ?? ' '}</span>
        {owner === undefined ? null : (
          <PersonInitials userId={record.ownerId ?? ''} name={owner} size={18} isDecorative />
        )}
      </div>
      <div className={classes.cardFoot}>
        <span className={classes.cardAmount}>{maskedAmount === null ? amount : <MaskedText text={amount} />}</span>
        {stale === null ? null : (
          <span className={classes.stale} title={stale.hint}>
            {stale.short}
          </span>
        )}
        <span className={classes.cardDate}>
          {format.shortDay(typeof record['closeDate'] === 'string' ? record['closeDate'] : null)}
        </span>
      </div>
    </div>
  );
}

/** Arrows walk over the cards: up and down within a column, left and right to the nearest card of the next one. */
function focusNeighbour(card: HTMLElement, key: string): void {
  const column = card.closest<HTMLElement>('[data-stage]');
  if (column === null) return;
  const cardsOf = (parent: Element): HTMLElement[] =>
    [...parent.querySelectorAll<HTMLElement>('[data-card]')].sort(
      (a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top,
    );
  const own = cardsOf(column);
  const index = own.indexOf(card);
  if (key === 'ArrowDown' || key === 'ArrowUp') {
    own[index + (key === 'ArrowDown' ? 1 : -1)]?.focus();
    return;
  }
  let next = key === 'ArrowRight' ? column.nextElementSibling : column.previousElementSibling;
  while (next !== null && cardsOf(next).length === 0)
    next = key === 'ArrowRight' ? next.nextElementSibling : next.previousElementSibling;
  if (next === null) return;
  const top = card.getBoundingClientRect().top;
  cardsOf(next)
    .sort((a, b) => Math.abs(a.getBoundingClientRect().top - top) - Math.abs(b.getBoundingClientRect().top - top))[0]
    ?.focus();
}
