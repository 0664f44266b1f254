// An entry of the audit in the user's words.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { entityOf } from '#shared/entities/registry.ts';
import { fieldsOfGroup } from '#shared/entities/define-entity.ts';
import { errorCatalogue } from '#shared/kernel/errors.ts';
import { DONE_OUTCOMES, type AuditLine } from '#shared/sync/audit-messages.ts';

/** What can be asked for by name; an entry may name others. */
export const auditCommands = [
  'createRecord',
  'updateRecord',
  'deleteRecord',
  'restoreRecord',
  'bulkUpdate',
  'updateRecords',
  'deleteRecords',
  'restoreRecords',
  'moveDeal',
  'closeDeal',
  'reopenDeal',
  'reassign',
  'logActivity',
  'completeTask',
  'reopenTask',
  'convertLead',
  'takeOtherValue',
  'keepValue',
  'saveView',
  'deleteView',
  'import',
  'undoImport',
  'shareRecord',
  'unshareRecord',
  'moveTerritory',
  'assignTerritories',
  'defineField',
  'writeFile',
  'readFile',
  'revealField',
  'giveOneTimePassword',
  'signIn',
  'signInAttempt.fail',
  'factor.add',
  'factor.remove',
  'factor.takeAway',
  'recoveryCodes.renew',
  'identity.confirm',
  'password.askReset',
  'password.reset',
  'integration.add',
  'integration.change',
  'integration.remove',
  'domain.add',
  'domain.verify',
  'domain.remove',
  'domain.passwordOff',
  'domain.passwordOn',
  'domain.keepPassword',
  'user.create',
  'user.link',
  'user.followRole',
  'endSession',
  'changePassword',
  'setOrganizationSettings',
  'exportPerson',
  'lead_exported',
  'deal_exported',
  'account_exported',
  'contact_exported',
  'activity_exported',
  'task_exported',
  'product_exported',
  'analytics_exported',
  'erasePerson',
  'restore',
  'announceMaintenance',
  'cancelMaintenance',
] as const;

export interface AuditWords {
  command(command: string): string;
  entity(entity: string): string;
  fields(line: AuditLine): string;
  outcome(outcome: string): string;
}

export function useAuditWords(): AuditWords {
  const { t } = useTranslation();
  const names = useNames();
  return useMemo(
    () => ({
      command: (command) => t(`settings.audit.commands.${command}`, { defaultValue: command }),
      entity: (entity) => {
        const definition = entityOf(entity);
        if (definition !== undefined) return names.entity(definition);
        return entity === 'organization' ? t('settings.audit.organization') : entity;
      },
      fields: ({ entity, groups }) => {
        const definition = entityOf(entity);
        if (definition === undefined) return groups.join(', ');
        const fieldsOf = (group: string): readonly string[] => {
          const fields = fieldsOfGroup(definition, group);
          return fields.length === 0 ? [group] : fields;
        };
        return groups
          .flatMap(fieldsOf)
          .map((field) => names.field(definition, field))
          .join(', ');
      },
      outcome: (outcome) => {
        if (DONE_OUTCOMES.some((known) => known === outcome)) return t(`settings.audit.done.${outcome}`);
        const why = Object.hasOwn(errorCatalogue, outcome) ? t(`errors.${outcome}`) : outcome;
        return t('settings.audit.refused', { why });
      },
    }),
    [t, names],
  );
}
