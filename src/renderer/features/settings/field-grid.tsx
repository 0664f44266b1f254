import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import type { KnownRules } from '#renderer/blocks/use-field-rules.ts';
import type { FieldRuleCommands } from '#renderer/features/settings/use-field-rule-commands.ts';
import { useRoles } from '#renderer/features/settings/use-roles.ts';
import { explainField, type FieldReason } from '#shared/access/compile-field-policy.ts';
import { fieldModes, type FieldMode } from '#shared/access/field-policy.ts';
import { isGoverned, isUnrestrictedRole } from '#shared/access/governed-fields.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';
import classes from './settings.module.css';

const BY_DEFAULT = '';

/** Role by field: what holds, and a choice of the four modes. */
export function FieldGrid(props: {
  readonly definition: EntityDefinition;
  readonly rules: KnownRules;
  readonly isRestrictedOnly: boolean;
  readonly commands: FieldRuleCommands;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const { definition, rules } = props;
  const roles = useRoles().filter(({ id }) => !isUnrestrictedRole(id));
  const reasonOf = (role: string, field: string): FieldReason =>
    explainField({ ...rules.data, role }, definition.name, field);
  /** What holds without a rule of its own, and why. */
  const otherwise = (role: string, field: string): string => {
    const others = rules.data.rules.filter(
      (rule) => rule.role !== role || rule.entity !== definition.name || rule.field !== field,
    );
    const { mode, by } = explainField({ ...rules.data, rules: others, role }, definition.name, field);
    return t('settings.fields.byDefault', { mode: t(`fieldModes.${mode}`), why: t(`fieldReasons.tag.${by}`) });
  };
  const fields = Object.keys(definition.fields).filter((field) => {
    const isRestricted = roles.some(({ id }) => reasonOf(id, field).mode !== 'edit');
    return isGoverned(definition, field) && (!props.isRestrictedOnly || isRestricted);
  });
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">{t('settings.fields.field')}</th>
          {roles.map((role) => (
            <th key={role.id} scope="col">
              {role.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => (
          <tr key={field}>
            <th scope="row">{names.field(definition, field)}</th>
            {roles.map((role) => {
              const reason = reasonOf(role.id, field);
              return (
                <td key={role.id} data-mode={reason.mode}>
                  <NativeSelect
                    size="xs"
                    aria-label={t('settings.fields.cell', { field: names.field(definition, field), role: role.name })}
                    title={t(`fieldReasons.short.${reason.by}`)}
                    data-by={reason.by}
                    className={classes.mode}
                    value={reason.by === 'rule' ? reason.mode : BY_DEFAULT}
                    data={[
                      { value: BY_DEFAULT, label: otherwise(role.id, field) },
                      ...fieldModes.toReversed().map((value) => ({ value, label: t(`fieldModes.${value}`) })),
                    ]}
                    onChange={(event) => {
                      const { value } = event.currentTarget;
                      const mode = value === BY_DEFAULT ? null : (value as FieldMode);
                      void props.commands.setMode(role.id, definition.name, field, mode);
                    }}
                  />
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
