// Analytics › Forecast: who stands for what in a period, through the teams or through the territories. Every number opens
// its deals and says what it is made of; whoever may puts another in its place.
import { Button } from '@mantine/core';
import { IconEyeOff, IconSend, IconTrendingUp } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { ExportButton } from '#renderer/blocks/export/export-button.tsx';
import { useIsFirstSync } from '#renderer/blocks/use-first-sync.ts';
import type { ForecastResult, ForecastRow } from '#shared/analytics/forecast/forecast-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { ForecastTable } from '#renderer/features/forecast/forecast-table.tsx';
import { ForecastToolbar } from '#renderer/features/forecast/forecast-toolbar.tsx';
import { NodeDetail } from '#renderer/features/forecast/node-detail.tsx';
import { SubmitDialog } from '#renderer/features/forecast/submit-dialog.tsx';
import { useForecastOffer } from '#renderer/features/forecast/use-forecast-offer.ts';
import { useForecastView, type ForecastViewState } from '#renderer/features/forecast/use-forecast-view.ts';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Page } from '#renderer/ui/page.tsx';
import { entities } from '#shared/entities/registry.ts';
import classes from './forecast.module.css';

export function ForecastScreen() {
  const { t } = useTranslation();
  const format = useFormat();
  const state = useForecastView();
  const { data } = useLive('forecast', state.query);
  const offer = useForecastOffer(state.query, data);
  const userId = useAppSelector((store) =>
    store.device.session?.status === 'signedIn' ? store.device.session.actor.userId : null,
  );
  const isViewing = useAppSelector((store) => store.device.viewAs !== null);
  const [submitting, setSubmitting] = useState<ForecastRow | null>(null);
  const rows = data?.kind === 'answer' ? data.rows : [];
  // The largest number one stands for: the team, and only who leads none the own one.
  const own = rows.find((row) => row.may.submit && row.ownerId === userId);
  const { start, end } = state.query.period;
  return (
    <Page
      title={t('forecast.title')}
      subtitle={t('forecast.period', { from: format.day(start), to: format.day(end) })}
      actions={
        <>
          {offer === null ? null : <ExportButton offer={offer} />}
          {own === undefined || isViewing ? null : (
            <Button leftSection={<IconSend size={15} />} onClick={() => setSubmitting(own)}>
              {t('forecast.submit.open', { name: own.name })}
            </Button>
          )}
        </>
      }
      toolbar={<ForecastToolbar state={state} />}
    >
      {data === undefined ? null : (
        <Answer data={data} state={state} isReadOnly={isViewing} ownKey={own?.key ?? null} onSubmit={setSubmitting} />
      )}
      {submitting === null ? null : (
        <SubmitDialog query={state.query} row={submitting} onClose={() => setSubmitting(null)} />
      )}
    </Page>
  );
}

function Answer(props: {
  readonly data: ForecastResult;
  readonly state: ForecastViewState;
  readonly isReadOnly: boolean;
  /** The line that is submitted at the top of the screen. */
  readonly ownKey: string | null;
  readonly onSubmit: (row: ForecastRow) => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const isFirstSync = useIsFirstSync();
  const [selectedKey, setSelected] = useState<string | null>(null);
  const { data, state } = props;
  if (data.kind === 'unseen') {
    const fields = data.fields.map((field) => names.field(entities.deal, field)).join(', ');
    return (
      <EmptyState
        icon={<IconEyeOff size={28} stroke={1.4} />}
        title={t('forecast.unseen')}
        text={t('forecast.unseenText', { fields })}
      />
    );
  }
  if (data.rows.length === 0) {
    if (isFirstSync) return null;
    const text = state.view.hierarchy === 'territories' ? t('forecast.noTerritories') : t('forecast.nothingText');
    return <EmptyState icon={<IconTrendingUp size={28} stroke={1.4} />} title={t('forecast.nothing')} text={text} />;
  }
  const selected = data.rows.find(({ key }) => key === selectedKey) ?? data.rows[0];
  return (
    <div className={classes.stack}>
      <ForecastTable
        state={state}
        currency={data.currency}
        rows={data.rows}
        isReadOnly={props.isReadOnly}
        selectedKey={selected?.key ?? null}
        onSelect={setSelected}
      />
      {selected === undefined ? null : (
        <NodeDetail
          key={selected.key}
          state={state}
          row={selected}
          maySubmit={selected.may.submit && selected.key !== props.ownKey && !props.isReadOnly}
          onSubmit={() => props.onSubmit(selected)}
        />
      )}
    </div>
  );
}
