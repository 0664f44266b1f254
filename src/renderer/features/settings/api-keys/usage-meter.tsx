import { Progress } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { rateSpans } from '#shared/access/rate-windows.ts';
import type { Usage } from '#shared/sync/access-messages.ts';
import classes from '../settings.module.css';

/** What was asked for within the present minute, hour and day, beside what may be. */
export function UsageMeter(props: { readonly title: string; readonly usage: Usage }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <dl className={classes.facts} aria-label={props.title}>
      {rateSpans.map((span) => {
        const { count, limit, endsAt } = props.usage[span];
        const text = t('settings.apiKeys.used', { sum: count, most: limit });
        return (
          <div
            key={span}
            className={classes.meter}
            title={t('settings.apiKeys.windowEnds', { at: format.instant(endsAt) })}
          >
            <dt>{t(`settings.apiKeys.span.${span}`)}</dt>
            <dd>
              {text}
              <Progress
                value={(100 * count) / limit}
                size="sm"
                aria-label={`${t(`settings.apiKeys.span.${span}`)}: ${text}`}
              />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
