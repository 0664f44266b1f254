// The rule that puts accounts into a territory, in words, for whoever may not change it.
import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useDefinitions } from '#renderer/app/store/definitions.ts';
import { useFieldText } from '#renderer/blocks/field-text.ts';
import { useOrganization } from '#renderer/blocks/use-organization.ts';
import { useTitles } from '#renderer/blocks/use-titles.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { toForm } from '#renderer/features/settings/territories/rule-form.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import { entities } from '#shared/entities/registry.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { Filter } from '#shared/query/filter.ts';
import { conditionsInWords, conditionsOf, valuesOf } from '#shared/words/filter-words.ts';
import classes from './territories.module.css';

export function TerritoryRuleText(props: { readonly record: LocalRecord; readonly rule: Filter }) {
  const { t } = useTranslation();
  const { record, rule } = props;
  const inWords = useRuleWords(record, rule);
  // A rule of more levels is one sentence.
  const form = toForm(rule) ?? { joined: 'and', conditions: [rule], exceptions: [] };
  const isSeveral = form.conditions.length > 1;
  const order = typeof record['ruleOrder'] === 'number' ? `${t('territories.rule.order')}: ${record['ruleOrder']}` : '';
  const reach = record['ruleToChildren'] === true ? t('territories.rule.toChildren') : '';
  return (
    <Panel title={t('territories.rule.title')}>
      <Stack gap={8}>
        <p className={classes.ruleLine}>
          {t('territories.rule.when')}
          {isSeveral ? ` ${t(form.joined === 'or' ? 'territories.rule.any' : 'territories.rule.all')}` : ''}:
        </p>
        <Lines lines={form.conditions.map(inWords)} />
        {form.exceptions.length === 0 ? null : (
          <>
            <p className={classes.ruleLine}>{t('territories.rule.except')}:</p>
            <Lines lines={form.exceptions.map(inWords)} />
          </>
        )}
        {[order, reach]
          .filter((text) => text !== '')
          .map((text) => (
            <p key={text} className={classes.ruleLine}>
              {text}
            </p>
          ))}
      </Stack>
    </Panel>
  );
}

function Lines(props: { readonly lines: readonly string[] }) {
  return (
    <ul className={classes.ruleLines}>
      {props.lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

/** How conditions about accounts read, with the names of the records they mention. */
function useRuleWords(record: LocalRecord, rule: Filter): (condition: Filter) => string {
  const { t } = useTranslation();
  const names = useNames();
  const fieldText = useFieldText();
  const { account } = useDefinitions();
  const { currency } = useOrganization().figures;
  const titles = useTitles(
    conditionsOf(rule).flatMap((condition) => {
      const to = account.fields[condition.field]?.to;
      return to === undefined
        ? []
        : valuesOf(condition).map((id) => ({ coll: entities[to].collection, id: textOf(id) }));
    }),
  );
  const labels = Object.fromEntries([...titles.values()].map(({ id, title }) => [id, title]));
  return (condition) =>
    conditionsInWords(t, condition, {
      field: (field) => names.field(account, field),
      value(field, value) {
        const isList = ['multiSelect', 'tags'].includes(account.fields[field]?.type ?? '');
        return fieldText(account, { ...record, currency, [field]: isList ? [value] : value }, field, labels);
      },
    });
}
