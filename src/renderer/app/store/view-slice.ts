// How each screen was left: filters, sort, columns, board settings. Kept per computer, never synchronised.
import { createSlice, type PayloadAction } from '@reduxjs/toolkit';
import type { PivotCell } from '#renderer/data/data-contract.ts';
import type { Filter, Sort } from '#shared/query/filter.ts';

export interface ListView {
  readonly filter: Filter | null;
  readonly search: string;
  readonly sort: readonly Sort[];
  readonly columns: readonly string[] | null;
  readonly savedViewId: string | null;
  /** Only the records behind a cell of a pivot. */
  readonly cell: PivotCell | null;
}

export interface BoardView {
  readonly pipelineId: string | null;
  readonly ownerId: string | null;
  readonly search: string;
  readonly swimlane: 'none' | 'owner';
  readonly onlyStale: boolean;
}

/** A pivot that is being put together, as it was left. What it holds is checked when it is read. */
export interface PivotView {
  readonly reportId: string | null;
  readonly spec: unknown;
  readonly look: unknown;
}

export interface ViewState {
  readonly lists: Readonly<Record<string, ListView>>;
  readonly board: BoardView;
  readonly pivot: PivotView | null;
  readonly isSidebarCollapsed: boolean;
}

export const emptyListView: ListView = {
  filter: null,
  search: '',
  sort: [],
  columns: null,
  savedViewId: null,
  cell: null,
};

const initialState: ViewState = {
  lists: {},
  board: { pipelineId: null, ownerId: null, search: '', swimlane: 'none', onlyStale: false },
  pivot: null,
  isSidebarCollapsed: false,
};

const slice = createSlice({
  name: 'view',
  initialState,
  reducers: {
    listViewChanged: (state, action: PayloadAction<{ list: string; change: Partial<ListView> }>) => ({
      ...state,
      lists: {
        ...state.lists,
        [action.payload.list]: { ...(state.lists[action.payload.list] ?? emptyListView), ...action.payload.change },
      },
    }),
    boardViewChanged: (state, action: PayloadAction<Partial<BoardView>>) => ({
      ...state,
      board: { ...state.board, ...action.payload },
    }),
    pivotViewChanged: (state, action: PayloadAction<PivotView>) => ({ ...state, pivot: action.payload }),
    sidebarToggled: (state) => ({ ...state, isSidebarCollapsed: !state.isSidebarCollapsed }),
  },
});

export const { listViewChanged, boardViewChanged, pivotViewChanged, sidebarToggled } = slice.actions;
export const viewReducer = slice.reducer;
export const initialViewState = initialState;
