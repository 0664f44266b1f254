import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import classes from '#renderer/blocks/field-lock.module.css';
import { useFieldRules } from '#renderer/blocks/use-field-rules.ts';
import { useRoleName } from '#renderer/blocks/use-role-name.ts';
import { explainField } from '#shared/access/compile-field-policy.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entities, entityOf } from '#shared/entities/registry.ts';

/** Why a role has this mode for a field, from the rules themselves: for administrators. */
export function FieldReasoning(props: { readonly role: string; readonly entity: EntityName; readonly field: string }) {
  const { t } = useTranslation();
  const names = useNames();
  const roleName = useRoleName();
  const rules = useFieldRules();
  if (rules === null) return null;
  const { mode, by, from } = explainField({ ...rules.data, role: props.role }, props.entity, props.field);
  const [fromEntity = '', fromField = ''] = (from ?? '').split('.');
  const source = entityOf(fromEntity);
  const words = {
    role: roleName({ role: props.role, ...rules.nameOf(props.role) }),
    mode: t(`fieldModes.${mode}`),
    field: names.field(entities[props.entity], props.field),
    source: source === undefined ? '' : names.field(source, fromField),
  };
  return (
    <div data-testid="field-reasoning">
      <strong>{t('fieldLock.reasoning')}</strong>
      <ul className={classes.reasons}>
        <li>{t(`fieldReasons.${by}`, words)}</li>
        <li>{t('fieldReasons.result', words)}</li>
      </ul>
    </div>
  );
}
