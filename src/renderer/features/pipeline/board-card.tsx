import { draggable } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { IconClockExclamation } from '@tabler/icons-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useFormat } from '#renderer/app/format/format.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import type { BoardCard, BoardResult, LocalRecord } from '#renderer/data/data-contract.ts';
import type { Carried } from '#renderer/features/pipeline/carried.ts';
import { Initials } from '#renderer/ui/initials.tsx';
import { entities } from '#shared/entities/registry.ts';
import classes from './board.module.css';
import { textOf } from '#shared/kernel/text-of.ts';

const DRAG_KEY = 'outpost-deal';

/** The deal of a drag that began on this board, null for anything else. */
export function toDragged(data: Readonly<Record<string | symbol, unknown>>): LocalRecord | null {
  return (data[DRAG_KEY] as LocalRecord | undefined) ?? null;
}

export function BoardCardView(props: {
  readonly card: BoardCard;
  readonly board: BoardResult;
  readonly hasOwner: boolean;
  readonly carried: Carried | null;
  readonly onCarry: (deal: LocalRecord, key: string) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const element = useRef<HTMLDivElement>(null);
  const [isDragging, setDragging] = useState(false);
  const { record } = props.card;
  const isMovable = useCan()('update', entities.deal, record);
  const latest = useRef(record);
  latest.current = record;
  const isCarried = props.carried?.id === record.id;

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
      props.onCarry(record, event.key);
      return;
    }
    if (event.key === 'Enter') void navigate(`/deals/${record.id}`);
    else if (event.key.startsWith('Arrow')) {
      event.preventDefault();
      focusNeighbour(event.currentTarget, event.key);
    }
  }

  const account = typeof record['accountId'] === 'string' ? props.board.labels[record['accountId']] : undefined;
  const owner = record.ownerId === null ? '' : (props.board.labels[record.ownerId] ?? '');
  const amount = format.money(
    typeof record['amount'] === 'number' ? record['amount'] : null,
    typeof record['currency'] === 'string' ? record['currency'] : props.board.currency,
  );
  const name = textOf(record['name']);
  return (
    <div
      ref={element}
      className={classes.card}
      role="button"
      tabIndex={0}
      data-card={record.id}
      data-dragging={isDragging}
      data-carried={isCarried}
      aria-roledescription={t(isMovable ? 'pipeline.cardRole' : 'pipeline.cardRoleFixed')}
      aria-label={[name, account, amount, props.card.stale ? t('pipeline.stale', { count: props.card.stageDays }) : '']
        .filter((part) => part !== undefined && part !== '')
        .join(', ')}
      onClick={() => void navigate(`/deals/${record.id}`)}
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
        {owner === '' || !props.hasOwner ? null : <Initials name={owner} size={18} isDecorative />}
      </div>
      <div className={classes.cardFoot}>
        <span className={classes.cardAmount}>{amount}</span>
        {props.card.stale ? (
          <span className={classes.stale} title={t('pipeline.staleHint', { count: props.card.stageDays })}>
            <IconClockExclamation className={classes.staleIcon} size={13} aria-hidden />
            {t('pipeline.days', { count: props.card.stageDays })}
          </span>
        ) : null}
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
