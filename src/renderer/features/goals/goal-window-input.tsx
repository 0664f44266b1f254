import { ActionIcon, Group, Select } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { FieldInput } from '#renderer/blocks/field-input.tsx';
import { useGoalWords } from '#renderer/blocks/goals/use-goal-words.ts';
import { useOrganization } from '#renderer/blocks/use-organization.ts';
import { periodTypeOf, type GoalPartProps } from '#renderer/features/goals/goal-form.ts';
import { periodOf, shiftPeriod } from '#shared/kernel/periods.ts';
import { goalWindows } from '#shared/entities/goal/goal.ts';
import { entities } from '#shared/entities/registry.ts';

/** A month, quarter or year of the organization, or any days. */
export function GoalWindowInput(props: GoalPartProps) {
  const { t } = useTranslation();
  const names = useNames();
  const words = useGoalWords();
  const { fiscalYearStart } = useOrganization().figures;
  const { form, onChange } = props;
  const { window, windowType } = form;
  const type = periodTypeOf(windowType);
  return (
    <>
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <Select
          label={names.field(entities.goal, 'windowType')}
          w={150}
          allowDeselect={false}
          value={windowType}
          data={goalWindows.map((value) => ({ value, label: names.option(entities.goal, 'windowType', value) }))}
          onChange={(next) => {
            if (next === null) return;
            const period = periodTypeOf(next);
            onChange({
              windowType: next,
              window: period === null ? window : periodOf(period, window.start, fiscalYearStart),
            });
          }}
        />
        {type === null ? null : (
          <Group gap={4} wrap="nowrap" mb={4}>
            <ActionIcon
              variant="default"
              aria-label={t('forecast.before')}
              onClick={() => onChange({ window: shiftPeriod(type, window, -1) })}
            >
              <IconChevronLeft size={15} aria-hidden />
            </ActionIcon>
            <span aria-live="polite" style={{ minWidth: 110, textAlign: 'center', fontWeight: 560 }}>
              {words.window(windowType, window)}
            </span>
            <ActionIcon
              variant="default"
              aria-label={t('forecast.after')}
              onClick={() => onChange({ window: shiftPeriod(type, window, 1) })}
            >
              <IconChevronRight size={15} aria-hidden />
            </ActionIcon>
          </Group>
        )}
      </Group>
      {type === null ? (
        <Group grow>
          {(['startsOn', 'endsOn'] as const).map((field) => (
            <FieldInput
              key={field}
              definition={entities.goal}
              field={field}
              value={field === 'startsOn' ? window.start : window.end}
              currency="EUR"
              onChange={(day) => {
                if (typeof day !== 'string') return;
                const next = field === 'startsOn' ? { ...window, start: day } : { ...window, end: day };
                onChange({ window: next.start <= next.end ? next : { start: day, end: day } });
              }}
            />
          ))}
        </Group>
      ) : null}
    </>
  );
}
