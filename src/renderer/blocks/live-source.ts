// Rows of a live list for the grid's infinite row model. Each block of rows is one live question; when an answer comes
// again, rows that stayed in place are updated where they are, otherwise the grid reads its blocks anew.
import type { GridApi, IDatasource, IGetRowsParams } from 'ag-grid-community';
import type { DataClient, ListQuery, LocalRecord } from '#renderer/data/data-contract.ts';
import type { Labels } from '#shared/query/live-answer.ts';

/** Blocks watched at once; the least recently asked is let go. */
const WATCHED_BLOCKS = 12;

export interface LiveSource extends IDatasource {
  stop(): void;
}

export function createLiveSource(
  client: DataClient,
  query: Omit<ListQuery, 'offset' | 'limit'>,
  grid: GridApi<LocalRecord>,
  onAnswer: (answer: { readonly total: number; readonly labels: Labels }) => void,
  onError: (error: unknown) => void,
): LiveSource {
  const blocks = new Map<number, { stop: () => void; ids: string }>();

  function letGo(): void {
    while (blocks.size > WATCHED_BLOCKS) {
      const oldest = blocks.keys().next();
      if (oldest.done === true) return;
      blocks.get(oldest.value)?.stop();
      blocks.delete(oldest.value);
    }
  }

  function refreshAfterEdit(): void {
    grid.removeEventListener('cellEditingStopped', refreshAfterEdit);
    grid.refreshInfiniteCache();
  }

  /** Reading blocks anew ends an edit without saving it, so rows move only when nobody types. */
  function refresh(): void {
    if (grid.getEditingCells().length === 0) grid.refreshInfiniteCache();
    else grid.addEventListener('cellEditingStopped', refreshAfterEdit);
  }

  function getRows(params: IGetRowsParams<LocalRecord>): void {
    const offset = params.startRow;
    blocks.get(offset)?.stop();
    let isAnswered = false;
    const block = { stop: () => {}, ids: '' };
    blocks.delete(offset);
    blocks.set(offset, block);
    block.stop = client.watch('list', { ...query, offset, limit: params.endRow - offset }, (answer) => {
      if (!answer.ok) {
        if (!isAnswered) params.failCallback();
        isAnswered = true;
        onError(answer.error);
        return;
      }
      const { rows, total, labels } = answer.value;
      onAnswer({ total, labels });
      const ids = rows.map((row) => row.id).join();
      if (!isAnswered) {
        isAnswered = true;
        block.ids = ids;
        params.successCallback([...rows], total);
        return;
      }
      if (ids === block.ids) {
        for (const row of rows) grid.getRowNode(row.id)?.setData(row);
        grid.setRowCount(total, true);
        return;
      }
      block.ids = ids;
      refresh();
    });
    letGo();
  }

  return {
    getRows,
    stop() {
      if (!grid.isDestroyed()) grid.removeEventListener('cellEditingStopped', refreshAfterEdit);
      for (const block of blocks.values()) block.stop();
      blocks.clear();
    },
    destroy() {
      this.stop();
    },
  };
}
