// The rule that puts accounts into a territory, edited as a whole and saved with one button.
import { Button, Group, NumberInput, SegmentedControl, Stack, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDefinitions } from '#renderer/app/store/definitions.ts';
import { ConditionList } from '#renderer/blocks/condition-list.tsx';
import { conditionFields } from '#renderer/blocks/filter-conditions.ts';
import { useTypedForm } from '#renderer/blocks/typed-forms.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { EMPTY_RULE, toFilter, toForm, type RuleForm } from '#renderer/features/settings/territories/rule-form.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { isJsonEqual } from '#shared/kernel/json.ts';
import type { Filter } from '#shared/query/filter.ts';
import { isUnfinished } from '#shared/query/unfinished.ts';
import classes from './territories.module.css';

export function TerritoryRule(props: {
  readonly record: LocalRecord;
  readonly rule: Filter | null;
  readonly save: (values: Readonly<Record<string, unknown>>) => void;
}) {
  const { t } = useTranslation();
  const { account } = useDefinitions();
  const { record } = props;
  const storedForm = toForm(props.rule);
  const [edited, setEdited] = useState<RuleForm | null>(null);
  const form = edited ?? storedForm ?? EMPTY_RULE;
  const isChanged = edited !== null && !isJsonEqual(toFilter(edited), props.rule);
  useTypedForm(isChanged);
  const isFinished = ![...form.conditions, ...form.exceptions].some(isUnfinished);
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
          />
        </div>
        <ConditionList
          label={t('territories.rule.when')}
          definition={account}
          fields={conditionFields(account)}
          conditions={form.conditions}
          onChange={(conditions) => setEdited({ ...form, conditions })}
        />
        <span>{t('territories.rule.except')}</span>
        <ConditionList
          label={t('territories.rule.except')}
          definition={account}
          fields={conditionFields(account)}
          conditions={form.exceptions}
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
          />
          <Switch
            label={t('territories.rule.toChildren')}
            checked={record['ruleToChildren'] === true}
            onChange={(event) => props.save({ ruleToChildren: event.currentTarget.checked })}
          />
        </Group>
        <Group gap={8}>
          <Button
            disabled={!isChanged || !isFinished}
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
      </Stack>
    </Panel>
  );
}
