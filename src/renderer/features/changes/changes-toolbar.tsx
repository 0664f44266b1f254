import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { closePeriods, sinceChoices } from '#renderer/app/store/view-slice.ts';
import { DayInput } from '#renderer/blocks/day-input.tsx';
import { ReferenceInput } from '#renderer/blocks/reference-input.tsx';
import { usePipelines } from '#renderer/blocks/use-pipelines.ts';
import type { ChangesState } from '#renderer/features/changes/use-changes-view.ts';

/** From when to when, and which deals. */
export function ChangesToolbar(props: { readonly state: ChangesState }) {
  const { t } = useTranslation();
  const pipelines = usePipelines();
  const { view, from, to, today, scope, change } = props.state;
  return (
    <>
      <Select
        size="xs"
        w={170}
        aria-label={t('changes.since')}
        allowDeselect={false}
        value={view.since}
        data={sinceChoices.map((value) => ({
          value,
          label: value === 'custom' ? t('changes.otherDay') : t(`past.choices.${value}`),
        }))}
        onChange={(since) => {
          if (since !== null) change({ since, from });
        }}
      />
      {view.since === 'custom' ? (
        <DayInput
          size="xs"
          w={120}
          aria-label={t('changes.from')}
          value={from}
          maxDate={to}
          onChange={(day) => {
            if (day !== null) change({ from: day });
          }}
        />
      ) : null}
      <DayInput
        size="xs"
        w={130}
        aria-label={t('changes.to')}
        placeholder={t('past.now')}
        clearable
        value={view.to}
        minDate={from}
        maxDate={today}
        onChange={(day) => change({ to: day === today ? null : day })}
      />
      <Select
        size="xs"
        w={190}
        aria-label={t('changes.closing')}
        allowDeselect={false}
        value={view.closing}
        data={closePeriods.map((value) => ({ value, label: t(`changes.closings.${value}`) }))}
        onChange={(closing) => {
          if (closing !== null) change({ closing, closingDays: scope.period });
        }}
      />
      {view.closing === 'custom' && scope.period !== null
        ? (['start', 'end'] as const).map((end) => (
            <DayInput
              key={end}
              size="xs"
              w={120}
              aria-label={t(`changes.closingDays.${end}`)}
              value={scope.period?.[end] ?? null}
              onChange={(day) => {
                if (day === null || scope.period === null) return;
                const next = { ...scope.period, [end]: day };
                change({ closingDays: next.start <= next.end ? next : { start: day, end: day } });
              }}
            />
          ))
        : null}
      {(['user', 'team'] as const).map((entity) => {
        const name = entity === 'user' ? 'owner' : entity;
        return (
          <div key={entity} style={{ width: 150 }}>
            <ReferenceInput
              entity={entity}
              size="xs"
              placeholder={t(`dashboards.filters.${name}`)}
              ariaLabel={t(`dashboards.filters.${name}`)}
              value={view[name]}
              onChange={(id) => change({ [name]: id === '' ? null : id })}
            />
          </div>
        );
      })}
      {pipelines.length > 1 ? (
        <Select
          size="xs"
          w={140}
          clearable
          placeholder={t('dashboards.filters.pipeline')}
          aria-label={t('dashboards.filters.pipeline')}
          data={pipelines.map(({ id, name }) => ({ value: id, label: name }))}
          value={view.pipeline}
          onChange={(pipeline) => change({ pipeline })}
        />
      ) : null}
    </>
  );
}
