import { NumberInput, SegmentedControl, Select, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { PeriodPicker } from '#renderer/features/forecast/period-picker.tsx';
import type { ForecastViewState } from '#renderer/features/forecast/use-forecast-view.ts';
import { forecastMethods, scenarioNames } from '#shared/analytics/forecast-methods.ts';
import { columnModes } from '#shared/analytics/forecast-sums.ts';
import { hierarchies } from '#shared/analytics/forecast-tree.ts';

/** Which forecast: through whom, when, how columns count, by which method and in which scenario. */
export function ForecastToolbar(props: { readonly state: ForecastViewState }) {
  const { t } = useTranslation();
  const { view, change } = props.state;
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label={t('forecast.through')}
        value={view.hierarchy}
        onChange={(hierarchy) => change({ hierarchy })}
        data={hierarchies.map((value) => ({ value, label: t(`forecast.hierarchies.${value}`) }))}
      />
      <PeriodPicker state={props.state} />
      <SegmentedControl
        size="xs"
        aria-label={t('forecast.columnMode')}
        value={view.columnMode}
        onChange={(columnMode) => change({ columnMode })}
        data={columnModes.map((value) => ({ value, label: t(`forecast.columnModes.${value}`) }))}
      />
      <Select
        size="xs"
        w={170}
        aria-label={t('forecast.method')}
        allowDeselect={false}
        value={view.method}
        data={forecastMethods.map((value) => ({ value, label: t(`forecast.methods.${value}`) }))}
        onChange={(method) => {
          if (method !== null) change({ method });
        }}
      />
      <Select
        size="xs"
        w={150}
        aria-label={t('forecast.scenario')}
        allowDeselect={false}
        value={view.scenario}
        data={scenarioNames.map((value) => ({ value, label: t(`forecast.scenarios.${value}`) }))}
        onChange={(scenario) => {
          if (scenario !== null) change({ scenario });
        }}
      />
      {view.scenario === 'custom' ? (
        <NumberInput
          size="xs"
          w={86}
          min={0}
          max={500}
          suffix=" %"
          aria-label={t('forecast.customPercent')}
          value={view.customPercent}
          onChange={(value) => {
            if (typeof value === 'number') change({ customPercent: value });
          }}
        />
      ) : null}
      <Switch
        size="xs"
        label={t('forecast.sumQuotas')}
        checked={view.quotaBasis === 'sum'}
        onChange={(event) => change({ quotaBasis: event.currentTarget.checked ? 'sum' : 'own' })}
      />
    </>
  );
}
