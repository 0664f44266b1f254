import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { Panel } from '#renderer/ui/panel.tsx';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import type { RowError } from '#shared/import/import-plan.ts';
import classes from './import.module.css';

const SHOWN = 100;

export function RowErrors(props: {
  readonly errors: readonly RowError[];
  readonly entity: EntityName;
  readonly title: string;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const errorText = useErrorText();

  function reasonOf({ code, facts, refusal, message }: RowError): string {
    if (refusal !== undefined) return errorText(refusal);
    return code === undefined ? message : t(`problems.${code}`, { ...facts, defaultValue: message });
  }

  if (props.errors.length === 0) return null;
  return (
    <Panel title={props.title}>
      <table className={classes.table} data-testid="import-errors">
        <thead>
          <tr>
            <th scope="col">{t('import.row')}</th>
            <th scope="col">{t('import.field')}</th>
            <th scope="col">{t('import.value')}</th>
            <th scope="col">{t('import.reason')}</th>
          </tr>
        </thead>
        <tbody>
          {props.errors.slice(0, SHOWN).map((error) => (
            <tr key={`${String(error.row)}|${error.field}|${error.value}|${error.message}`}>
              <td>{error.row === 0 ? '' : error.row}</td>
              <td>{names.field(entities[props.entity], error.field)}</td>
              <td data-selectable>{error.value}</td>
              <td>{reasonOf(error)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {props.errors.length > SHOWN ? (
        <p className="op-muted">{t('import.moreErrors', { count: props.errors.length - SHOWN })}</p>
      ) : null}
    </Panel>
  );
}
