// Analytics › Pipeline changes: what became of the open deals between two days. The bars add up from one day to the other,
// every bar names its deals with what they were before and after, and the line shows the last ninety days. All of it offline.
import { Button } from '@mantine/core';
import { IconEyeOff, IconX } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { ExportButton } from '#renderer/blocks/export/export-button.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { ChangesToolbar } from '#renderer/features/changes/changes-toolbar.tsx';
import { ChangeWaterfall, TrendChart } from '#renderer/features/changes/changes-charts.tsx';
import { DealTable } from '#renderer/features/changes/deal-table.tsx';
import { OwnerTable } from '#renderer/features/changes/owner-table.tsx';
import { useChangesOffer } from '#renderer/features/changes/use-changes-offer.ts';
import { useChangesView, type ChangesState } from '#renderer/features/changes/use-changes-view.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Page } from '#renderer/ui/page.tsx';
import type { PipelineChangeResult } from '#shared/analytics/past/change-question.ts';
import type { ChangeKind } from '#shared/analytics/past/pipeline-change.ts';
import classes from './changes.module.css';

const FIRST_DEALS = 100;
/** What one press of “Show more” adds. */
const MORE_DEALS = 400;
const TREND_DAYS = 90;

export function ChangesScreen() {
  const { t } = useTranslation();
  const format = useFormat();
  const errorText = useErrorText();
  const state = useChangesView();
  const [kind, setKind] = useState<ChangeKind | null>(null);
  const [owner, setOwner] = useState<string | null>(null);
  const [limit, setLimit] = useState(FIRST_DEALS);
  const { from, to, scope } = state;
  const query = useMemo(
    () => ({
      ...scope,
      from,
      to,
      limit,
      ...(kind === null ? {} : { kind }),
      ...(owner === null ? {} : { of: owner }),
    }),
    [scope, from, to, limit, kind, owner],
  );
  const { data, error } = useLive('pipelineChange', query);
  const offer = useChangesOffer(query, state.view.to === null, data);
  const until = state.view.to === null ? t('past.nowInSentence') : format.day(to);
  return (
    <Page
      title={t('nav.changes')}
      subtitle={t('changes.subtitle', { from: format.day(from), to: until })}
      toolbar={
        <>
          <ChangesToolbar state={state} />
          <div style={{ flex: 1 }} />
          {offer === null ? null : <ExportButton offer={offer} />}
        </>
      }
    >
      {error === undefined ? null : (
        <EmptyState icon={<IconEyeOff size={28} stroke={1.4} />} title={t('changes.refused')} text={errorText(error)} />
      )}
      {data === undefined || error !== undefined ? null : (
        <div className={classes.stack}>
          <Notices data={data} state={state} />
          <div className={classes.pictures}>
            <section className={classes.picture} aria-label={t('changes.waterfall')}>
              <h2>{t('changes.waterfall')}</h2>
              <div className={classes.canvas}>
                <ChangeWaterfall data={data} from={from} to={state.view.to} onKind={setKind} />
              </div>
            </section>
            <Trend state={state} />
          </div>
          <section>
            <h2 className={classes.heading}>{t('changes.byOwner')}</h2>
            <OwnerTable data={data} selected={owner} onSelect={setOwner} />
          </section>
          <section>
            <div className={classes.headingRow}>
              <h2 className={classes.heading}>
                {t('changes.dealsOf', {
                  count: data.total.count,
                  formatted: format.number(data.total.count),
                  amount: format.money(data.total.value, data.currency),
                })}
              </h2>
              {kind === null ? null : (
                <Button
                  size="compact-xs"
                  variant="light"
                  rightSection={<IconX size={12} />}
                  title={t('changes.allKinds')}
                  aria-label={`${t(`changes.kinds.${kind}`)}: ${t('changes.allKinds')}`}
                  onClick={() => setKind(null)}
                >
                  {t(`changes.kinds.${kind}`)}
                </Button>
              )}
            </div>
            <Deals data={data} />
            {data.total.count > data.deals.length ? (
              <Button variant="default" mt={8} onClick={() => setLimit(data.deals.length + MORE_DEALS)}>
                {t('changes.more')}
              </Button>
            ) : null}
          </section>
        </div>
      )}
    </Page>
  );
}

function Deals(props: { readonly data: PipelineChangeResult }) {
  const { t } = useTranslation();
  if (props.data.deals.length === 0) return <p className={classes.muted}>{t('changes.noDeals')}</p>;
  return <DealTable data={props.data} />;
}

/** What has to be known about the numbers. */
function Notices(props: { readonly data: PipelineChangeResult; readonly state: ChangesState }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, state } = props;
  const { exactFrom, knownFrom, withoutRate } = data;
  const isExact = exactFrom !== null && exactFrom <= state.from;
  return (
    <>
      {knownFrom !== null && knownFrom > state.from ? (
        <p className={classes.notice} role="status">
          {t('past.beforeAll', { day: format.day(knownFrom) })}
        </p>
      ) : isExact ? null : (
        <p className={classes.notice} role="status">
          {exactFrom === null ? t('past.movesOnly') : t('past.exactFrom', { day: format.day(exactFrom) })}
        </p>
      )}
      {withoutRate === 0 ? null : (
        <p className={classes.notice} role="status">
          {t('forecast.unpriced', { count: withoutRate, currency: data.currency })}
        </p>
      )}
    </>
  );
}

function Trend(props: { readonly state: ChangesState }) {
  const { t } = useTranslation();
  const { scope, to } = props.state;
  const { data } = useLive('pipelineTrend', { ...scope, to, days: TREND_DAYS });
  return (
    <section className={classes.picture} aria-label={t('changes.trend')}>
      <h2>{t('changes.trend')}</h2>
      <div className={classes.canvas}>{data === undefined ? null : <TrendChart data={data} />}</div>
      {data === undefined ? null : (
        <p className={classes.muted}>
          {data.fromSnapshots === 0
            ? t('changes.trendHistory')
            : t('changes.trendSnapshots', { count: data.fromSnapshots })}
        </p>
      )}
    </section>
  );
}
