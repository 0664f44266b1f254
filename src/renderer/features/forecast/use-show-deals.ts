import { useNavigate } from 'react-router';
import { useAppDispatch } from '#renderer/app/store/store.ts';
import { emptyListView, listViewChanged } from '#renderer/app/store/view-slice.ts';
import type { ForecastQuery, ForecastRow } from '#shared/analytics/forecast/forecast-contract.ts';
import { filterOfCell } from '#renderer/features/forecast/deal-filter.ts';
import type { ForecastColumn } from '#shared/analytics/forecast-sums.ts';

/** With the category, so that it can be set by hand right there. */
const COLUMNS = ['name', 'accountId', 'ownerId', 'amount', 'probability', 'closeDate', 'stageId', 'forecastCategory'];

/** Opens the list of deals with those behind a number, the largest first. */
export function useShowDeals(query: ForecastQuery): (row: ForecastRow, column: ForecastColumn) => void {
  const dispatch = useAppDispatch();
  const navigate = useNavigate();
  return (row, column) => {
    const change = {
      ...emptyListView,
      filter: filterOfCell(query, row, column),
      columns: COLUMNS,
      sort: [{ field: 'amount', direction: 'desc' as const }],
    };
    dispatch(listViewChanged({ list: 'deals', change }));
    void navigate('/deals');
  };
}
