// The tree of territories: arrows walk and open, Alt with an arrow moves, dragging a territory onto another one puts it
// below that one. Only one row is in the order of tabs.
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { combine } from '@atlaskit/pragmatic-drag-and-drop/combine';
import { IconChevronDown, IconChevronRight, IconMap2 } from '@tabler/icons-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { PendingMark } from '#renderer/blocks/pending-mark.tsx';
import { nameOf, placeByKey, type TerritoryRow } from '#renderer/features/settings/territories/territory-rows.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import classes from './territories.module.css';

const DRAG_KEY = 'outpost-territory';

interface TreeProps {
  readonly rows: readonly TerritoryRow[];
  readonly selectedId: string | null;
  readonly closed: ReadonlySet<string>;
  readonly isEditable: boolean;
  /** What stands at the end of a row. */
  readonly factOf: (id: string) => string;
  readonly onSelect: (id: string) => void;
  readonly onToggle: (id: string, isOpen: boolean) => void;
  readonly onMove: (id: string, parentId: string | null) => void;
}

export function TerritoryTreeView(props: TreeProps) {
  const { t } = useTranslation();
  const tree = useRef<HTMLDivElement>(null);
  const { rows, selectedId } = props;
  const activeId = rows.some(({ record }) => record.id === selectedId) ? selectedId : (rows[0]?.record.id ?? null);

  function focusRow(id: string | undefined): void {
    if (id === undefined) return;
    props.onSelect(id);
    tree.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`)?.focus();
  }

  function onKeyDown(event: KeyboardEvent, row: TerritoryRow): void {
    const index = rows.indexOf(row);
    const isOpen = row.childCount > 0 && !props.closed.has(row.record.id);
    if (event.altKey) {
      const parentId = props.isEditable ? placeByKey(rows, row.record.id, event.key) : undefined;
      if (parentId === undefined) return;
      event.preventDefault();
      props.onMove(row.record.id, parentId);
      return;
    }
    const actions: Readonly<Record<string, () => void>> = {
      ArrowDown: () => focusRow(rows[index + 1]?.record.id),
      ArrowUp: () => focusRow(rows[index - 1]?.record.id),
      Home: () => focusRow(rows[0]?.record.id),
      End: () => focusRow(rows.at(-1)?.record.id),
      ArrowRight: () =>
        isOpen || row.childCount === 0 ? focusRow(rows[index + 1]?.record.id) : props.onToggle(row.record.id, true),
      ArrowLeft: () => (isOpen ? props.onToggle(row.record.id, false) : focusRow(row.parentId ?? undefined)),
      Enter: () => props.onSelect(row.record.id),
      ' ': () => props.onSelect(row.record.id),
    };
    const act = actions[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  }

  return (
    <div className={classes.tree} role="tree" aria-label={t('territories.tree')} ref={tree}>
      {rows.map((row) => (
        <TreeRow
          key={row.record.id}
          {...props}
          row={row}
          isActive={row.record.id === activeId}
          onKeyDown={(event) => onKeyDown(event, row)}
        />
      ))}
    </div>
  );
}

function TreeRow(
  props: TreeProps & {
    readonly row: TerritoryRow;
    readonly isActive: boolean;
    readonly onKeyDown: (event: KeyboardEvent) => void;
  },
) {
  const { row, isEditable } = props;
  const element = useRef<HTMLDivElement>(null);
  const [isOver, setOver] = useState(false);
  const { id } = row.record;
  const latest = useRef(props);
  latest.current = props;
  const isOpen = row.childCount > 0 && !props.closed.has(id);
  const code = textOf(row.record['code']);

  useEffect(() => {
    if (element.current === null || !isEditable) return;
    return combine(
      draggable({ element: element.current, getInitialData: () => ({ [DRAG_KEY]: id }) }),
      dropTargetForElements({
        element: element.current,
        canDrop: ({ source }) => typeof source.data[DRAG_KEY] === 'string' && source.data[DRAG_KEY] !== id,
        onDragEnter: () => setOver(true),
        onDragLeave: () => setOver(false),
        onDrop: ({ source }) => {
          setOver(false);
          latest.current.onMove(String(source.data[DRAG_KEY]), id);
        },
      }),
    );
  }, [id, isEditable]);

  return (
    <div
      ref={element}
      role="treeitem"
      data-id={id}
      data-over={isOver}
      className={classes.row}
      style={{ paddingLeft: 6 + row.level * 18 }}
      tabIndex={props.isActive ? 0 : -1}
      aria-level={row.level + 1}
      aria-posinset={row.place}
      aria-setsize={row.siblings}
      aria-selected={id === props.selectedId}
      {...(row.childCount > 0 ? { 'aria-expanded': isOpen } : {})}
      onClick={() => props.onSelect(id)}
      onKeyDown={props.onKeyDown}
    >
      {row.childCount > 0 ? (
        <span
          className={classes.twist}
          aria-hidden
          onClick={(event) => {
            event.stopPropagation();
            props.onToggle(id, !isOpen);
          }}
        >
          {isOpen ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
        </span>
      ) : (
        <span className={classes.twist} aria-hidden />
      )}
      <IconMap2 size={15} stroke={1.6} aria-hidden />
      <span className={classes.name}>{nameOf(row.record)}</span>
      {code === '' ? null : <span className="op-muted">{code}</span>}
      <PendingMark pending={row.record.pending} />
      <span className={classes.fact}>{props.factOf(id)}</span>
    </div>
  );
}
