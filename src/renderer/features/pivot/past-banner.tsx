// Says that the past is looked at, which of the fields are as they are today, and since when the history is complete.
import { Button } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import type { PivotNames } from '#shared/analytics/pivot-names.ts';
import type { PivotSource } from '#shared/analytics/pivot-source.ts';
import type { PastAnswer } from '#shared/analytics/pivot-question.ts';
import classes from './pivot.module.css';

export function PastBanner(props: {
  readonly day: string;
  /** Undefined until the answer is there. */
  readonly past: PastAnswer | undefined;
  readonly source: PivotSource;
  readonly names: PivotNames;
  readonly onNow: () => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { day, past, source, names } = props;
  const latest = useRef(props.onNow);
  useEffect(() => {
    latest.current = props.onNow;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== 'Digit0') return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  const fields = (past?.ofToday ?? []).map((path) => names.field(source, path)).join(', ');
  const exactFrom = past?.exactFrom ?? null;
  return (
    <div className={classes.past} role="status" data-testid="past-banner">
      <IconHistory size={16} aria-hidden />
      <span style={{ flex: 1 }}>
        <strong>
          {past?.isAhead === true
            ? t('past.ahead', { day: format.day(day) })
            : t('past.banner', { day: format.day(day) })}
        </strong>
        {fields === '' ? null : <span> {t('past.ofToday', { fields })}</span>}
        {past === undefined || past.isAhead || source !== 'deal' || (exactFrom !== null && exactFrom <= day) ? null : (
          <span> {exactFrom === null ? t('past.movesOnly') : t('past.exactFrom', { day: format.day(exactFrom) })}</span>
        )}
      </span>
      <Button
        size="compact-xs"
        variant="default"
        aria-keyshortcuts="Alt+0"
        title={t('past.backKeys')}
        onClick={props.onNow}
      >
        {t('past.back')}
      </Button>
    </div>
  );
}
