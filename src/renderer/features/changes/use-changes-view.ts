// Which two days are compared and which deals, kept on this computer, and the questions that follow from it.
import { useCallback, useMemo, useState } from 'react';
import { toLocalDay } from '#renderer/app/format/local-day.ts';
import { useAppDispatch, useAppSelector } from '#renderer/app/store/store.ts';
import { changesViewChanged, type ChangesView } from '#renderer/app/store/view-slice.ts';
import { useOrganization } from '#renderer/blocks/use-organization.ts';
import type { PastScope } from '#shared/analytics/past/change-question.ts';
import { pastDayOf } from '#shared/analytics/past/past-days.ts';
import { periodOf, shiftPeriod, type Period } from '#shared/kernel/periods.ts';
import type { Day } from '#shared/kernel/calendar.ts';

export interface ChangesState {
  readonly view: ChangesView;
  readonly today: Day;
  readonly from: Day;
  readonly to: Day;
  readonly scope: PastScope;
  readonly change: (next: Partial<ChangesView>) => void;
}

/** When the deals are to close. */
export function closePeriodOf(view: ChangesView, today: Day, fiscalYearStart: number): Period | null {
  switch (view.closing) {
    case 'any':
      return null;
    case 'nextQuarter':
      return shiftPeriod('quarter', periodOf('quarter', today, fiscalYearStart), 1);
    case 'custom':
      return view.closingDays ?? periodOf('quarter', today, fiscalYearStart);
    case 'month':
    case 'quarter':
    case 'year':
      return periodOf(view.closing, today, fiscalYearStart);
  }
}

export function useChangesView(): ChangesState {
  const dispatch = useAppDispatch();
  const view = useAppSelector((state) => state.view.changes);
  const { fiscalYearStart } = useOrganization().figures;
  const [today] = useState(() => toLocalDay(new Date()));
  const change = useCallback((next: Partial<ChangesView>) => void dispatch(changesViewChanged(next)), [dispatch]);
  return useMemo(() => {
    const { owner, team, pipeline } = view;
    const scope: PastScope = {
      period: closePeriodOf(view, today, fiscalYearStart),
      ...(owner === null ? {} : { owner }),
      ...(team === null ? {} : { team }),
      ...(pipeline === null ? {} : { pipeline }),
    };
    const to = view.to ?? today;
    const from = view.since === 'custom' ? (view.from ?? to) : pastDayOf(view.since, today, fiscalYearStart);
    return { view, today, from, to, scope, change };
  }, [view, today, fiscalYearStart, change]);
}
