// One line, explained: how sure, by which method what, in which scenario what, what was submitted and how it came true.
import { Button } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import type { ForecastDetail, ForecastRow } from '#shared/analytics/forecast/forecast-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { NodeHistory } from '#renderer/features/forecast/node-history.tsx';
import type { ForecastViewState } from '#renderer/features/forecast/use-forecast-view.ts';
import { useRowName } from '#renderer/features/forecast/use-row-name.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { Pill } from '#renderer/ui/pill.tsx';
import { forecastMethods, scenarioNames } from '#shared/analytics/forecast-methods.ts';
import classes from './forecast.module.css';

const tones = { high: 'good', medium: 'accent', low: 'warn' } as const;

export function NodeDetail(props: {
  readonly state: ForecastViewState;
  readonly row: ForecastRow;
  readonly maySubmit: boolean;
  readonly onSubmit: () => void;
}) {
  const { t } = useTranslation();
  const nameOf = useRowName();
  const { row, state } = props;
  const { data } = useLive('forecastDetail', { query: state.query, nodeKey: row.key });
  const name = nameOf(row);
  return (
    <Panel
      title={t('forecast.detail.title', { name })}
      actions={
        props.maySubmit ? (
          <Button size="compact-xs" variant="default" leftSection={<IconSend size={13} />} onClick={props.onSubmit}>
            {t('forecast.submit.open', { name })}
          </Button>
        ) : null
      }
    >
      {data === undefined || data === null ? null : (
        <div className={classes.detail}>
          <Confidence detail={data} />
          <Choices
            title={t('forecast.method')}
            currency={data.currency}
            chosen={state.view.method}
            items={forecastMethods.map((key) => ({
              key,
              label: t(`forecast.methods.${key}`),
              hint: t(`forecast.methodHints.${key}`),
              amount: data.methods[key],
              choose: () => state.change({ method: key }),
            }))}
          />
          <Choices
            title={t('forecast.scenario')}
            currency={data.currency}
            chosen={state.view.scenario}
            items={scenarioNames.map((key) => ({
              key,
              label: t(`forecast.scenarios.${key}`),
              hint: t(`forecast.scenarioHints.${key}`),
              amount: data.scenarios[key],
              choose: () => state.change({ scenario: key }),
            }))}
          />
          <NodeHistory detail={data} row={row} state={state} />
        </div>
      )}
    </Panel>
  );
}

function Confidence(props: { readonly detail: ForecastDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { confidence, interval, currency } = props.detail;
  const { level, closedDeals, accuracy } = confidence;
  return (
    <section aria-label={t('forecast.detail.confidence')}>
      <h3>{t('forecast.detail.confidence')}</h3>
      {interval === null ? (
        <p>{t('forecast.detail.noInterval')}</p>
      ) : (
        <p className={classes.interval} title={t('forecast.detail.intervalHint')}>
          {format.money(interval.low, currency, 'short')} – {format.money(interval.high, currency, 'short')}
        </p>
      )}
      <p>
        <Pill tone={tones[level]} title={t('forecast.detail.levelHint')}>
          {t(`forecast.levelsOfConfidence.${level}`)}
        </Pill>
      </p>
      <p className="op-muted">
        {t('forecast.detail.why', { count: closedDeals, formatted: format.number(closedDeals) })}{' '}
        {accuracy === null
          ? t('forecast.detail.noAccuracy')
          : t('forecast.detail.accuracy', { accuracy: format.percent(Math.round(accuracy * 100)) })}
      </p>
    </section>
  );
}

function Choices(props: {
  readonly title: string;
  readonly currency: string;
  readonly chosen: string;
  readonly items: readonly {
    readonly key: string;
    readonly label: string;
    readonly hint: string;
    readonly amount: number | null;
    readonly choose: () => void;
  }[];
}) {
  const format = useFormat();
  return (
    <section aria-label={props.title}>
      <h3>{props.title}</h3>
      <ul className={classes.choices}>
        {props.items.map(({ key, label, hint, amount, choose }) => (
          <li key={key}>
            <button type="button" aria-pressed={key === props.chosen} title={hint} onClick={choose}>
              <span>{label}</span>
              <span className="op-number">{amount === null ? '–' : format.money(amount, props.currency, 'short')}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
