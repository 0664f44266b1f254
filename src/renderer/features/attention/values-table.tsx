import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useFieldText } from '#renderer/blocks/field-text.ts';
import { RecordName } from '#renderer/blocks/record-name.tsx';
import { isJsonEqual } from '#shared/kernel/json.ts';
import { useStageLabels } from '#renderer/blocks/use-pipelines.ts';
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';
import classes from './attention.module.css';
import type { Labels } from '#shared/query/live-answer.ts';

type Values = Readonly<Record<string, unknown>>;

/** Several versions of the same fields side by side. */
export function ValuesTable(props: {
  readonly definition: EntityDefinition;
  readonly labels: Labels;
  readonly columns: readonly {
    readonly id: string;
    readonly title: string;
    readonly note?: string;
    readonly values: Values;
  }[];
  /** Fields that carry no meaning for people (bookkeeping of the group) are left out. */
  readonly currency?: string;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const fieldText = useFieldText();
  const stageLabels = useStageLabels();
  const { definition } = props;
  const fields = [...new Set(props.columns.flatMap((column) => Object.keys(column.values)))].filter((field) => {
    const found = definition.fields[field];
    if (found === undefined || found.system === true || found.type === 'json') return false;
    // Of a group that moves as a whole, only what is at issue is of interest.
    const [first, ...others] = props.columns.map((column) => column.values[field] ?? null);
    return others.length === 0 || others.some((value) => !isJsonEqual(value, first ?? null));
  });
  const text = (values: Values, field: string): string => {
    const record = { currency: props.currency ?? 'EUR', ...values } as unknown as AnyRecord;
    return fieldText(definition, record, field, { ...stageLabels, ...props.labels });
  };
  const isNameless = (value: unknown, field: string): boolean =>
    definition.fields[field]?.to !== undefined && typeof value === 'string' && props.labels[value] === undefined;
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">{t('attention.field')}</th>
          {props.columns.map((column) => (
            <th key={column.id} scope="col">
              {column.title}
              {column.note === undefined ? null : <span className={classes.note}> {column.note}</span>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => (
          <tr key={field}>
            <th scope="row">{names.field(definition, field)}</th>
            {props.columns.map((column) => (
              <td key={column.id} data-selectable data-field={field}>
                {!(field in column.values) ? null : isNameless(column.values[field], field) ? (
                  <RecordName entity={definition.fields[field]?.to ?? 'user'} id={String(column.values[field])} />
                ) : (
                  text(column.values, field) || t('attention.empty_value')
                )}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
