import { Alert, Button, Group, NumberInput, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useDefinitions } from '#renderer/app/store/definitions.ts';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import { NewFieldButton } from '#renderer/features/import/new-field-button.tsx';
import type { ReadFile } from '#renderer/features/import/read-table-file.ts';
import { Pill } from '#renderer/ui/pill.tsx';
import { isCustomizable } from '#shared/entities/custom-field/custom-slots.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import { planColumn, sampleOf } from '#shared/import/guess-mapping.ts';
import type { ColumnPlan, ImportPlan } from '#shared/import/import-plan.ts';
import classes from './import.module.css';

/** What a file can be about. */
export const importable: readonly EntityName[] = [
  'account',
  'contact',
  'lead',
  'deal',
  'product',
  'user',
  'activity',
  'task',
];
const CURRENCIES = ['EUR', 'USD', 'GBP', 'CHF', 'SEK', 'NOK', 'DKK', 'PLN', 'CZK', 'JPY', 'CAD', 'AUD'];

/** Which column is which field. Guesses are shown as guesses; everything can be changed. */
export function ColumnsStep(props: {
  readonly file: ReadFile;
  readonly plan: ImportPlan;
  readonly onPlan: (plan: ImportPlan) => void;
  readonly onEntity: (entity: EntityName) => void;
  readonly onBack: () => void;
  readonly onNext: () => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const format = useFormat();
  const { file, plan } = props;
  const definition = useDefinitions()[plan.entity];
  const modes = useFieldModes();
  const mayDefine = useCan()('create', entities.customField) && isCustomizable(plan.entity);
  const fields = Object.keys(definition.fields).filter(
    (field) =>
      modes.isKnown(definition, field) &&
      definition.fields[field]?.system !== true &&
      definition.fields[field]?.type !== 'json',
  );
  const mapped = plan.columns.flatMap((column) => (column.field === null ? [] : [column.field]));
  const hasMoney = mapped.some((field) => definition.fields[field]?.type === 'money');

  function change(index: number, part: Partial<ColumnPlan>): void {
    props.onPlan({
      ...plan,
      columns: plan.columns.map((column, at) => (at === index ? { ...column, ...part } : column)),
    });
  }

  return (
    <div className={classes.wide}>
      <Group gap="sm" mb="sm" align="end">
        <Select
          label={t('import.importAs')}
          w={200}
          data={importable.map((value) => ({ value, label: names.entities(entities[value]) }))}
          value={plan.entity}
          onChange={(entity) => {
            if (entity !== null) props.onEntity(entity);
          }}
        />
        <Select
          label={t('import.knownBy')}
          w={200}
          data={mapped
            .filter((field) => ['text', 'email'].includes(definition.fields[field]?.type ?? ''))
            .map((value) => ({ value, label: names.field(definition, value) }))}
          value={plan.matchBy[0] ?? null}
          clearable
          clearButtonProps={{ 'aria-label': t('common.clear') }}
          onChange={(field) => props.onPlan({ ...plan, matchBy: field === null ? [] : [field] })}
        />
        <Select
          label={t('import.onMatch')}
          w={240}
          data={(['update', 'merge', 'skip', 'create'] as const).map((value) => ({
            value,
            label: t(`import.match.${value}`),
          }))}
          value={plan.onMatch}
          onChange={(onMatch) => {
            if (onMatch !== null) props.onPlan({ ...plan, onMatch });
          }}
        />
        {hasMoney ? (
          <Select
            label={t('import.currency')}
            w={110}
            data={CURRENCIES}
            value={plan.currency}
            onChange={(currency) => props.onPlan({ ...plan, currency: currency ?? plan.currency })}
          />
        ) : null}
      </Group>
      <p className="op-muted">
        {t('import.fileFacts', {
          name: file.name,
          rows: format.number(file.table.rows.length),
          encoding: file.encoding,
        })}
      </p>
      {file.encodingProblem === null ? null : (
        <Alert color="yellow" mb="sm">
          {t(`import.encoding.${file.encodingProblem}`)}
        </Alert>
      )}
      <div className={classes.sheet}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('import.column')}</th>
              <th scope="col">{t('import.examples')}</th>
              <th scope="col">{t('import.field')}</th>
              <th scope="col">{t('import.sureness')}</th>
            </tr>
          </thead>
          <tbody>
            {plan.columns.map((column, index) => (
              <tr key={column.header}>
                <th scope="row">{column.header}</th>
                <td className={classes.examples}>{examplesOf(file, index).join(' · ')}</td>
                <td>
                  <Group gap={6} wrap="nowrap">
                    <Select
                      size="xs"
                      w={210}
                      aria-label={t('import.fieldFor', { column: column.header })}
                      placeholder={t('import.leaveOut')}
                      searchable
                      clearable
                      clearButtonProps={{ 'aria-label': t('common.clear') }}
                      data={fields
                        .filter((field) => field === column.field || !mapped.includes(field))
                        .map((value) => ({ value, label: names.field(definition, value) }))}
                      value={column.field}
                      onChange={(field) => change(index, { field, confidence: 1 })}
                    />
                    {column.field === null && mayDefine ? (
                      <NewFieldButton
                        entity={plan.entity}
                        column={column.header}
                        values={sampleOf(file.table, index)}
                        onField={(field) =>
                          change(index, planColumn(entities[plan.entity].fields[field], field, file.table, index))
                        }
                      />
                    ) : null}
                    {column.field !== null && definition.fields[column.field]?.type === 'money' ? (
                      <NumberInput
                        size="xs"
                        w={120}
                        aria-label={t('import.factor')}
                        prefix="× "
                        min={0}
                        thousandSeparator=" "
                        value={column.factor ?? 1}
                        onChange={(factor) => change(index, { factor: Number(factor) || 1 })}
                      />
                    ) : null}
                  </Group>
                </td>
                <td>{column.field === null ? null : <Sureness value={column.confidence ?? 0} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={props.onBack}>
          {t('common.back')}
        </Button>
        <Button onClick={props.onNext} disabled={mapped.length === 0}>
          {t('import.check')}
        </Button>
      </Group>
    </div>
  );
}

function Sureness(props: { readonly value: number }) {
  const { t } = useTranslation();
  if (props.value >= 0.9) return <Pill tone="good">{t('import.sure')}</Pill>;
  return <Pill tone="warn">{t('import.guess')}</Pill>;
}

function examplesOf(file: ReadFile, index: number): readonly string[] {
  const seen = new Set<string>();
  for (const row of file.table.rows) {
    const value = row[index] ?? '';
    if (value !== '') seen.add(value);
    if (seen.size === 3) break;
  }
  return [...seen];
}
