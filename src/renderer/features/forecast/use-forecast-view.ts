// Which forecast is looked at, kept on this computer, and the question that follows from it.
import { useCallback, useMemo, useState } from 'react';
import { toLocalDay } from '#renderer/app/format/local-day.ts';
import { useAppDispatch, useAppSelector } from '#renderer/app/store/store.ts';
import { forecastViewChanged, type ForecastView } from '#renderer/app/store/view-slice.ts';
import { useOrganization } from '#renderer/blocks/use-organization.ts';
import type { ForecastQuery } from '#shared/analytics/forecast/forecast-contract.ts';
import { horizonOf, periodOf, type Period, type PeriodType } from '#shared/kernel/periods.ts';

const HORIZONS: Readonly<Partial<Record<ForecastView['periodKind'], number>>> = { days30: 30, days90: 90 };

export function periodTypeOf(kind: ForecastView['periodKind']): PeriodType | null {
  return kind === 'month' || kind === 'quarter' || kind === 'year' ? kind : null;
}

export function periodOfView(view: ForecastView, today: string, fiscalYearStart: number): Period {
  const type = periodTypeOf(view.periodKind);
  if (type !== null) return periodOf(type, view.day ?? today, fiscalYearStart);
  const days = HORIZONS[view.periodKind];
  if (days !== undefined) return horizonOf(today, days);
  return view.custom ?? periodOf('quarter', today, fiscalYearStart);
}

export interface ForecastViewState {
  readonly view: ForecastView;
  readonly query: ForecastQuery;
  readonly today: string;
  readonly fiscalYearStart: number;
  readonly change: (next: Partial<ForecastView>) => void;
}

export function useForecastView(): ForecastViewState {
  const dispatch = useAppDispatch();
  const view = useAppSelector((state) => state.view.forecast);
  const { fiscalYearStart } = useOrganization().figures;
  const [today] = useState(() => toLocalDay(new Date()));
  const query = useMemo((): ForecastQuery => {
    const { hierarchy, columnMode, method, scenario, customPercent, quotaBasis } = view;
    const period = periodOfView(view, today, fiscalYearStart);
    const periodType = periodTypeOf(view.periodKind);
    const customFactor = customPercent / 100;
    return { hierarchy, columnMode, period, periodType, method, scenario, customFactor, quotaBasis };
  }, [view, today, fiscalYearStart]);
  const change = useCallback((next: Partial<ForecastView>) => dispatch(forecastViewChanged(next)), [dispatch]);
  return { view, query, today, fiscalYearStart, change };
}
