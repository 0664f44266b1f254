// Which rows of a list are chosen. The list holds the ids, the grid only shows them: it has a part of the rows at a time,
// and *all* means all rows of the filter, also those nobody has scrolled to.
import { Checkbox } from '@mantine/core';
import type { GridApi, SelectionChangedEvent } from 'ag-grid-community';
import { createContext, useContext, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ListQuery, LocalRecord } from '#renderer/data/data-contract.ts';
import { useDataClient } from '#renderer/data/use-data.ts';

/** What the checkbox over the column of checkboxes shows and does. */
interface SelectAll {
  readonly state: 'none' | 'some' | 'all';
  readonly onToggle: () => void;
}

export const SelectAllContext = createContext<SelectAll>({ state: 'none', onToggle: () => undefined });

export function SelectAllHeader() {
  const { t } = useTranslation();
  const { state, onToggle } = useContext(SelectAllContext);
  return (
    <Checkbox
      size="xs"
      aria-label={t('list.selectAll')}
      title={t('list.selectAll')}
      checked={state === 'all'}
      indeterminate={state === 'some'}
      onChange={onToggle}
    />
  );
}

/** Shows the chosen ids on the rows the grid holds. */
function showSelection(grid: GridApi<LocalRecord>, ids: ReadonlySet<string>): void {
  const wrong: { readonly [isChosen in 'true' | 'false']: Parameters<typeof grid.setNodesSelected>[0]['nodes'] } = {
    true: [],
    false: [],
  };
  grid.forEachNode((node) => {
    if (node.data === undefined) return;
    const isChosen = ids.has(node.data.id);
    if (node.isSelected() !== isChosen) wrong[`${isChosen}`].push(node);
  });
  if (wrong.true.length > 0) grid.setNodesSelected({ nodes: wrong.true, newValue: true, source: 'api' });
  if (wrong.false.length > 0) grid.setNodesSelected({ nodes: wrong.false, newValue: false, source: 'api' });
}

/** The chosen ids after somebody clicked on rows the grid holds; the others stay as they were. */
function readSelection(grid: GridApi<LocalRecord>, before: ReadonlySet<string>): ReadonlySet<string> {
  const ids = new Set(before);
  grid.forEachNode((node) => {
    if (node.data === undefined) return;
    if (node.isSelected() === true) ids.add(node.data.id);
    else ids.delete(node.data.id);
  });
  return ids;
}

/** Place of the first chosen row the grid holds. */
function firstChosen(grid: GridApi<LocalRecord>, ids: ReadonlySet<string>): number {
  let first = Number.POSITIVE_INFINITY;
  grid.forEachNode(({ data, rowIndex }) => {
    if (data !== undefined && rowIndex !== null && ids.has(data.id)) first = Math.min(first, rowIndex);
  });
  return first === Number.POSITIVE_INFINITY ? 0 : first;
}

/** The chosen rows the grid holds. */
function chosenRows(grid: GridApi<LocalRecord>, ids: ReadonlySet<string>): readonly LocalRecord[] {
  const rows: LocalRecord[] = [];
  grid.forEachNode(({ data }) => {
    if (data !== undefined && ids.has(data.id)) rows.push(data);
  });
  return rows;
}

interface Chosen {
  readonly query: Omit<ListQuery, 'offset' | 'limit'>;
  readonly selected: ReadonlySet<string>;
  /** How many rows there are, as far as known. */
  readonly total: number | null;
  /** `shown`: the chosen rows the grid holds. */
  readonly onSelect: (ids: ReadonlySet<string>, shown: readonly LocalRecord[]) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Keeps the rows the grid holds and the chosen ids the same. `onLeft`: nothing is chosen any more, and the button that was
 * pressed for that went with the choice; where the first chosen row stood.
 */
export function useGridSelection(grid: GridApi<LocalRecord> | null, chosen: Chosen, onLeft: (row: number) => void) {
  const client = useDataClient();
  const latest = useRef(chosen);
  latest.current = chosen;
  const { selected, total } = chosen;
  const leave = useRef(onLeft);
  leave.current = onLeft;
  const first = useRef<number | null>(null);
  useEffect(() => {
    if (grid === null || grid.isDestroyed()) return;
    showSelection(grid, selected);
    if (selected.size > 0) {
      first.current = firstChosen(grid, selected);
      return;
    }
    if (first.current !== null && document.activeElement === document.body) leave.current(first.current);
    first.current = null;
  }, [grid, selected]);

  function select(ids: ReadonlySet<string>): void {
    if (grid !== null) latest.current.onSelect(ids, chosenRows(grid, ids));
  }

  function toggleAll(): void {
    if (selected.size > 0) select(new Set());
    else
      client.request('listIds', chosen.query).then(
        (ids) => select(new Set(ids)),
        (error: unknown) => latest.current.onError(error),
      );
  }

  const all: SelectAll = {
    state: selected.size === 0 ? 'none' : selected.size === total ? 'all' : 'some',
    onToggle: toggleAll,
  };
  return {
    all,
    /** Rows came or went: those that came may be among the chosen ones. */
    show: () => {
      if (grid !== null && !grid.isDestroyed()) showSelection(grid, latest.current.selected);
    },
    onChanged: (event: SelectionChangedEvent<LocalRecord>) => {
      if (event.source !== 'api') select(readSelection(event.api, latest.current.selected));
    },
  };
}
