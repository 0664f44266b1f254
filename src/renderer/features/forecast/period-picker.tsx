import { ActionIcon, Group, Select } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { forecastPeriodKinds } from '#renderer/app/store/view-slice.ts';
import { FieldInput } from '#renderer/blocks/field-input.tsx';
import { periodName } from '#renderer/blocks/period-name.ts';
import { periodTypeOf, type ForecastViewState } from '#renderer/features/forecast/use-forecast-view.ts';
import { periodOf, shiftPeriod } from '#shared/kernel/periods.ts';
import { entities } from '#shared/entities/registry.ts';
import classes from './forecast.module.css';

/** A month, quarter or year with the way to those before and after, the next days, or any two days. */
export function PeriodPicker(props: { readonly state: ForecastViewState }) {
  const { t, i18n } = useTranslation();
  const { view, query, today, fiscalYearStart, change } = props.state;
  const type = periodTypeOf(view.periodKind);

  function move(count: number): void {
    if (type === null) return;
    const { start } = shiftPeriod(type, query.period, count);
    const present = periodOf(type, today, fiscalYearStart).start;
    change({ day: start === present ? null : start });
  }

  function setDay(name: 'start' | 'end', day: unknown): void {
    if (typeof day !== 'string') return;
    const next = { ...query.period, [name]: day };
    change({ custom: next.start <= next.end ? next : { start: day, end: day } });
  }

  return (
    <Group gap={4}>
      <Select
        size="xs"
        w={152}
        aria-label={t('forecast.periodKind')}
        allowDeselect={false}
        value={view.periodKind}
        data={forecastPeriodKinds.map((value) => ({ value, label: t(`forecast.periodKinds.${value}`) }))}
        onChange={(periodKind) => {
          if (periodKind !== null) change({ periodKind, day: null, custom: query.period });
        }}
      />
      {type === null ? null : (
        <>
          <ActionIcon variant="default" aria-label={t('forecast.before')} onClick={() => move(-1)}>
            <IconChevronLeft size={15} aria-hidden />
          </ActionIcon>
          <span className={classes.periodName} aria-live="polite">
            {periodName(type, query.period, i18n.language, fiscalYearStart)}
          </span>
          <ActionIcon variant="default" aria-label={t('forecast.after')} onClick={() => move(1)}>
            <IconChevronRight size={15} aria-hidden />
          </ActionIcon>
        </>
      )}
      {view.periodKind === 'custom'
        ? (['start', 'end'] as const).map((name) => (
            <FieldInput
              key={name}
              definition={entities.forecastSubmission}
              field={name === 'start' ? 'periodStart' : 'periodEnd'}
              value={query.period[name]}
              currency="EUR"
              isLabelHidden
              onChange={(day) => setDay(name, day)}
            />
          ))
        : null}
    </Group>
  );
}
