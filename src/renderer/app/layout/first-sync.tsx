// Says that the records are still arriving, how many of them are here and how long it will take, so that nobody takes an
// empty screen for an empty company. Nothing is blocked: what is here can be worked with.
import { Progress } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { useIsFirstSync } from '#renderer/blocks/use-first-sync.ts';
import classes from './first-sync.module.css';

const SETTLED_MS = 2000;

/** Seconds until the rest is here at the pace since the first report; null while that would be a guess. */
function secondsLeft(start: { done: number; atMs: number }, now: { done: number; total: number }): number | null {
  const elapsedMs = performance.now() - start.atMs;
  const gained = now.done - start.done;
  if (elapsedMs < SETTLED_MS || gained <= 0) return null;
  return Math.max(1, Math.round(((now.total - now.done) / gained) * (elapsedMs / 1000)));
}

export function FirstSync() {
  return useIsFirstSync() ? <Arriving /> : null;
}

function Arriving() {
  const { t } = useTranslation();
  const format = useFormat();
  const progress = useAppSelector((state) => state.device.sync?.progress ?? null);
  const phase = useAppSelector((state) => state.device.sync?.phase);
  const start = useRef<{ readonly done: number; readonly atMs: number } | null>(null);
  const [left, setLeft] = useState<number | null>(null);
  useEffect(() => {
    if (progress === null) return;
    start.current ??= { done: progress.done, atMs: performance.now() };
    setLeft(secondsLeft(start.current, progress));
  }, [progress]);
  const isWaiting = phase === 'offline' || phase === 'backingOff' || phase === 'blocked';
  return (
    <div className={classes.bar} role="status" data-testid="first-sync">
      <strong>{t(isWaiting ? 'sync.firstSyncWaits' : 'sync.firstSyncTitle')}</strong>
      {progress === null || progress.total === 0 ? null : (
        <>
          <Progress
            className={classes.progress}
            size="sm"
            value={Math.min(100, (progress.done / progress.total) * 100)}
            aria-label={t('sync.progress')}
          />
          <span className={classes.count}>
            {t('sync.firstSyncRecords', { done: format.number(progress.done), total: format.number(progress.total) })}
            {left === null || isWaiting ? '' : ` · ${timeLeft(left)}`}
          </span>
        </>
      )}
    </div>
  );

  function timeLeft(seconds: number): string {
    return seconds < 90
      ? t('sync.secondsLeft', { count: seconds })
      : t('sync.minutesLeft', { count: Math.round(seconds / 60) });
  }
}
