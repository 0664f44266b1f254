import { Alert, Button, Group, MultiSelect, NumberInput, Select, Stack, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FormDialog } from '#renderer/blocks/form-dialog.tsx';
import { useLive } from '#renderer/data/use-data.ts';
import { useAlertWords } from '#renderer/features/operations/alert-words.ts';
import { useChange } from '#renderer/blocks/use-change.ts';
import {
  alertMetricNames,
  alertMetrics,
  SERVICE_LEVEL_MINUTES,
  type AlertMetric,
  type AlertRule,
} from '#shared/observe/alert-rules.ts';
import { textOf } from '#shared/kernel/text-of.ts';

const windows = [5, 10, 30, 60, 1440, SERVICE_LEVEL_MINUTES] as const;

export function newRule(): AlertRule {
  return {
    id: crypto.randomUUID(),
    name: '',
    metric: 'errorRate',
    comparison: 'above',
    limit: 5,
    windowMinutes: 10,
    severity: 'warning',
    recipientIds: [],
    isOn: true,
  };
}

export function RuleDialog(props: {
  readonly rule: AlertRule;
  readonly isKnown: boolean;
  readonly isBuiltIn: boolean;
  readonly isOperator: boolean;
  readonly onClose: () => void;
  readonly onSaved: () => void;
}) {
  const { t } = useTranslation();
  const words = useAlertWords();
  const [rule, setRule] = useState(props.rule);
  const { change, isRunning, error } = useChange(props.onSaved);
  const { data } = useLive('list', {
    entity: 'user',
    sort: [{ field: 'name', direction: 'asc' }],
    offset: 0,
    limit: 500,
  });
  const users = (data?.rows ?? [])
    .filter((user) => user['isActive'] !== false)
    .map((user) => ({ value: user.id, label: textOf(user['name']) }));
  const set = (part: Partial<AlertRule>): void => setRule((known) => ({ ...known, ...part }));
  const offered = alertMetricNames.filter(
    (metric) => props.isOperator || alertMetrics[metric].scope === 'organization',
  );
  const select = <Value extends string>(
    label: string,
    value: Value,
    options: readonly { readonly value: Value; readonly label: string }[],
    onChange: (value: Value) => void,
    isFixed = false,
  ) => (
    <Select
      label={label}
      value={value}
      allowDeselect={false}
      disabled={isFixed}
      data={[...options]}
      onChange={(chosen) => {
        const found = options.find((option) => option.value === chosen);
        if (found !== undefined) onChange(found.value);
      }}
    />
  );
  return (
    <FormDialog
      isOpen
      title={t(props.isKnown ? 'operations.alerts.edit' : 'operations.alerts.add')}
      isTyped={JSON.stringify(rule) !== JSON.stringify(props.rule)}
      onClose={props.onClose}
    >
      {(cancel) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void change('operations.saveRule', rule);
          }}
        >
          <Stack gap="sm">
            {error === null ? null : (
              <Alert color="yellow" role="alert">
                {error}
              </Alert>
            )}
            <TextInput
              label={t('operations.alerts.name')}
              placeholder={t(`operations.metrics.${rule.metric}`)}
              maxLength={120}
              value={rule.name}
              onChange={(event) => set({ name: event.currentTarget.value })}
            />
            {select<AlertMetric>(
              t('operations.alerts.metric'),
              rule.metric,
              offered.map((value) => ({ value, label: t(`operations.metrics.${value}`) })),
              (metric) => set({ metric }),
              props.isBuiltIn,
            )}
            <Group grow align="flex-start">
              {select(
                t('operations.alerts.comparison'),
                rule.comparison,
                (['above', 'below'] as const).map((value) => ({ value, label: t(`operations.alerts.is.${value}`) })),
                (comparison) => set({ comparison }),
              )}
              <NumberInput
                label={t('operations.alerts.limit', {
                  unit: t(`operations.unitNames.${alertMetrics[rule.metric].unit}`),
                })}
                min={0}
                max={1_000_000_000}
                value={rule.limit}
                onChange={(value) => set({ limit: Number(value) })}
              />
            </Group>
            {select(
              t('operations.alerts.columns.window'),
              String(rule.windowMinutes),
              [...new Set<number>([...windows, rule.windowMinutes])].map((minutes) => ({
                value: String(minutes),
                label: words.window(minutes),
              })),
              (minutes) => set({ windowMinutes: Number(minutes) }),
            )}
            {select(
              t('operations.alerts.severity'),
              rule.severity,
              (['warning', 'critical'] as const).map((value) => ({ value, label: t(`operations.severity.${value}`) })),
              (severity) => set({ severity }),
            )}
            <MultiSelect
              label={t('operations.alerts.recipients')}
              description={t('operations.alerts.recipientsText')}
              searchable
              clearable
              clearButtonProps={{ 'aria-label': t('common.clear') }}
              data={users}
              value={rule.recipientIds}
              onChange={(recipientIds) => set({ recipientIds })}
            />
            <Switch
              label={t('operations.alerts.isOn')}
              checked={rule.isOn}
              onChange={(event) => set({ isOn: event.currentTarget.checked })}
            />
            <Group justify="space-between">
              {props.isKnown ? (
                <Button
                  variant="default"
                  disabled={isRunning}
                  onClick={() => void change('operations.forgetRule', { id: rule.id })}
                >
                  {t(props.isBuiltIn ? 'operations.alerts.reset' : 'operations.alerts.remove')}
                </Button>
              ) : (
                <span />
              )}
              <Group gap="xs">
                <Button variant="default" onClick={cancel}>
                  {t('common.cancel')}
                </Button>
                <Button type="submit" loading={isRunning}>
                  {t('common.save')}
                </Button>
              </Group>
            </Group>
          </Stack>
        </form>
      )}
    </FormDialog>
  );
}
