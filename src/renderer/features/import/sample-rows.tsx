import { useTranslation } from 'react-i18next';
import { useDefinitions } from '#renderer/app/store/definitions.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useFieldText } from '#renderer/blocks/field-text.ts';
import { useStageLabels } from '#renderer/blocks/use-pipelines.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import type { AnyRecord } from '#shared/entities/define-entity.ts';
import type { ImportPlan, ImportRow } from '#shared/import/import-plan.ts';
import classes from './import.module.css';
import type { Labels } from '#shared/query/live-answer.ts';

/** The first rows as the records they would become. */
export function SampleRows(props: {
  readonly rows: readonly ImportRow[];
  readonly labels: Labels;
  readonly plan: ImportPlan;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const fieldText = useFieldText();
  const stageLabels = useStageLabels();
  const definition = useDefinitions()[props.plan.entity];
  const rows = props.rows.filter((row) => row.entity === props.plan.entity);
  if (rows.length === 0) return null;
  const fields = props.plan.columns.flatMap((column) => (column.field === null ? [] : [column.field]));
  const labels = { ...stageLabels, ...props.labels };
  return (
    <Panel title={t('import.sample')}>
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className={classes.scroll} tabIndex={0} role="region" aria-label={t('import.sample')}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('import.row')}</th>
              <th scope="col">{t('import.action')}</th>
              {fields.map((field) => (
                <th key={field} scope="col">
                  {names.field(definition, field)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <td>{row.row}</td>
                <td>{t(`import.actions.${row.action}`)}</td>
                {fields.map((field) => (
                  <td key={field}>{fieldText(definition, row.values as unknown as AnyRecord, field, labels)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
