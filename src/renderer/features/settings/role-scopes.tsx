import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import type { ShownRole } from '#renderer/features/settings/use-roles.ts';
import { cellOf, recordActions, recordScopes, type RecordScope, type ScopeTable } from '#shared/access/role-shape.ts';
import type { EntityName } from '#shared/entities/define-entity.ts';
import { entities } from '#shared/entities/registry.ts';
import classes from './settings.module.css';

/** Kinds of records an organization decides about; the rest Outpost keeps itself. */
const shownEntities: readonly EntityName[] = [
  'account',
  'contact',
  'lead',
  'deal',
  'activity',
  'task',
  'product',
  'pipeline',
  'territory',
  'team',
  'user',
];

/** How far each right reaches, per kind of record. */
export function RoleScopes(props: {
  readonly role: ShownRole;
  readonly isEditable: boolean;
  readonly onChange: (scopes: ScopeTable) => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const { scopes } = props.role.grants;
  return (
    <section aria-label={t('settings.roles.reach')}>
      <div className={classes.sectionHead}>
        <h3>{t('settings.roles.reach')}</h3>
      </div>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('settings.roles.records')}</th>
            {recordActions.map((action) => (
              <th key={action} scope="col">
                {t(`settings.roles.actions.${action}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shownEntities.map((entity) => (
            <tr key={entity}>
              <th scope="row">{names.entities(entities[entity])}</th>
              {recordActions.map((action) => {
                const scope = cellOf(scopes, entity, action);
                if (!props.isEditable) {
                  return (
                    <td key={action} data-scope={scope}>
                      {scope === 'none' ? <span className="op-muted">–</span> : t(`settings.roles.scopes.${scope}`)}
                    </td>
                  );
                }
                return (
                  <td key={action}>
                    <NativeSelect
                      size="xs"
                      aria-label={`${names.entities(entities[entity])}: ${t(`settings.roles.actions.${action}`)}`}
                      value={scope}
                      data={recordScopes.map((value) => ({ value, label: t(`settings.roles.scopes.${value}`) }))}
                      onChange={(event) =>
                        props.onChange({
                          ...scopes,
                          [entity]: { ...scopes[entity], [action]: event.currentTarget.value as RecordScope },
                        })
                      }
                    />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
