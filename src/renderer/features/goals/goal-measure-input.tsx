import { Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useDefinitions } from '#renderer/app/store/definitions.ts';
import { ConditionList } from '#renderer/blocks/condition-list.tsx';
import { conditionFields } from '#renderer/blocks/filter-conditions.ts';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import type { GoalPartProps } from '#renderer/features/goals/goal-form.ts';
import { countedEntities, goalMetrics } from '#shared/entities/goal/goal.ts';
import { entities } from '#shared/entities/registry.ts';

/** What is measured; of one's own making, which records are counted, and by which of their days. */
export function GoalMeasureInput(props: GoalPartProps) {
  const { t } = useTranslation();
  const names = useNames();
  const definitions = useDefinitions();
  const fieldModes = useFieldModes();
  const { form, onChange } = props;
  const { activity, goal } = entities;
  const definition = definitions[form.counted];
  const isKnown = (field: string): boolean => fieldModes.isKnown(definition, field);
  const dayFields = Object.entries(definition.fields).flatMap(([field, { type }]) =>
    (type === 'date' || type === 'dateTime') && isKnown(field) ? [field] : [],
  );
  return (
    <>
      <Select
        label={names.field(goal, 'metric')}
        allowDeselect={false}
        value={form.metric}
        data={goalMetrics.map((value) => ({ value, label: names.option(goal, 'metric', value) }))}
        onChange={(metric) => {
          if (metric !== null) onChange({ metric, target: null });
        }}
      />
      {form.metric === 'activities' ? (
        <Select
          label={names.field(activity, 'activityType')}
          clearable
          placeholder={t('goals.form.allTypes')}
          value={form.activityType}
          data={(activity.fields['activityType']?.options ?? []).map(({ value }) => ({
            value,
            label: names.option(activity, 'activityType', value),
          }))}
          onChange={(activityType) => onChange({ activityType })}
        />
      ) : null}
      {form.metric === 'recordCount' ? (
        <>
          <Select
            label={names.field(goal, 'countedEntity')}
            allowDeselect={false}
            value={form.counted}
            data={countedEntities.map((value) => ({ value, label: names.entities(entities[value]) }))}
            onChange={(counted) => {
              if (counted !== null) onChange({ counted, conditions: [], countedBy: 'createdAt' });
            }}
          />
          <ConditionList
            label={names.field(goal, 'filter')}
            definition={definition}
            fields={conditionFields(definition).filter(isKnown)}
            conditions={form.conditions}
            isStacked
            onChange={(conditions) => onChange({ conditions })}
          />
          <Select
            label={names.field(goal, 'countedBy')}
            description={t('goals.form.countedByHint')}
            allowDeselect={false}
            value={form.countedBy}
            data={['createdAt', ...dayFields].map((value) => ({ value, label: names.field(definition, value) }))}
            onChange={(countedBy) => {
              if (countedBy !== null) onChange({ countedBy });
            }}
          />
        </>
      ) : null}
    </>
  );
}
