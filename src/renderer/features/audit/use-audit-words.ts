// An entry of the audit in the user's words.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '#renderer/app/format/format.ts';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useOutcomeText } from '#renderer/blocks/use-outcome-text.ts';
import { titleOfLine } from '#renderer/features/audit/line-title.ts';
import { entityOf } from '#shared/entities/registry.ts';
import { fieldsOfGroup } from '#shared/entities/define-entity.ts';
import type { AuditLine } from '#shared/sync/audit-messages.ts';

export interface AuditWords {
  command(command: string): string;
  entity(entity: string): string;
  /** One field of a kind of record, or of something else. */
  field(entity: string, field: string): string;
  fields(line: AuditLine): string;
  /** What the record is called; empty where there is none. */
  title(line: AuditLine): string;
  outcome(outcome: string): string;
}

export function useAuditWords(): AuditWords {
  const { t } = useTranslation();
  const names = useNames();
  const format = useFormat();
  const outcome = useOutcomeText();
  return useMemo(
    () => ({
      command: (command) => t(`settings.audit.commands.${command}`, { defaultValue: command }),
      entity: (entity) => {
        const definition = entityOf(entity);
        if (definition !== undefined) return names.entity(definition);
        return t(`settings.audit.entities.${entity}`, { defaultValue: entity });
      },
      field(entity, field) {
        const definition = entityOf(entity);
        return definition === undefined ? field : names.field(definition, field);
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
      title: (line) => titleOfLine(line, { names, day: (day) => format.day(day), unseen: t('audit.entries.unseen') }),
      outcome,
    }),
    [t, names, format, outcome],
  );
}
