import type { ForecastRow } from '#shared/analytics/forecast/forecast-contract.ts';
import type { ForecastViewState } from '#renderer/features/forecast/use-forecast-view.ts';
import type { ForecastColumn } from '#shared/analytics/forecast-sums.ts';

export interface ForecastTableProps {
  readonly state: ForecastViewState;
  readonly currency: string;
  readonly rows: readonly ForecastRow[];
  readonly isReadOnly: boolean;
  readonly selectedKey: string | null;
  readonly onSelect: (key: string) => void;
}

export interface AmountCellProps {
  readonly state: ForecastViewState;
  readonly row: ForecastRow;
  readonly column: ForecastColumn;
  readonly currency: string;
  readonly isReadOnly: boolean;
}
