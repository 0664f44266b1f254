// The rule that puts accounts into a territory, edited as a whole and saved with one button.
import { Button, Group, NumberInput, SegmentedControl, Stack, Switch, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDefinitions } from '#renderer/app/store/definitions.ts';
import { ConditionRow } from '#renderer/blocks/condition-row.tsx';
import { conditionFields, newCondition } from '#renderer/blocks/filter-conditions.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { EMPTY_RULE, toFilter, toForm, type RuleForm } from '#renderer/features/settings/territories/rule-form.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { entities } from '#shared/entities/registry.ts';
import { isJsonEqual } from '#shared/kernel/json.ts';
import type { FieldFilter, Filter } from '#shared/query/filter.ts';
import { isFilter } from '#shared/query/is-filter.ts';
import classes from './territories.module.css';

export function TerritoryRule(props: {
  readonly record: LocalRecord;
  readonly isEditable: boolean;
  readonly save: (values: Readonly<Record<string, unknown>>) => void;
}) {
  const { t } = useTranslation();
  const { record } = props;
  const stored: Filter | null = isFilter(entities.account, record['ruleFilter']) ? record['ruleFilter'] : null;
  const storedForm = toForm(stored);
  const [edited, setEdited] = useState<RuleForm | null>(null);
  const form = edited ?? storedForm ?? EMPTY_RULE;
  const isChanged = edited !== null && !isJsonEqual(toFilter(edited), stored);
  const setConditions = (conditions: readonly FieldFilter[]): void => setEdited({ ...form, conditions });
  const order = typeof record['ruleOrder'] === 'number' ? record['ruleOrder'] : null;
  const [typedOrder, setTypedOrder] = useState<number | null | undefined>(undefined);
  const shownOrder = typedOrder === undefined ? order : typedOrder;

  return (
    <Panel title={t('territories.rule.title')}>
      <Stack gap={10}>
        {storedForm === null && edited === null ? (
          <Text size="sm" c="dimmed">
            {t('territories.rule.complex')}
          </Text>
        ) : null}
        <div className={classes.joined}>
          <span>{t('territories.rule.when')}</span>
          <SegmentedControl
            size="xs"
            aria-label={t('territories.rule.joined')}
            data={[
              { value: 'and', label: t('territories.rule.all') },
              { value: 'or', label: t('territories.rule.any') },
            ]}
            value={form.joined}
            onChange={(joined) => setEdited({ ...form, joined: joined === 'or' ? 'or' : 'and' })}
            disabled={!props.isEditable}
          />
        </div>
        <Conditions conditions={form.conditions} isEditable={props.isEditable} onChange={setConditions} />
        <span>{t('territories.rule.except')}</span>
        <Conditions
          conditions={form.exceptions}
          isEditable={props.isEditable}
          onChange={(exceptions) => setEdited({ ...form, exceptions })}
        />
        <Group align="end">
          <NumberInput
            w={150}
            label={t('territories.rule.order')}
            description={t('territories.rule.orderHint')}
            min={1}
            max={9999}
            allowDecimal={false}
            value={shownOrder ?? ''}
            onChange={(next) => setTypedOrder(typeof next === 'number' ? next : null)}
            onBlur={() => {
              if (shownOrder !== order) props.save({ ruleOrder: shownOrder });
              setTypedOrder(undefined);
            }}
            disabled={!props.isEditable}
          />
          <Switch
            label={t('territories.rule.toChildren')}
            checked={record['ruleToChildren'] === true}
            onChange={(event) => props.save({ ruleToChildren: event.currentTarget.checked })}
            disabled={!props.isEditable}
          />
        </Group>
        {props.isEditable ? (
          <Group gap={8}>
            <Button
              disabled={!isChanged}
              onClick={() => {
                props.save({ ruleFilter: toFilter(form) });
                setEdited(null);
              }}
            >
              {t('territories.rule.save')}
            </Button>
            {isChanged ? (
              <Button variant="default" onClick={() => setEdited(null)}>
                {t('common.cancel')}
              </Button>
            ) : null}
          </Group>
        ) : null}
      </Stack>
    </Panel>
  );
}

function Conditions(props: {
  readonly conditions: readonly FieldFilter[];
  readonly isEditable: boolean;
  readonly onChange: (conditions: readonly FieldFilter[]) => void;
}) {
  const { account } = useDefinitions();
  const { t } = useTranslation();
  const { conditions, onChange } = props;
  return (
    <fieldset disabled={!props.isEditable} style={{ border: 0, margin: 0, padding: 0 }}>
      <Stack gap={6}>
        {conditions.map((condition, index) => (
          <ConditionRow
            key={`${condition.field}-${String(index)}`}
            definition={account}
            fields={conditionFields(account)}
            condition={condition}
            onChange={(next) => onChange(conditions.map((part, at) => (at === index ? next : part)))}
            onRemove={() => onChange(conditions.filter((_, at) => at !== index))}
          />
        ))}
        {props.isEditable ? (
          <Button
            size="compact-sm"
            variant="subtle"
            style={{ alignSelf: 'start' }}
            leftSection={<IconPlus size={14} />}
            onClick={() => {
              const added = newCondition(account, conditions);
              if (added !== null) onChange([...conditions, added]);
            }}
          >
            {t('filter.add')}
          </Button>
        ) : null}
      </Stack>
    </fieldset>
  );
}
